/**
 * A console in memory, for the screens alone: in a browser while they are drawn, and in their tests. It keeps its
 * promises like the real one (windows, events, failures by code), moves by itself, and makes trouble on demand.
 * Never part of the app: it is loaded only where there is no core.
 */
import type { Exchange, Failure, SessionView } from './bindings';
import { completeFilter, readFilter } from './fake/filter';
import { fakeActs } from './fake/acts';
import { fakeBaselines } from './fake/baselines';
import { fakeBulk } from './fake/bulk';
import { fakeConfig } from './fake/config';
import { fakeConnection } from './fake/connection';
import { fakeConversations } from './fake/conversations';
import { fakeHistory } from './fake/history';
import { fakeLabels } from './fake/labels';
import { fakeLedger } from './fake/ledger';
import { fakeLocal } from './fake/local';
import { fakeLogs } from './fake/logs';
import { fakePlatform } from './fake/platform';
import { fakePrompts } from './fake/prompts';
import { fakeSecurity } from './fake/security';
import { fakeStorage } from './fake/storage';
import { fakeUsage } from './fake/usage';
import { fakeSupport } from './fake/support';
import { fakeNeeds } from './fake/needs';
import { fakeSides } from './fake/sides';
import { fakeNews } from './fake/news';
import { fakeViews } from './fake/views';
import { FakeCore, type FakeOptions } from './fake/core';
import { answerTo, pieces } from './fake/chat';
import { advance, deployLog, newDeploy, preview } from './fake/deploys';
import { guarded, refuseWithout } from './fake/rights';
import { BARE_CHOICES, CHOICES } from './fake/world';
import type { Ipc } from './ipc';

export type { FakeOptions } from './fake/core';

/**
 * `?fake=first-start|empty|one|fleet|10000|offline|refused|long-names|nulls`; `forbidden`: the key may only read;
 * `opening|no-keystore|vault|locked`: why nothing can be read; `no-key`: what is kept is all there is; `read-only|confirm|confirm-by-name`: how careful the profile is;
 * `real`: real agents on this computer, their program not installed, `real-ready`: installed; `profiles-broken`; `quiet`: no alerts; `no-neighbours`: nothing but the twenty operations. Without it, a believable dozen.
 */
export function fakeOptions(scenario: string | null): FakeOptions {
  const lively = { latencyMs: 120, history: true };
  switch (scenario) {
    case 'first-start': return { latencyMs: 600, firstStart: true };
    case 'empty': return { latencyMs: 120, instances: 0 };
    case 'one': return { ...lively, instances: 1 };
    case 'offline': return { ...lively, trouble: 'offline' };
    case 'refused': return { ...lively, trouble: 'refused' };
    case 'long-names': return { ...lively, oddity: 'longNames' };
    case 'forbidden': return { ...lively, scopes: ['instances:read'] };
    case 'quiet': return { ...lively, neighbours: 'quiet' };
    case 'no-neighbours': return { ...lively, neighbours: 'none' };
    case 'opening': return { latencyMs: 120, lock: 'opening' };
    case 'no-keystore': return { ...lively, lock: 'keystore', security: { keystore: { type: 'unavailable', detail: 'org.freedesktop.secrets was not provided by any .service files' } } };
    case 'no-key': return { ...lively, keyless: 'notHere' };
    case 'vault': return { ...lively, lock: 'vault', security: { place: 'vault', asksPassphrase: true } };
    case 'locked': return { ...lively, lock: 'app' };
    case 'read-only': return { ...lively, safety: 'readOnly' };
    case 'confirm': return { ...lively, safety: 'confirm' };
    case 'confirm-by-name': return { ...lively, safety: 'confirmByName' };
    case 'profiles-broken': return { ...lively, profilesTrouble: { type: 'unreadable', detail: 'Permission denied (os error 13)' } };
    case 'real': return { ...lively, here: true, instances: 4 };
    case 'real-ready': return { ...lively, here: true, instances: 4, program: 'ready' };
    case 'real-failed': return { ...lively, here: true, instances: 0, program: 'failed' };
    case 'nulls': return { ...lively, oddity: 'nulls' };
    default: return { ...lively, instances: scenario && /^\d+$/.test(scenario) ? Number(scenario) : 12 };
  }
}

const failure = (code: Failure['code'], detail = ''): Failure => ({ code, detail });

export function createFakeIpc(options: FakeOptions = {}): Ipc {
  const core = new FakeCore(options);
  const connection = fakeConnection(core);
  const drafts = new Map<string, string>();
  const transcripts = new Map<string, Exchange[]>();
  const stops = new Map<string, () => void>();
  let preferences = options.preferences ?? { theme: 'system' as const, columns: null, lastView: null, recent: null, shortcuts: null };

  const view = (): Promise<SessionView> => core.answer(() => core.session());
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw failure({ type: 'notFound', message: null }, '404');
    return value;
  };

  /** Moves a deploy on until it rests, and lets its instance appear and settle. */
  function drive(key: string): void {
    core.later(core.pace * 12, () => {
      const before = core.deploys.get(key);
      if (!before) return;
      if (core.trouble) return drive(key);
      const after = advance(before, Date.now());
      core.keepDeploy(after);
      if (after !== before && (after.state === 'accepted' || after.state === 'sent')) drive(key);
    });
  }
  for (const deploy of core.deploys.values()) drive(deploy.key);

  return guarded(core, {
    getSession: view,
    ...connection,

    showFleet: (query, offset, limit) => core.answer(() => core.window(query, offset, limit), true),
    findInstances: (text, limit) => core.answer(() => core.findNear(text, limit), true),
    readFilter: (text) => core.answer(() => readFilter(text)),
    completeFilter: (text, cursor) => core.answer(() => completeFilter(text, cursor, core.summaries())),
    refreshFleet: () => core.write(() => core.look()),
    getPoller: () => core.answer(() => core.poller, true),
    setAttention: () => Promise.resolve(),
    setNetwork: () => Promise.resolve(),
    ...fakeStorage(core),

    watchInstance: (id) => core.answer(() => core.instance(id)),
    unwatchInstance: () => Promise.resolve(),
    getInstance: (id) => core.answer(() => core.instance(id)),
    refreshInstance: (id) => core.write(() => core.instance(id)),
    deleteInstance: (id) => core.write(() => core.delete(id)),

    ...fakeHistory(core),
    ...fakeActs(core),
    ...fakeLabels(core),
    ...fakeNeeds(core),
    ...fakeSides(core),
    ...fakeViews(core, options.oddity === 'longNames'),
    ...fakeBaselines(core),
    ...fakeNews(core, options.oddity === 'longNames'),
    ...fakeBulk(core),
    ...fakeLedger(core),
    ...fakeLocal(core),
    ...fakeLogs(core),
    ...fakeConfig(core),
    ...fakePlatform(core),
    ...fakeConversations(core),
    ...fakeUsage(core),
    ...fakeSecurity(core),
    ...fakePrompts(core),
    ...fakeSupport(core, options.oddity === 'longNames'),

    getChoices: () => core.answer(() => (core.neighbours === 'none' ? BARE_CHOICES : CHOICES)),
    importCatalog: () => core.answer(() => true),
    previewDeploy: (request) => core.answer(() => preview(core.profile?.baseUrl ?? '', request)),
    startDeploy: (request) => core.write(() => {
      if (!request.region_id) throw failure({ type: 'invalid', message: null, fields: [{ loc: ['body', 'region_id'], msg: 'Field required', type: 'missing' }] }, '422');
      const same = JSON.stringify(request);
      for (const open of core.deploys.values()) {
        if (open.state === 'unknown' && JSON.stringify({ ...open.request, idempotency_key: undefined }) === same) throw failure({ type: 'deployOpen', key: open.key });
      }
      const deploy = newDeploy(request, core.newId(), Date.now());
      core.keepDeploy(deploy);
      drive(deploy.key);
      return deploy;
    }),
    listDeploys: () => core.answer(() => [...core.deploys.values()].sort((a, b) => b.confirmedAt.localeCompare(a.confirmedAt))),
    getDeploy: (key) => core.answer(() => found(core.deploys.get(key))),
    getDeployLogs: (key, from) => core.answer(() => {
      const lines = deployLog(found(core.deploys.get(key)));
      return { total: lines.length, from, lines: lines.slice(from), seenAt: new Date().toISOString(), failure: null };
    }),
    checkDeploy: (key) => core.write(() => {
      const deploy = found(core.deploys.get(key));
      const checked = deploy.state === 'unknown' ? { ...deploy, state: 'absent' as const, failure: null } : deploy;
      core.keepDeploy(checked);
      return checked;
    }),
    resendDeploy: (key) => core.write(() => {
      const sent = { ...found(core.deploys.get(key)), state: 'sent' as const, sentAt: new Date().toISOString(), failure: null };
      core.keepDeploy(sent);
      drive(key);
      return sent;
    }),
    dismissDeploy: (key) => core.answer(() => {
      if (core.deploys.delete(key)) core.announce({ type: 'deployForgotten', key });
    }),

    getTranscript: (id) => core.answer(() => [...(transcripts.get(id) ?? [])]),
    sendMessage: (id, exchangeId, text, onPart) => {
      const start = Date.now();
      const exchange: Exchange = { id: exchangeId, sentAt: new Date(start).toISOString(), message: text, reply: '', state: { type: 'sending' }, tookMs: null, tokens: null };
      transcripts.set(id, [...(transcripts.get(id) ?? []), exchange]);
      const parts = pieces(answerTo(text));
      return new Promise((resolve) => {
        const end = (state: Exchange['state']) => {
          stops.delete(id);
          Object.assign(exchange, { state, tookMs: Date.now() - start, tokens: exchange.reply.length });
          if (state.type === 'complete') onPart({ type: 'done' });
          resolve({ ...exchange });
        };
        const refused = core.refusal();
        if (refused) return end({ type: 'failed', failure: refused });
        try { refuseWithout(core, 'chat'); } catch (thrown) { return end({ type: 'failed', failure: thrown as Failure }); }
        if (/\blost\b/i.test(text)) return end({ type: 'mayHaveArrived' });
        stops.set(id, () => end({ type: 'stopped' }));
        const step = (index: number) => {
          if (!stops.has(id)) return;
          const part = parts[index];
          if (part === undefined) return end({ type: 'complete' });
          exchange.state = { type: 'answering' };
          exchange.reply += part;
          onPart({ type: 'text', value: part });
          core.later(core.pace / 3, () => step(index + 1));
        };
        core.later(core.pace * 4, () => step(0));
      });
    },
    stopWaiting: (id) => core.answer(() => stops.get(id)?.()),
    clearTranscript: (id) => core.answer(() => void transcripts.delete(id)),

    getDraft: (name) => core.answer(() => drafts.get(name) ?? null),
    setDraft: (name, text) => core.answer(() => { if (text === null) drafts.delete(name); else drafts.set(name, text); }),
    getPreferences: () => core.answer(() => preferences),
    setPreferences: (next) => core.answer(() => { preferences = next; }),
    copyText: (text) => navigator.clipboard?.writeText(text) ?? Promise.resolve(),
    openLink: (url) => Promise.resolve(url.startsWith('https://')),
    getVersion: () => Promise.resolve('0.1.0'),
    showWindow: () => Promise.resolve(),
    onEvent: (listener) => core.listen(listener),
  });
}
