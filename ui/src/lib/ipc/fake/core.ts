/** The state behind the fake door: the fleet, the deploys, the session, who listens, and which trouble was asked for. */
import type { Deleted, Deploy, Event, Failure, FleetFacts, FleetQuery, FleetWindow, FoundInstance, InstanceSummary, InstanceView, Keyless, LogsView, LocalRuntimeState, LockReason, PollerView, Preferences, Profile, ProfilesTrouble, Safety, SecurityView, SessionView } from '../bindings';
import { LOCAL_PROVIDER, readRecipe } from '../../local/recipe';
import { pastDeploys } from './deploys';
import { readFilter } from './filter';
import { arrange, countPhases, findNear } from './fleet';
import { chance, uuid, type Chance } from './random';
import { makeBeing, makeWorld, type Being, type Oddity } from './world';

export interface FakeOptions {
  /** How many instances the tenant has; 12 unless told. */
  instances?: number;
  /** How long each call takes; 0 answers at once. */
  latencyMs?: number;
  firstStart?: boolean;
  trouble?: 'offline' | 'refused' | null;
  oddity?: Oddity | null;
  /** Deploys of earlier days. */
  history?: boolean;
  preferences?: Preferences;
  /** The scopes of the key; all of them unless told. */
  scopes?: string[];
  /** Why nothing of the profile can be read. */
  lock?: LockReason | null;
  /** Why what is kept of the profile is shown without a key. */
  keyless?: Keyless | null;
  /** The list of profiles was damaged. */
  profilesTrouble?: ProfilesTrouble | null;
  security?: Partial<SecurityView>;
  /** What the open profile asks before a change. */
  safety?: Safety;
  /** The open profile is this computer. */
  here?: boolean;
  /** How the program for real agents stands. */
  program?: LocalRuntimeState;
  /** What lies beside the twenty operations: `none` is there, `quiet` has no alerts. */
  neighbours?: 'all' | 'quiet' | 'none';
}

export const ALL_SCOPES = ['instances:read', 'instances:write', 'instances:delete'];

export const PLAIN = { purpose: 'own', safety: 'full', proxy: { type: 'system' }, certificate: null } as const;

export const DEMO: Profile = { id: 'this-computer', kind: 'thisComputer', name: 'This computer', baseUrl: 'http://127.0.0.1:41873', hue: 192, credential: { kind: 'apiKey', lastFour: '9f3c', kept: 'thisRun' }, ...PLAIN };
export const HOSTED: Profile = { id: 'northwind', kind: 'platform', name: 'Northwind support', baseUrl: 'https://api.northwind.example', hue: 45, credential: { kind: 'apiKey', lastFour: '7a21', kept: 'keystore' }, ...PLAIN };
/** Somebody else’s, looked at to help. */
export const SUPPORTED: Profile = { id: 'acme', kind: 'platform', name: 'Acme (support)', baseUrl: 'https://agents.acme.example', hue: 320, credential: { kind: 'apiKey', lastFour: '03be', kept: 'keystore' }, ...PLAIN, purpose: 'support', safety: 'readOnly' };

const wait = (ms: number) => (ms > 0 ? new Promise<void>((done) => setTimeout(done, ms)) : Promise.resolve());

export class FakeCore {
  profiles: Profile[];
  profile: Profile | null;
  trouble: 'offline' | 'refused' | null;
  poller: PollerView;
  scopes: string[];
  /** The key is of an old kind. */
  old = false;
  neighbours: 'all' | 'quiet' | 'none';
  lock: LockReason | null;
  keyless: Keyless | null;
  profilesTrouble: ProfilesTrouble | null;
  security: SecurityView;
  readonly program: LocalRuntimeState;
  readonly deploys = new Map<string, Deploy>();
  /** Milliseconds of one small step of anything that moves by itself. */
  readonly pace: number;

  readonly #latency: number;
  readonly #denied = new Map<string, string | null>();
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #roll: Chance = chance(4711);
  readonly #seenAt: string;
  #beings: Map<string, Being>;
  #shown: { query: FleetQuery; offset: number; limit: number } | null = null;
  #seq = 1;

  constructor(options: FakeOptions) {
    const now = Date.now();
    this.#latency = options.latencyMs ?? 0;
    this.pace = this.#latency;
    this.trouble = options.trouble ?? null;
    this.scopes = options.scopes ?? ALL_SCOPES;
    this.neighbours = options.neighbours ?? 'all';
    this.lock = options.lock ?? null;
    this.keyless = options.keyless ?? null;
    this.profilesTrouble = options.profilesTrouble ?? null;
    this.security = { place: 'keystore', keystore: { type: 'works' }, idleMinutes: null, asksPassphrase: false, locked: this.lock === 'vault' || this.lock === 'app', ...options.security };
    const hosted = { ...HOSTED, safety: options.safety ?? 'full' };
    this.profiles = options.firstStart ? [] : [hosted, SUPPORTED, DEMO];
    this.profile = options.firstStart ? null : options.here ? DEMO : hosted;
    this.program = options.program ?? 'absent';
    this.#beings = new Map(makeWorld(options.instances ?? 12, 11, now, options.oddity ?? null).map((being) => [being.summary.id, being]));
    // Where the program is there, one agent already runs in it.
    if (options.program === 'ready') for (const being of [...this.#beings.values()].slice(0, 1)) being.summary.provider = being.detail.provider = LOCAL_PROVIDER;
    if (options.history) for (const deploy of pastDeploys(now)) this.deploys.set(deploy.key, deploy);
    this.#seenAt = new Date(now - (this.trouble || this.keyless ? 840_000 : 4_000)).toISOString();
    this.poller = this.#pollerNow();
    this.#keepLooking();
  }

  // --- answering

  /** A call that works from memory. */
  async answer<T>(make: () => T, needsSession = false): Promise<T> {
    await wait(this.#latency);
    if (needsSession && !this.profile) throw { code: { type: 'noSession' }, detail: '' } satisfies Failure;
    return make();
  }

  /** A call that needs the platform. */
  async write<T>(make: () => T): Promise<T> {
    await wait(this.#latency * 3);
    const refused = this.refusal();
    if (refused) throw refused;
    return make();
  }

  refusal(): Failure | null {
    if (!this.profile) return { code: { type: 'noSession' }, detail: '' };
    if (this.keyless) return { code: { type: 'noKey' }, detail: 'the profile has no key on this computer; nothing was sent' };
    if (this.trouble === 'offline') return { code: { type: 'offline' }, detail: 'tcp connect: connection refused (os error 111)' };
    return this.trouble === 'refused' ? { code: { type: 'credentialRefused' }, detail: '401 {"detail":"Invalid API key"}' } : null;
  }

  later(ms: number, act: () => void): void {
    if (ms > 0) setTimeout(act, ms);
    else queueMicrotask(act);
  }

  newId = () => uuid(this.#roll);

  listen(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(event: Event): void {
    for (const listener of this.#listeners) listener(structuredClone(event));
  }

  // --- the session and the poller

  session(): SessionView {
    const told = this.profile !== null && this.neighbours !== 'none' && this.profile.credential?.kind !== 'bearerToken';
    return {
      profile: this.security.locked ? null : this.profile, lock: this.lock, trouble: this.profilesTrouble,
      keyless: this.keyless,
      needsCredential: this.profile !== null && (this.trouble === 'refused' || this.keyless !== null || this.lock === 'keystore' || this.lock === 'noCredential'), cache: this.lock ? 'memory' : 'encrypted',
      denied: [...this.#denied].map(([operation, scope]) => ({ operation, scope })),
      key: told ? { api_key_id: null, customer_id: null, tenant_id: 'Northwind', user_id: 'usr_41f0', scopes: this.scopes, rate_limit_per_minute: 60, rate_limit_per_hour: 3_600, needs_reissue: this.old } : null,
    };
  }

  /** The platform answered 403: marked until the next sign-in. */
  deny(operation: string, scope: string | null = null): void {
    if (this.#denied.has(operation)) return;
    this.#denied.set(operation, scope);
    this.announce({ type: 'sessionChanged' });
  }

  enter(profile: Profile): SessionView {
    this.#denied.clear();
    this.profiles = [...this.profiles.filter((known) => known.id !== profile.id), profile];
    this.profile = profile;
    this.changed();
    return this.session();
  }

  /** Says that the session is another one, and where the looking stands. */
  changed(): void {
    this.poller = this.#pollerNow(new Date().toISOString());
    this.announce({ type: 'sessionChanged' });
    this.announce({ type: 'pollerChanged', poller: this.poller });
  }

  look(): void {
    this.poller = this.#pollerNow(new Date().toISOString());
    this.announce({ type: 'pollerChanged', poller: this.poller });
    this.#fleetMoved();
  }

  #pollerNow(answeredAt = this.#seenAt): PollerView {
    const next = new Date(Date.now() + 15_000).toISOString();
    if (!this.profile) return { state: { type: 'idle' }, lastAnswerAt: null, nextLookAt: null };
    if (this.keyless) return { state: { type: 'noKey' }, lastAnswerAt: null, nextLookAt: null };
    if (this.trouble === 'refused') return { state: { type: 'refused' }, lastAnswerAt: this.#seenAt, nextLookAt: null };
    const failure = this.refusal();
    if (failure) return { state: { type: 'offline', since: this.#seenAt, failure }, lastAnswerAt: this.#seenAt, nextLookAt: next };
    return { state: { type: 'live' }, lastAnswerAt: answeredAt, nextLookAt: next };
  }

  #keepLooking(): void {
    if (this.#latency === 0) return;
    setInterval(() => {
      if (this.profile && !this.trouble && !this.keyless) this.look();
    }, 15_000);
  }

  // --- the fleet

  /** All rows that match, without looking at them. */
  matching(query: FleetQuery) {
    return arrange([...this.#beings.values()].map((being) => being.summary), query);
  }

  window(query: FleetQuery, offset: number, limit: number): FleetWindow {
    this.#shown = { query, offset, limit };
    const rows = this.summaries();
    const matched = arrange(rows, query);
    const facts: FleetFacts = {
      seq: this.#seq, total: rows.length, matched: matched.length, unknown: { rows: 0, age: 0, heartbeat: 0, cost: 0 }, problem: readFilter(query.text).problems[0] ?? null, skipped: 0, doubted: 0, counts: countPhases(rows), onThisComputer: rows.filter(({ provider }) => provider === LOCAL_PROVIDER).length,
      elsewhere: rows.filter(({ provider, status }) => provider !== LOCAL_PROVIDER && status !== 'deleting').length,
      seenAt: this.poller.lastAnswerAt, source: this.trouble ? 'cached' : 'live', failure: this.refusal(),
    };
    const rowOf = (instance: InstanceSummary) => ({ instance, label: null, heartbeat: null, version: null, cost30: null });
    return { facts, offset, rows: matched.slice(offset, offset + limit).map(rowOf), groups: [] };
  }

  /** Every row of the list. */
  summaries(): InstanceSummary[] {
    return [...this.#beings.values()].map((being) => being.summary);
  }

  findNear(text: string, limit: number): FoundInstance[] {
    return findNear([...this.#beings.values()].map((being) => being.summary), text, limit);
  }

  /** How many rows a question has that need not be the one on screen. */
  count(query: FleetQuery): number {
    return arrange([...this.#beings.values()].map((being) => being.summary), query).length;
  }

  #fleetMoved(): void {
    this.#seq += 1;
    if (!this.#shown) return;
    const { query, offset, limit } = this.#shown;
    const { facts, rows } = this.window(query, offset, limit);
    this.announce({ type: 'fleetChanged', facts, rows: rows.length > 40 ? null : rows.map((row, index) => ({ index: offset + index, row })) });
  }

  instance(id: string): InstanceView {
    const being = this.#beings.get(id);
    if (!being) return { summary: null, detail: null, runtime: null, failure: { code: { type: 'notFound', message: null }, detail: '404' }, gone: true };
    const source = this.trouble || this.keyless ? 'cached' as const : 'live' as const;
    const seenAt = this.trouble || this.keyless ? this.#seenAt : new Date().toISOString();
    return { summary: being.summary, detail: { value: being.detail, seenAt, source }, runtime: { value: being.runtime, seenAt, source }, failure: this.refusal(), gone: false };
  }

  logs(id: string, from: number): LogsView {
    const lines = this.#beings.get(id)?.logs ?? [];
    return { total: lines.length, from, lines: lines.slice(from), seenAt: this.poller.lastAnswerAt, failure: this.refusal() };
  }

  /** As the platform does: *deleting* at once, gone a little later, and a second time is no error. */
  delete(id: string): Deleted {
    const being = this.#beings.get(id);
    if (!being || being.summary.status === 'deleting') return { already_deleted: true, instance_id: id, message: null, status: 'deleting' };
    this.#set(id, { ...being, summary: { ...being.summary, status: 'deleting' }, detail: { ...being.detail, status: 'deleting' } });
    this.later(this.pace * 20, () => {
      this.#beings.delete(id);
      this.announce({ type: 'instanceGone', id });
      this.#fleetMoved();
    });
    return { already_deleted: false, instance_id: id, message: 'Deletion started', status: 'deleting' };
  }

  /** Deletes everything that is simulated; how many began to go. */
  deleteDemo(): number {
    const demo = [...this.#beings.values()].filter(({ summary }) => summary.provider !== LOCAL_PROVIDER && summary.status !== 'deleting');
    for (const { summary } of demo) this.delete(summary.id);
    return demo.length;
  }

  #set(id: string, being: Being): void {
    this.#beings.set(id, being);
    this.announce({ type: 'instanceChanged', id });
    this.#fleetMoved();
  }

  // --- deploys

  /** Keeps a deploy's newest state and lets its instance appear in the fleet. */
  keepDeploy(deploy: Deploy): void {
    this.deploys.set(deploy.key, deploy);
    this.announce({ type: 'deployChanged', deploy });
    if (!deploy.instanceId) return;
    const { agent_name, region_id, preset_id, recipe_id } = deploy.request;
    const real = readRecipe(recipe_id) === null ? {} : { provider: LOCAL_PROVIDER };
    this.#set(deploy.instanceId, makeBeing(this.#beings.size, this.#roll, Date.now(), null, {
      id: deploy.instanceId, agent_name: agent_name ?? null, region_id, preset_id: preset_id ?? null, hostname: deploy.hostname, status: deploy.status, created_at: deploy.confirmedAt, ...real,
    }));
  }
}
