/**
 * The lock and the profiles’ settings of the fake core. The passphrase is always “passphrase”; a proxy with `refuses` in
 * its name refuses, a host with `expired` or `foreign` has a certificate that nobody trusts.
 */
import type { Code, Failure, NetworkFinding, NetworkLayer, NetworkStep, Profile, ProfileEdit, SecurityView } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const PASSPHRASE = 'passphrase';

const refuse = (code: Code, detail = ''): never => {
  throw { code, detail } satisfies Failure;
};

const check = (passphrase: string | null) => (passphrase === PASSPHRASE ? undefined : refuse({ type: 'wrongPassphrase' }));

const LAYERS: [NetworkLayer, NetworkFinding][] = [['name', 'resolved'], ['connect', 'connected'], ['proxy', 'noProxy'], ['tls', 'secure'], ['api', 'answers'], ['key', 'accepted']];

/** What each layer would say; behind the first that fails nothing is reached. */
function walk(host: string, edit: ProfileEdit, secret: string | null): NetworkStep[] {
  const proxied = edit.proxy.type === 'manual' ? edit.proxy.url : null;
  let broken = false;
  return LAYERS.map(([layer, usual]): NetworkStep => {
    const step = (result: NetworkStep['result'], finding: NetworkFinding, detail = '', date: string | null = null): NetworkStep => {
      if (result === 'failed') broken = true;
      return { layer, result, finding, host, date, detail, tookMs: result === 'skipped' ? null : 24 };
    };
    if (broken) return step('skipped', 'notReached');
    if (layer === 'connect' && /offline/.test(host)) return step('failed', 'noConnection', `${host}:443: connection refused`);
    if (layer === 'proxy' && proxied) return /refuses/.test(proxied) ? step('failed', 'proxyRefuses', 'tunnel error: unsuccessful') : step('ok', 'throughProxy', proxied);
    if (layer === 'proxy') return step('skipped', 'noProxy');
    if (layer === 'tls' && /expired/.test(host)) return step('failed', 'expired', 'invalid peer certificate', '2026-10-02T00:00:00Z');
    if (layer === 'tls' && /foreign/.test(host) && edit.certificate.type !== 'set') return step('failed', 'unknownIssuer', 'invalid peer certificate: UnknownIssuer');
    if (layer === 'key' && secret === null) return step('skipped', 'noKey');
    if (layer === 'key' && /^refused/.test(secret ?? '')) return step('failed', 'keyRefused', '401');
    return step('ok', usual, layer === 'name' ? `${host} → 203.0.113.7` : '');
  });
}

type Security = Pick<Ipc, 'updateProfile' | 'orderProfiles' | 'testConnection' | 'pickCertificate' | 'exportProfiles' | 'importProfiles' | 'getSecurity' | 'lockNow' | 'unlock'
  | 'noteActivity' | 'setIdleMinutes' | 'setAppPassphrase' | 'createVault' | 'changeVaultPassphrase' | 'closeVault' | 'eraseVault' | 'keepForThisRun'>;

export function fakeSecurity(core: FakeCore): Security {
  const change = (security: Partial<SecurityView>): SecurityView => {
    core.security = { ...core.security, ...security };
    core.changed();
    return core.security;
  };
  const settle = (kept: 'keystore' | 'vault') => {
    core.profiles = core.profiles.map((profile) => (profile.credential?.kind === 'apiKey' && profile.kind === 'platform' ? { ...profile, credential: { ...profile.credential, kept } } : profile));
    core.profile = core.profiles.find(({ id }) => id === core.profile?.id) ?? null;
    if (core.lock === 'keystore') core.lock = null;
  };
  return {
    updateProfile: (id, edit) => core.answer(() => {
      const before = core.profiles.find((profile) => profile.id === id) ?? refuse({ type: 'notFound', message: null });
      const certificate = edit.certificate.type === 'keep' ? before.certificate : edit.certificate.type === 'remove' ? null : { count: 1, sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' };
      const proxy: Profile['proxy'] = edit.proxy.type === 'manual' ? { ...edit.proxy, hasLogin: edit.login.type === 'set' } : edit.proxy;
      const after: Profile = { ...before, name: edit.name || before.name, hue: edit.hue ?? before.hue, purpose: edit.purpose, safety: edit.safety, proxy, certificate };
      core.profiles = core.profiles.map((profile) => (profile.id === id ? after : profile));
      if (core.profile?.id === id) core.profile = after;
      core.changed();
      return after;
    }),
    orderProfiles: (ids) => core.answer(() => {
      core.profiles = [...core.profiles].sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
      core.changed();
      return core.profiles;
    }),
    testConnection: async (id, baseUrl, edit, secret, onStep) => {
      const { host } = new URL(baseUrl);
      const steps = walk(host, edit, secret?.[1] ?? (id ? 'kept' : null));
      for (const step of steps) await core.answer(() => { onStep(step); });
      return steps;
    },
    pickCertificate: () => core.answer(() => ({ count: 1, sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })),
    exportProfiles: () => core.answer(() => true),
    importProfiles: () => core.answer(() => ({
      added: ['Harbour'], known: ['Northwind support'], refused: [{ place: 3, failure: { code: { type: 'badAddress', problem: 'notSecure' }, detail: 'not a usable base URL' } }],
    })),
    getSecurity: () => core.answer(() => core.security),
    lockNow: () => core.answer(() => {
      core.lock = core.security.place === 'vault' ? 'vault' : 'app';
      change({ locked: true });
    }),
    unlock: (passphrase) => core.answer(() => {
      if (core.security.asksPassphrase) check(passphrase);
      core.lock = null;
      change({ locked: false });
      return core.session();
    }),
    noteActivity: () => Promise.resolve(),
    setIdleMinutes: (idleMinutes) => core.answer(() => change({ idleMinutes })),
    setAppPassphrase: (old, next) => core.answer(() => {
      if (core.security.asksPassphrase) check(old);
      return change({ asksPassphrase: next !== null });
    }),
    createVault: () => core.answer(() => {
      settle('vault');
      return change({ place: 'vault', asksPassphrase: true });
    }),
    changeVaultPassphrase: (old) => core.answer(() => {
      check(old);
      return core.security;
    }),
    closeVault: (passphrase) => core.answer(() => {
      check(passphrase);
      if (core.security.keystore.type === 'unavailable') refuse({ type: 'keystore' }, core.security.keystore.detail);
      settle('keystore');
      return change({ place: 'keystore', asksPassphrase: false });
    }),
    eraseVault: () => core.answer(() => {
      core.profiles = core.profiles.map((profile) => ({ ...profile, credential: null }));
      core.profile = null;
      core.lock = null;
      return change({ place: 'keystore', asksPassphrase: false, locked: false });
    }),
    keepForThisRun: (thisRun) => core.answer(() => change({ place: thisRun ? 'thisRun' : 'keystore' })),
  };
}
