/**
 * The deploys of this profile, open and settled.
 * Belongs here: the list as the core tells it, one start at a time, the log lines of one deploy.
 * Does not belong here: whether something may be sent again (the core's journal), what a state looks like (the screens).
 */
import type { Deploy, DeployState, Event, Failure, IdempotencyKey, LogLine, NewInstance } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type DeploysIpc = Pick<Ipc,
  'listDeploys' | 'getDeploy' | 'getDeployLogs' | 'startDeploy' | 'checkDeploy' | 'resendDeploy' | 'dismissDeploy' | 'onEvent'>;

const SETTLED: readonly DeployState[] = ['ready', 'failed', 'rejected'];
/** Log lines kept of one deploy; older ones go first. */
const LINES = 5000;
/** Log lines asked for in one go, at most this often for one growth. */
const PAGES = 50;

/** Whether nothing more will happen to it by itself. */
export function isSettled(deploy: Deploy): boolean {
  return SETTLED.includes(deploy.state);
}

/** Whether its row may be put away: nothing of it is still open. */
export function isDismissible(deploy: Deploy): boolean {
  return isSettled(deploy) || deploy.state === 'absent';
}

/** Open ones first, the newest on top. */
export function inOrder(deploys: Iterable<Deploy>): Deploy[] {
  return [...deploys].sort((a, b) =>
    Number(isSettled(a)) - Number(isSettled(b)) || b.confirmedAt.localeCompare(a.confirmedAt));
}

/**
 * All deploys the core remembers. One per door to the core.
 * It outlives every screen, so what follows from its state is a getter: a `$derived` ends with the screen that made it.
 */
export class DeploysStore {
  /** Why the list could not be read. */
  failure = $state.raw<Failure | null>(null);
  /** True once the list was read. */
  loaded = $state(false);
  /** True while a confirmed deploy is being written down and sent. */
  starting = $state(false);

  readonly #ipc: DeploysIpc;
  #all = $state.raw<ReadonlyMap<IdempotencyKey, Deploy>>(new Map());
  #heard = new Set<IdempotencyKey>();
  #start: Promise<Deploy> | null = null;
  #session = 0;

  constructor(ipc: DeploysIpc) {
    this.#ipc = ipc;
    ipc.onEvent((event) => this.#hear(event));
  }

  /** Every deploy, open ones first. */
  get list(): Deploy[] {
    return inOrder(this.#all.values());
  }

  /** What still needs the platform or a person. */
  get open(): Deploy[] {
    return this.list.filter((deploy) => !isSettled(deploy));
  }

  /** What belongs above the fleet: everything open, and what went wrong until it is put away. */
  get lane(): Deploy[] {
    return this.list.filter((deploy) => deploy.state !== 'ready');
  }

  /** One deploy, if it is known. */
  get(key: IdempotencyKey): Deploy | undefined {
    return this.#all.get(key);
  }

  /** Reads the list; what changed meanwhile is newer than the answer and stays. */
  async load(): Promise<void> {
    const session = this.#session;
    this.#heard = new Set();
    try {
      const list = await this.#ipc.listDeploys();
      if (session !== this.#session) return;
      const next = new Map(list.filter(({ key }) => !this.#heard.has(key)).map((deploy) => [deploy.key, deploy]));
      for (const key of this.#heard) {
        const newer = this.#all.get(key);
        if (newer) next.set(key, newer);
      }
      this.#all = next;
      this.failure = null;
      this.loaded = true;
    } catch (failure) {
      if (session === this.#session) this.failure = asFailure(failure);
    }
  }

  /** Reads one deploy; rejects with the core's failure. */
  async find(key: IdempotencyKey): Promise<Deploy> {
    return this.#keep(await this.#ipc.getDeploy(key));
  }

  /** Confirms a deploy. A second call while the first runs is the first. */
  start(request: NewInstance): Promise<Deploy> {
    if (this.#start) return this.#start;
    this.starting = true;
    this.#start = this.#ipc.startDeploy(request)
      .then((deploy) => this.#keep(deploy))
      .finally(() => { this.#start = null; this.starting = false; });
    return this.#start;
  }

  /** Asks the platform whether it knows this deploy. */
  async check(key: IdempotencyKey): Promise<Deploy> {
    return this.#keep(await this.#ipc.checkDeploy(key));
  }

  /** Sends the same request again, under the same key. */
  async resend(key: IdempotencyKey): Promise<Deploy> {
    return this.#keep(await this.#ipc.resendDeploy(key));
  }

  /** Puts a settled deploy away. */
  async dismiss(key: IdempotencyKey): Promise<void> {
    await this.#ipc.dismissDeploy(key);
    this.#forget(key);
  }

  #keep(deploy: Deploy): Deploy {
    this.#heard.add(deploy.key);
    this.#all = new Map(this.#all).set(deploy.key, deploy);
    return deploy;
  }

  #forget(key: IdempotencyKey): void {
    this.#heard.add(key);
    const next = new Map(this.#all);
    next.delete(key);
    this.#all = next;
  }

  #hear(event: Event): void {
    if (event.type === 'deployChanged') this.#keep(event.deploy);
    if (event.type === 'deployForgotten') this.#forget(event.key);
    if (event.type === 'sessionChanged') {
      this.#session += 1;
      this.#all = new Map();
      this.loaded = false;
      void this.load();
    }
  }
}

/** The log of one deploy, read as it grows. */
export class DeployLines {
  /** The lines held, oldest first. */
  lines = $state.raw<LogLine[]>([]);
  /** How many earlier lines are no longer held. */
  dropped = $state(0);
  /** Why the newest lines could not be read. */
  failure = $state.raw<Failure | null>(null);

  readonly #ipc: Pick<Ipc, 'getDeployLogs'>;
  readonly #key: IdempotencyKey;
  #read = 0;
  #wanted = 0;
  #reading = false;

  constructor(ipc: Pick<Ipc, 'getDeployLogs'>, key: IdempotencyKey) {
    this.#ipc = ipc;
    this.#key = key;
  }

  /** Reads until as many lines are here as there are said to be. */
  async reach(total: number): Promise<void> {
    this.#wanted = Math.max(this.#wanted, total);
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (let page = 0; page < PAGES && this.#read < this.#wanted; page += 1) {
        const view = await this.#ipc.getDeployLogs(this.#key, this.#read);
        this.failure = view.failure;
        if (view.lines.length === 0) break;
        this.#read = view.from + view.lines.length;
        const all = [...this.lines, ...view.lines];
        this.lines = all.slice(-LINES);
        this.dropped += all.length - this.lines.length;
      }
    } catch (failure) {
      this.failure = asFailure(failure);
    } finally {
      this.#reading = false;
    }
  }
}

const stores = new WeakMap<Ipc, DeploysStore>();

/** The deploys of the door in context: the same ones on every screen, read once. */
export function getDeploys(): DeploysStore {
  const ipc = getIpc();
  let store = stores.get(ipc);
  if (!store) {
    stores.set(ipc, (store = new DeploysStore(ipc)));
    void store.load();
  }
  return store;
}
