/**
 * Bulk work as the core tells it: the jobs, the items of one, the preview of the next.
 * Belongs here: reading, following events, asking for the next step. Not: the order of work, or what may run (the core).
 */
import type { BulkAct, BulkItem, BulkItemState, BulkJob, BulkOrder, BulkPlan, BulkTargets, Event, Failure } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type JobsIpc = Pick<Ipc, 'listBulk' | 'dismissBulk' | 'onEvent'>;
type JobIpc = Pick<Ipc, 'getBulk' | 'listBulkItems' | 'pauseBulk' | 'cancelBulk' | 'continueBulk' | 'retryBulk' | 'onEvent'>;
type PlanIpc = Pick<Ipc, 'planBulk' | 'startBulk'>;

/** Items, and rows of a preview, read at a time. */
export const PAGE = 100;
/** Many items move at once: their list is read again after this time, in milliseconds. */
const SOON = 250;

/** Whether it goes on or waits for a person. */
export const isOpen = (job: BulkJob): boolean => job.state.type === 'running' || job.state.type === 'paused';
/** How many are part of the work. */
export const workOf = ({ counts }: BulkJob): number => counts.waiting + counts.begun + counts.done + counts.failed;

/** All jobs of the profile. One per door to the core, so what follows from its state is a getter. */
export class BulkJobs {
  failure = $state.raw<Failure | null>(null);
  loaded = $state(false);
  readonly #ipc: JobsIpc;
  #all = $state.raw<ReadonlyMap<string, BulkJob>>(new Map());

  constructor(ipc: JobsIpc) {
    this.#ipc = ipc;
    ipc.onEvent((event) => this.#hear(event));
  }

  /** The newest first. */
  get list(): BulkJob[] {
    return [...this.#all.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  get open(): BulkJob[] {
    return this.list.filter(isOpen);
  }

  async load(): Promise<void> {
    try {
      const jobs = await this.#ipc.listBulk();
      this.#all = new Map(jobs.map((job) => [job.id, job]));
      this.failure = null;
    } catch (thrown) {
      const failure = asFailure(thrown);
      this.#all = new Map();
      // Where nothing is open there are no jobs either.
      this.failure = failure.code.type === 'noSession' ? null : failure;
    } finally {
      this.loaded = true;
    }
  }

  async dismiss(id: string): Promise<void> {
    await this.#ipc.dismissBulk(id);
    this.#forget(id);
  }

  #hear(event: Event): void {
    if (event.type === 'sessionChanged') void this.load();
    if (event.type === 'bulkChanged') this.#all = new Map(this.#all).set(event.job.id, event.job);
    if (event.type === 'bulkForgotten') this.#forget(event.id);
  }

  #forget(id: string): void {
    const rest = new Map(this.#all);
    rest.delete(id);
    this.#all = rest;
  }
}

/** One job and the part of its items that is looked at. */
export class BulkJobView {
  job = $state.raw<BulkJob | null>(null);
  items = $state.raw<readonly BulkItem[]>([]);
  /** How many there are of the shown state. */
  total = $state(0);
  filter = $state<BulkItemState | null>(null);
  /** Why it could not be read. */
  failure = $state.raw<Failure | null>(null);
  /** Why the last act was refused. */
  refusal = $state.raw<Failure | null>(null);
  acting = $state(false);

  readonly #ipc: JobIpc;
  readonly #id: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(ipc: JobIpc, id: string) {
    this.#ipc = ipc;
    this.#id = id;
  }

  /** Reads, and reads on as it moves; returns what ends it. */
  follow(): () => void {
    void this.load();
    const end = this.#ipc.onEvent((event) => {
      if (event.type === 'sessionChanged') void this.load();
      if (event.type !== 'bulkChanged' || event.job.id !== this.#id) return;
      this.job = event.job;
      const { item } = event;
      // What is in sight moves at once; the order and what is new follow.
      if (item) this.items = this.items.map((known) => (known.place === item.place ? item : known));
      this.#timer ??= setTimeout(() => { this.#timer = undefined; void this.#read(); }, SOON);
    });
    return () => {
      clearTimeout(this.#timer);
      this.#asked += 1;
      end();
    };
  }

  async load(): Promise<void> {
    try {
      this.job = await this.#ipc.getBulk(this.#id);
      this.failure = null;
      await this.#read();
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  show(filter: BulkItemState | null): void {
    this.filter = filter;
    this.items = [];
    void this.#read();
  }

  async more(): Promise<void> {
    await this.#read(this.items.length + PAGE);
  }

  pause = () => this.#act(() => this.#ipc.pauseBulk(this.#id));
  cancel = () => this.#act(() => this.#ipc.cancelBulk(this.#id));
  goOn = () => this.#act(() => this.#ipc.continueBulk(this.#id));
  retry = () => this.#act(() => this.#ipc.retryBulk(this.#id));

  async #act(act: () => Promise<BulkJob>): Promise<void> {
    if (this.acting) return;
    this.acting = true;
    this.refusal = null;
    try {
      this.job = await act();
      await this.#read();
    } catch (thrown) {
      this.refusal = asFailure(thrown);
    } finally {
      this.acting = false;
    }
  }

  /** Items from the first one on, in windows of what one call gives. */
  async #read(wanted = Math.max(PAGE, this.items.length)): Promise<void> {
    const asked = ++this.#asked;
    try {
      const items: BulkItem[] = [];
      let total = 0;
      do {
        const page = await this.#ipc.listBulkItems(this.#id, this.filter, items.length, Math.min(PAGE, wanted - items.length));
        if (asked !== this.#asked) return;
        items.push(...page.items);
        total = page.total;
        if (page.items.length === 0) break;
      } while (items.length < Math.min(wanted, total));
      this.items = items;
      this.total = total;
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    }
  }
}

/** What would happen, before it does. */
export class BulkPreview {
  plan = $state.raw<BulkPlan | null>(null);
  rows = $state.raw<BulkPlan['rows']>([]);
  failure = $state.raw<Failure | null>(null);
  refusal = $state.raw<Failure | null>(null);
  starting = $state(false);
  stopInRest = $state(true);

  readonly #ipc: PlanIpc;
  readonly #targets: BulkTargets;
  #act: BulkAct | null = null;
  #asked = 0;

  constructor(ipc: PlanIpc, targets: BulkTargets) {
    this.#ipc = ipc;
    this.#targets = targets;
  }

  /** Works out what an act would do; null where it is not said completely yet. */
  async ask(act: BulkAct | null): Promise<void> {
    this.#act = act;
    const asked = ++this.#asked;
    if (act === null) {
      this.plan = null;
      this.rows = [];
      return;
    }
    try {
      const plan = await this.#ipc.planBulk(this.#order(act), 0, PAGE);
      if (asked !== this.#asked) return;
      this.plan = plan;
      this.rows = plan.rows;
      this.failure = null;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.failure = asFailure(thrown);
      this.plan = null;
    }
  }

  async look(): Promise<void> {
    this.refusal = null;
    await this.ask(this.#act);
  }

  async more(): Promise<void> {
    const act = this.#act;
    if (!act) return;
    const asked = this.#asked;
    const plan = await this.#ipc.planBulk(this.#order(act), this.rows.length, PAGE);
    if (asked === this.#asked) this.rows = [...this.rows, ...plan.rows];
  }

  /** Begins exactly what is shown; null where it was refused. */
  async start(typed: string | null): Promise<BulkJob | null> {
    const { plan } = this;
    if (!plan || !this.#act || this.starting) return null;
    this.starting = true;
    this.refusal = null;
    try {
      return await this.#ipc.startBulk(this.#order(this.#act), plan.included, typed);
    } catch (thrown) {
      this.refusal = asFailure(thrown);
      return null;
    } finally {
      this.starting = false;
    }
  }

  #order(act: BulkAct): BulkOrder {
    return { act, targets: this.#targets, stopInRest: this.stopInRest };
  }
}

const stores = new WeakMap<Ipc, BulkJobs>();

/** The jobs of the door in context: the same on every screen. */
export function getBulkJobs(): BulkJobs {
  const ipc = getIpc();
  let store = stores.get(ipc);
  if (!store) {
    stores.set(ipc, (store = new BulkJobs(ipc)));
    void store.load();
  }
  return store;
}
