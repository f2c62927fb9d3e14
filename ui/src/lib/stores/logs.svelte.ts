/**
 * The log of one instance as far as it is on screen: a window of rows around what is looked at, never the whole.
 * Belongs here: asking for windows, keeping the rows near the eye and under the selection, dropping what came too late.
 * Does not belong here: filtering and merging (the core), following the end, colours and elements (lib/logs, the screen).
 */
import type { Failure, InstanceId, LogFormat, LogQuery, LogRow, LogWindow } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

/** Rows are asked for and kept in blocks of this many. */
export const BLOCK = 50;
/** Blocks asked for on either side of the ones looked at, so that a turn of the wheel finds its rows. */
const AHEAD = 1;
/** Blocks kept on either side. */
const MARGIN = 16;
/** Most rows of one answer of the core. */
export const WINDOW = 500;
/** Most blocks kept because they are selected. */
const PINNED = 16;

/** Every line, with what happened among them. */
export const EVERYTHING: LogQuery = { text: '', regex: false, levels: [], stages: [], withChanges: true };

type Facts = Omit<LogWindow, 'rows' | 'offset'>;
type LogsIpc = Pick<Ipc, 'watchLogs' | 'unwatchLogs' | 'showLogs' | 'findLogTime' | 'exportLogs' | 'onEvent'>;

export function sameQuery(a: LogQuery, b: LogQuery): boolean {
  const same = (one: readonly string[], other: readonly string[]) => one.length === other.length && one.every((word) => other.includes(word));
  return a.text === b.text && a.regex === b.regex && a.withChanges === b.withChanges && same(a.levels, b.levels) && same(a.stages, b.stages);
}

export class Logs {
  /** What is asked for: the newest question, answered or not. */
  query = $state.raw<LogQuery>(EVERYTHING);
  /** What the core said last about the rows shown. */
  facts = $state.raw<Facts | null>(null);
  /** Why the core itself could not answer. */
  refusal = $state.raw<Failure | null>(null);
  /** The core's first look at the platform is still under way. */
  looking = $state(true);
  readonly #ipc: LogsIpc;
  readonly #id: InstanceId;
  #blocks = $state.raw<ReadonlyMap<number, readonly LogRow[]>>(new Map());
  #question = $state(0);
  #answered = $state(-1);
  #from = 0;
  #to = BLOCK;
  #pinned: readonly [number, number] | null = null;
  /** A question of this number is on its way. */
  #asking = -1;
  /** Rows may have moved: what is held must be asked for again. */
  #stale = false;
  #unsubscribe: (() => void) | null = null;

  constructor(ipc: LogsIpc, id: InstanceId, query: LogQuery = EVERYTHING) {
    this.#ipc = ipc;
    this.#id = id;
    this.query = query;
  }

  /** The row at a place, or undefined while it is not here. */
  row(index: number): LogRow | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  /** How many rows match, as far as the core has said. */
  get matched(): number {
    return this.facts?.matched ?? 0;
  }

  get total(): number {
    return this.facts?.total ?? 0;
  }

  /** Counts the questions that were answered: it changes when the rows are those of another filter. */
  get answered(): number {
    return this.#answered;
  }

  /** True while the rows on screen still answer the question before this one. */
  get behind(): boolean {
    return this.#question !== this.#answered;
  }

  get failure(): Failure | null {
    return this.refusal ?? this.facts?.failure ?? null;
  }

  /** Nothing is known yet and nothing has gone wrong yet. */
  get loading(): boolean {
    return this.failure === null && (this.facts === null || (this.total === 0 && this.looking));
  }

  /** How many rows are held: bounded, whatever the log's length. */
  get held(): number {
    return [...this.#blocks.values()].reduce((sum, block) => sum + block.length, 0);
  }

  /** Starts to look. What is known is shown at once; the platform's newest lines come when they come. */
  async watch(): Promise<void> {
    this.#unsubscribe = this.#ipc.onEvent((event) => {
      if (event.type === 'logsChanged' && event.id === this.#id) this.#refresh();
      // Changes stand among the lines: they come with the instance.
      else if (event.type === 'instanceChanged' && event.id === this.#id && this.query.withChanges) this.#refresh();
    });
    void this.#fetch();
    try {
      await this.#ipc.watchLogs(this.#id);
    } catch (thrown) {
      this.refusal = asFailure(thrown);
    }
    this.looking = false;
    this.#refresh();
  }

  /** Stops to look. */
  leave(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#ipc.unwatchLogs(this.#id).catch(() => undefined);
  }

  /** Asks another question. Its rows replace the shown ones when they come, not before. */
  ask(query: LogQuery): void {
    if (sameQuery(query, this.query)) return;
    this.query = query;
    this.#question += 1;
    this.#to -= this.#from;
    this.#from = 0;
    this.#pinned = null;
    void this.#fetch();
  }

  /** Says which rows are on screen. */
  look(first: number, last: number): void {
    this.#from = Math.max(0, Math.floor(first / BLOCK) - AHEAD) * BLOCK;
    this.#to = Math.min(this.#from + WINDOW, (Math.floor(last / BLOCK) + 1 + AHEAD) * BLOCK);
    if (this.#stale || this.#missing() !== null) void this.#fetch();
  }

  /** Says which rows are selected: they stay, wherever the eye goes. */
  pin(range: readonly [number, number] | null): void {
    this.#pinned = range;
  }

  /** Asks once more, and has the core look at the platform now: after failures it looks ever more seldom by itself. */
  async retry(): Promise<void> {
    this.refusal = null;
    this.#stale = true;
    // Wanting what is wanted already is the way to say "now".
    void this.#ipc.watchLogs(this.#id).then(() => this.#ipc.unwatchLogs(this.#id)).catch(() => undefined);
    await this.#fetch();
  }

  /** The place of the first row at or after a time. */
  findTime(at: string): Promise<number> {
    return this.#ipc.findLogTime(this.#id, this.query, at);
  }

  /** Rows from one place to another, both included, also those that are not held. */
  async rows(first: number, last: number): Promise<LogRow[]> {
    const rows: LogRow[] = [];
    for (let at = first; at <= last; at += WINDOW) {
      const window = await this.#ipc.showLogs(this.#id, this.query, at, Math.min(WINDOW, last + 1 - at));
      rows.push(...window.rows);
      if (window.rows.length === 0) break;
    }
    return rows;
  }

  /** Saves every row that matches. False: nothing was saved. */
  save(format: LogFormat, redact: boolean): Promise<boolean> {
    return this.#ipc.exportLogs(this.#id, this.query, format, redact);
  }

  #refresh(): void {
    this.#stale = true;
    if (this.#unsubscribe !== null) void this.#fetch();
  }

  /** One answer of a question at a time; what is wanted meanwhile is asked for afterwards. Another question does not wait. */
  async #fetch(): Promise<void> {
    const question = this.#question;
    if (this.#asking === question) return;
    this.#asking = question;
    try {
      do {
        const range = this.#stale || this.#answered !== question ? ([this.#from, this.#to] as const) : this.#missing();
        if (range === null) break;
        const whole = this.#stale;
        this.#stale = false;
        const window = await this.#ipc.showLogs(this.#id, this.query, range[0], Math.min(WINDOW, range[1] - range[0]));
        if (question !== this.#question) return;
        this.#take(window, whole);
      } while (this.#unsubscribe !== null && (this.#stale || this.#missing() !== null));
    } catch (thrown) {
      if (question === this.#question) this.refusal = asFailure(thrown);
    } finally {
      if (this.#asking === question) this.#asking = -1;
    }
  }

  #take(window: LogWindow, whole: boolean): void {
    const { rows, offset, ...facts } = window;
    // After another question, and where rows may have moved, only what just came is certain.
    const anew = this.#answered !== this.#question || facts.matched < this.matched;
    const blocks = new Map(anew ? [] : whole ? [...this.#blocks].filter(([at]) => this.#isPinned(at)) : this.#blocks);
    for (let at = 0; at < rows.length; at += BLOCK) {
      const block = Math.floor((offset + at) / BLOCK);
      blocks.set(block, rows.slice(at, at + BLOCK).map((row) => this.#keep(row, anew)));
    }
    this.#answered = this.#question;
    this.refusal = null;
    this.facts = facts;
    this.#blocks = this.#near(blocks, facts.matched);
  }

  /** The same row keeps its object, so that what is on screen and under a selection is not drawn again. */
  #keep(row: LogRow, anew: boolean): LogRow {
    const old = anew ? undefined : this.row(row.index);
    return old !== undefined && sameRow(old, row) ? old : row;
  }

  #near(blocks: ReadonlyMap<number, readonly LogRow[]>, matched: number): ReadonlyMap<number, readonly LogRow[]> {
    const low = this.#from / BLOCK - MARGIN;
    const high = this.#to / BLOCK + MARGIN;
    return new Map([...blocks].filter(([at]) => at * BLOCK < matched && ((at >= low && at < high) || this.#isPinned(at))));
  }

  #isPinned(block: number): boolean {
    if (this.#pinned === null) return false;
    const first = Math.floor(this.#pinned[0] / BLOCK);
    return block >= first && block <= Math.min(Math.floor(this.#pinned[1] / BLOCK), first + PINNED);
  }

  /** The part of what is looked at that is not here, or null. */
  #missing(): readonly [number, number] | null {
    const end = Math.min(this.#to, this.matched);
    let first: number | null = null;
    let last = 0;
    for (let at = this.#from; at < end; at += BLOCK) {
      const wanted = Math.min(BLOCK, this.matched - at);
      if ((this.#blocks.get(at / BLOCK)?.length ?? 0) >= wanted) continue;
      first ??= at;
      last = at + BLOCK;
    }
    return first === null ? null : [first, last];
  }
}

function sameRow(a: LogRow, b: LogRow): boolean {
  return a.gapBefore === b.gapBefore && a.line?.seq === b.line?.seq && a.line?.message === b.line?.message && a.line?.created_at === b.line?.created_at
    && a.line?.level === b.line?.level && a.line?.stage === b.line?.stage && a.change?.id === b.change?.id && a.change?.at === b.change?.at;
}
