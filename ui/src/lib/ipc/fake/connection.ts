/**
 * Profiles and credentials of the fake core. Trouble on demand, by what is typed: a host with `offline`, `portal`,
 * `prefix` or `busy` in its name; a secret that starts with `refused`, `narrow`, or `nokeystore`; one with `readonly` has one scope only,
 * one with `old` is to be made anew, and a host with `silent` says nothing about keys.
 */
import type { AddressProblem, Code, CredentialKind, Failure, Profile } from '../bindings';
import type { Ipc } from '../ipc';
import { ALL_SCOPES, DEMO, PLAIN, type FakeCore } from './core';

function addressProblem(text: string): AddressProblem | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'notAUrl';
  }
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return url.protocol === 'http:' ? 'notSecure' : 'notAUrl';
  if (url.username || url.password) return 'userinfo';
  return url.search || url.hash ? 'query' : null;
}

/** What the platform at this address answers to this secret. */
function verdict(host: string, secret: string): Code | null {
  if (/offline/.test(host)) return { type: 'offline' };
  if (/portal/.test(host)) return { type: 'notOurApi', redirect: null };
  if (/prefix/.test(host)) return { type: 'notFound', message: 'Not Found' };
  if (/busy/.test(host)) return { type: 'tooManyRequests', retryAfterSeconds: 7 };
  if (/^refused/.test(secret)) return { type: 'credentialRefused' };
  if (/^narrow/.test(secret)) return { type: 'notAllowed', operation: 'list_instances', scope: 'instances:read', message: null };
  return null;
}

const label = (kind: CredentialKind, secret: string): Profile['credential'] =>
  ({ kind, lastFour: secret.slice(-4), kept: kind === 'bearerToken' || /^nokeystore/.test(secret) ? 'thisRun' : 'keystore' });

const refuse = (code: Code): never => {
  throw { code, detail: code.type === 'offline' ? 'tcp connect: connection refused (os error 111)' : code.type } satisfies Failure;
};

type Connection = Pick<Ipc, 'listProfiles' | 'openThisComputer' | 'connectPlatform' | 'renewCredential' | 'openProfile' | 'closeSession' | 'forgetProfile'>;

export function fakeConnection(core: FakeCore): Connection {
  const known = (id: string): Profile => core.profiles.find((profile) => profile.id === id) ?? refuse({ type: 'notFound', message: null });
  /** Takes another key: it brings its own scopes. */
  const hand = (secret: string): void => {
    core.scopes = /readonly/.test(secret) ? ['instances:read'] : ALL_SCOPES;
    core.old = /old/.test(secret);
  };
  return {
    listProfiles: () => core.answer(() => (core.security.locked ? [] : [...core.profiles])),
    openThisComputer: () => core.answer(() => core.enter(DEMO)),
    connectPlatform: (baseUrl, name, kind, secret, edit) => core.answer(() => {
      const problem = addressProblem(baseUrl);
      if (problem) refuse({ type: 'badAddress', problem });
      const { host } = new URL(baseUrl);
      const code = verdict(host, secret);
      if (code) refuse(code);
      core.neighbours = /silent/.test(host) ? 'none' : core.neighbours;
      hand(secret);
      return core.enter({ id: core.newId(), kind: 'platform', name: name || host, baseUrl, hue: (host.length * 47) % 360, credential: label(kind, secret), ...PLAIN, ...(edit ? { purpose: edit.purpose, safety: edit.purpose === 'support' ? 'readOnly' as const : edit.safety, proxy: edit.proxy } : {}) });
    }),
    renewCredential: (id, kind, secret) => core.answer(() => {
      const code = verdict('', secret);
      if (code) refuse(code);
      core.trouble = null;
      core.lock = null;
      core.keyless = null;
      hand(secret);
      return core.enter({ ...known(id), credential: label(kind, secret) });
    }),
    openProfile: (id) => core.answer(() => core.enter(known(id))),
    closeSession: () => core.answer(() => {
      core.profile = null;
      core.changed();
    }),
    forgetProfile: (id) => core.answer(() => {
      core.profiles = core.profiles.filter((profile) => profile.id !== id);
      if (core.profile?.id === id) core.profile = null;
      core.changed();
    }),
  };
}
