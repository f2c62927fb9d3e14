/**
 * What the screen knows of the fleet: a window of rows around what is looked at, never the whole.
 * Belongs here: asking the core for windows, applying its changes in order, dropping what came too late.
 * Does not belong here: filtering, sorting, polling (the core), addresses and elements (the screen).
 */
import type { Event, Failure, FleetFacts, FleetGroup, FleetQuery, FleetRow, FleetWindow, InstanceSummary, PlacedRow } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { RowCursor, type Rows } from './rowCursor.svelte';

/** Rows are asked for and kept in blocks of this many. */
export const BLOCK = 32;
/** Blocks kept on either side of the ones looked at. */
const MARGIN = 2;
/** Most rows that are asked for at once: the core gives no more than 200. */
const MOST = 6 * BLOCK;
/** How often one look may be repeated because its answer was older than an event. */
const REPEATS = 3;

/** The whole fleet, by name. */
export const EVERYTHING: FleetQuery = { text: '', phases: [], sort: 'name', descending: false, group: null };

type Block = readonly (FleetRow | undefined)[];
/** Rows that lie together, in whole blocks; `to` is the first one after them. */
interface Stretch { from: number; to: number }
type FleetIpc = Pick<Ipc, 'showFleet' | 'refreshFleet' | 'onEvent'>;

/** Whether two questions are the same question. */
export function sameQuery(a: FleetQuery, b: FleetQuery): boolean {
  return a.text === b.text && a.sort === b.sort && a.descending === b.descending && a.group === b.group
    && a.phases.length === b.phases.length && a.phases.every((phase) => b.phases.includes(phase));
}

/**
 * The fleet as far as it is on screen. One per door to the core.
 * It outlives every screen, so what follows from its state is a getter: a `$derived` ends with the screen that made it.
 */
export class FleetStore {
  /** What is asked for: the newest question, answered or not. */
  query = $state.raw<FleetQuery>(EVERYTHING);
  /** What the core said last about the rows shown. */
  facts = $state.raw<FleetFacts | null>(null);
  /** Why the core itself could not answer. */
  refusal = $state.raw<Failure | null>(null);
  /** The groups of the list in its order; none where nothing is grouped. */
  groups = $state.raw<readonly FleetGroup[]>([]);
  /** The keys of the groups whose rows are folded away. */
  folded = $state.raw<ReadonlySet<string>>(new Set());
  /** The row under the keyboard. */
  readonly cursor = new RowCursor();
  /** The rows as the cursor knows them. */
  readonly places: Rows = { row: (index) => this.row(index)?.instance, indexOf: (id) => this.indexOf(id) };

  readonly #ipc: FleetIpc;
  #blocks = $state.raw<ReadonlyMap<number, Block>>(new Map());
  #question = $state(0);
  #answered = $state(-1);
  #looks: readonly Stretch[] = [{ from: 0, to: BLOCK }];
  #grouped: FleetQuery['group'] = null;
  #watching = false;
  #asking = -1;
  #due = false;
  #fetching: Promise<void> | null = null;
  #repeats = 0;
  #heard = -1;

  constructor(ipc: FleetIpc) {
    this.#ipc = ipc;
    ipc.onEvent((event) => this.#hear(event));
  }

  /** The row at a place, or undefined while it is not here. */
  row(index: number): FleetRow | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  /** True while the rows on screen still answer the question before this one. */
  get behind(): boolean {
    return this.#question !== this.#answered;
  }

  /** How many rows match, as far as the core has said. */
  get matched(): number {
    return this.facts?.matched ?? 0;
  }

  /** The reason why what is shown may be old, or is not there. */
  get failure(): Failure | null {
    return this.refusal ?? this.facts?.failure ?? null;
  }

  /** Nothing was ever seen, and nothing has gone wrong yet. */
  get loading(): boolean {
    return this.failure === null && (this.facts === null || this.facts.seenAt === null);
  }

  /** How many rows are held: bounded, whatever the fleet's size. */
  get held(): number {
    return this.#blocks.size * BLOCK;
  }

  /** Asks another question. Its rows replace the shown ones when they come, not before. */
  ask(query: FleetQuery): void {
    if (sameQuery(query, this.query)) return;
    this.query = query;
    this.#question += 1;
    const [first = { from: 0, to: BLOCK }] = this.#looks;
    this.#looks = [{ from: 0, to: first.to - first.from }];
    // Also where no table looks yet: after an answer without rows there is none until the next answer.
    void this.#fetch();
  }

  /** Says which rows are on screen. The core keeps exactly these fresh. */
  look(first: number, last: number): void {
    this.lookAt([[first, last]]);
  }

  /** The same for rows that do not all lie together, since folded groups are between them. */
  lookAt(spans: readonly (readonly [first: number, last: number])[]): void {
    const looks = stretches(spans);
    const under = this.#watching || (this.#fetching !== null && this.#asking === this.#question);
    this.#watching = true;
    if (looks.length === 0 || (under && sameStretches(looks, this.#looks))) return;
    this.#looks = looks;
    void this.#fetch();
  }

  /** Folds the rows of some groups away, or shows them again. */
  fold(keys: readonly string[], folded: boolean): void {
    const next = new Set(this.folded);
    for (const key of keys) {
      if (folded) next.add(key);
      else next.delete(key);
    }
    this.folded = next;
  }

  /** Reads the first rows once, so that the counts are there before anybody looks. */
  begin(): void {
    void this.#fetch();
  }

  /** Nobody looks any more: events are still applied, but nothing is asked for. */
  leave(): void {
    this.#watching = false;
  }

  /** Looks again at the same rows, and has the core look at the platform. */
  async retry(): Promise<void> {
    this.refusal = null;
    const looked = this.#fetch();
    await this.#ipc.refreshFleet().catch((failure: unknown) => { this.refusal = asFailure(failure); });
    await looked;
  }

  /** One at a time, the newest question last: the core keeps fresh what it was asked last, and calls overtake each other. */
  #fetch(): Promise<void> {
    this.#due = true;
    this.#fetching ??= this.#ask();
    return this.#fetching;
  }

  async #ask(): Promise<void> {
    while (this.#due) {
      this.#due = false;
      const question = this.#question;
      this.#asking = question;
      try {
        const windows: FleetWindow[] = [];
        for (const { from, to } of this.#looks) windows.push(await this.#ipc.showFleet(this.query, from, to - from));
        if (question === this.#question) this.#take(windows, !this.#due);
      } catch (failure) {
        if (!this.#due) this.refusal = asFailure(failure);
      }
    }
    this.#fetching = null;
  }

  /** An answer to the question that still stands; `newest` if nothing was asked after it. */
  #take(windows: readonly FleetWindow[], newest: boolean): void {
    const last = windows.at(-1);
    if (!last) return;
    const seq = last.facts.seq;
    const torn = windows.some(({ facts }) => facts.seq !== seq);
    if ((torn || seq < this.#heard) && this.#repeats < REPEATS) {
      if (newest) {
        this.#repeats += 1;
        void this.#fetch();
      }
      return;
    }
    const first = this.#answered !== this.#question;
    const blocks = first ? new Map<number, Block>() : new Map(this.#blocks);
    for (const { offset, rows } of windows) {
      for (let at = 0; at < rows.length; at += BLOCK) {
        const block = Math.floor((offset + at) / BLOCK);
        blocks.set(block, this.#keep(block, rows.slice(at, at + BLOCK)));
      }
    }
    if (this.#grouped !== this.query.group) {
      this.#grouped = this.query.group;
      this.folded = new Set();
    }
    this.#repeats = 0;
    this.#heard = Math.max(this.#heard, seq);
    this.#answered = this.#question;
    this.refusal = null;
    this.facts = last.facts;
    this.groups = last.groups;
    this.#show(blocks);
  }

  #hear(event: Event): void {
    if (event.type === 'sessionChanged') this.#startOver();
    if (event.type !== 'fleetChanged' || event.facts.seq <= this.#heard) return;
    const gap = this.facts === null || event.facts.seq !== this.#heard + 1;
    this.#heard = event.facts.seq;
    // While a question is open, an event may speak of the rows before it: only its number counts.
    if (this.#answered !== this.#question) return;
    this.facts = event.facts;
    // Where groups end is told with a window alone.
    if (gap || event.rows === null || this.query.group !== null) {
      this.#show(this.#near(this.#blocks));
      if (this.#watching) void this.#fetch();
    } else {
      this.#place(event.rows);
    }
  }

  #place(rows: PlacedRow[]): void {
    const blocks = rows.length > 0 ? this.#looked() : new Map(this.#blocks);
    for (const { index, row } of rows) {
      const at = Math.floor(index / BLOCK);
      const block = blocks.get(at);
      if (!block) continue;
      const next = [...block];
      next[index % BLOCK] = settled(this.row(index), row);
      blocks.set(at, next);
    }
    this.#show(blocks);
    if (this.#watching && this.#fetching === null && this.#hasHoles()) void this.#fetch();
  }

  /** Makes the blocks the shown ones: within the margin, and nothing past the end. */
  #show(blocks: ReadonlyMap<number, Block>): void {
    const kept = this.#near(blocks);
    const end = this.matched;
    for (const [at, block] of kept) {
      const left = end - at * BLOCK;
      if (left <= 0) kept.delete(at);
      else if (block.length > left) kept.set(at, block.slice(0, left));
    }
    this.#blocks = kept;
    this.cursor.follow(this.places, end);
  }

  /** Where an instance is among the rows held. */
  indexOf(id: string): number | null {
    for (const [at, block] of this.#blocks) {
      const found = block.findIndex((row) => row?.instance.id === id);
      if (found >= 0) return at * BLOCK + found;
    }
    return null;
  }

  /** The blocks about the look, and the one under the keyboard: it stays in the page wherever the eye goes. */
  #near(blocks: ReadonlyMap<number, Block>): Map<number, Block> {
    const held = Math.floor(this.cursor.index / BLOCK);
    const near = (at: number) => this.#looks.some(({ from, to }) => at >= from / BLOCK - MARGIN && at < to / BLOCK + MARGIN);
    return new Map([...blocks].filter(([at]) => at === held || near(at)));
  }

  /** Only what the core keeps fresh, and the row under the keyboard: rows elsewhere may have moved without a word. */
  #looked(): Map<number, Block> {
    const held = Math.floor(this.cursor.index / BLOCK);
    const blocks = new Map([...this.#blocks].filter(([at]) => at === held));
    for (const { from, to } of this.#looks) {
      for (let at = from / BLOCK; at < to / BLOCK; at += 1) blocks.set(at, this.#blocks.get(at) ?? []);
    }
    return blocks;
  }

  #hasHoles(): boolean {
    for (const { from, to } of this.#looks) {
      for (let index = from; index < Math.min(to, this.matched); index += 1) if (!this.row(index)) return true;
    }
    return false;
  }

  /** The same row keeps its object, so that only what changed is drawn again. */
  #keep(block: number, rows: FleetRow[]): Block {
    const before = this.#blocks.get(block);
    return rows.map((row, at) => settled(before?.[at], row));
  }

  #startOver(): void {
    this.#question += 1;
    this.#heard = -1;
    this.#blocks = new Map();
    this.facts = null;
    this.groups = [];
    this.folded = new Set();
    this.refusal = null;
    void this.#fetch();
  }
}

/** Whole blocks about some rows, in the order of the list; none of them too many for one question. */
function stretches(spans: readonly (readonly [first: number, last: number])[]): Stretch[] {
  const found: Stretch[] = [];
  for (const [first, last] of spans) {
    let from = Math.floor(Math.max(0, first) / BLOCK) * BLOCK;
    const end = Math.max(from + BLOCK, Math.ceil((last + 1) / BLOCK) * BLOCK);
    const before = found.at(-1);
    if (before && from <= before.to) {
      before.to = Math.max(before.to, Math.min(end, before.from + MOST));
      from = before.to;
    }
    for (; from < end; from += MOST) found.push({ from, to: Math.min(end, from + MOST) });
  }
  return found;
}

const sameStretches = (a: readonly Stretch[], b: readonly Stretch[]): boolean =>
  a.length === b.length && a.every(({ from, to }, at) => from === b[at]?.from && to === b[at].to);

/** A row that came, with whatever of it is as it was before: that is not drawn again. */
function settled(before: FleetRow | undefined, row: FleetRow): FleetRow {
  if (!before || !same(before.instance, row.instance)) return row;
  const besides = ({ label, heartbeat, version, cost30 }: FleetRow) => JSON.stringify([label, heartbeat, version, cost30]);
  return besides(before) === besides(row) ? before : { ...row, instance: before.instance };
}

function same(a: InstanceSummary, b: InstanceSummary): boolean {
  return (Object.keys(b) as (keyof InstanceSummary)[]).every((key) => a[key] === b[key]);
}

const stores = new WeakMap<Ipc, FleetStore>();

/** The fleet of the door in context: the same one on every screen, so that coming back shows it at once. */
export function getFleet(): FleetStore {
  const ipc = getIpc();
  let store = stores.get(ipc);
  if (!store) {
    stores.set(ipc, (store = new FleetStore(ipc)));
    store.begin();
  }
  return store;
}
