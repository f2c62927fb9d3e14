/**
 * What needs a person: a window of it around what is looked at, and the counts for those who only pass by.
 * Belongs here: asking the core for windows, asking again when something changed, staying where the eye is while rows
 * come and go above it. Does not belong here: who needs somebody and why (the core), words (the screen).
 */
import type { Failure, Need, NeedKind, NeedsFacts } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { whenProfileChanges } from './chat.svelte';

type NeedsIpc = Pick<Ipc, 'showNeeds' | 'getSession' | 'onEvent'>;

/** Rows are asked for in blocks of this many. */
export const BLOCK = 40;
/** How long news may gather, in milliseconds: the list is judged as a whole each time. */
const REST = 1_500;
/** Time alone makes things late: so often it is judged without any news, in milliseconds. */
const EVERY = 60_000;

/** A line of the list: the head of a kind, or a need by its place. */
export type Line = { type: 'head'; kind: NeedKind; count: number } | { type: 'need'; index: number };

/** What can change who needs a person. */
const NEWS: ReadonlySet<string> = new Set(['fleetChanged', 'deployChanged', 'deployForgotten', 'fleetUsageChanged', 'instanceChanged', 'instanceGone', 'baselinesChanged']);

export class Needs {
  facts = $state.raw<NeedsFacts | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** How many lines the row that is held to moved by, with the newest answer: the screen scrolls along. */
  moved = $state.raw<{ lines: number } | null>(null);
  #rows = $state.raw<ReadonlyMap<number, Need>>(new Map());

  readonly #ipc: NeedsIpc;
  #from = 0;
  #to = BLOCK;
  #watching = false;
  /** The first row on screen and its line. */
  #anchor: { key: string; line: number } | null = null;
  #asked = 0;
  /** Until news is looked at, and until time alone is. */
  #timer: ReturnType<typeof setTimeout> | null = null;
  #tick: ReturnType<typeof setTimeout> | undefined;

  constructor(ipc: NeedsIpc) {
    this.#ipc = ipc;
    whenProfileChanges(ipc, () => this.#startOver());
    ipc.onEvent((event) => {
      if (NEWS.has(event.type)) this.soon(REST);
      else if (event.type === 'sessionChanged' || event.type === 'clockSet') this.soon(0);
    });
  }

  get count(): number {
    return this.facts?.count ?? 0;
  }

  /** Heads and rows, as many as the list has. */
  get lines(): number {
    return this.facts ? this.facts.count + this.facts.kinds.length : 0;
  }

  need(index: number): Need | undefined {
    return this.#rows.get(index);
  }

  /** What stands on a line. */
  line(at: number): Line | null {
    let line = 0;
    let index = 0;
    for (const { kind, count } of this.facts?.kinds ?? []) {
      if (at === line) return { type: 'head', kind, count };
      if (at <= line + count) return { type: 'need', index: index + at - line - 1 };
      line += count + 1;
      index += count;
    }
    return null;
  }

  /** On which line a row stands. */
  lineOf(index: number): number {
    let before = 0;
    let heads = 0;
    for (const { count } of this.facts?.kinds ?? []) {
      heads += 1;
      before += count;
      if (index < before) break;
    }
    return index + heads;
  }

  /** Says which lines are on screen; the first need among them is what the eye holds to. */
  look(first: number, last: number): void {
    const under = this.#watching;
    this.#watching = true;
    const seen = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at).flatMap((at) => {
      const line = this.line(at);
      return line?.type === 'need' ? [{ line: at, index: line.index }] : [];
    });
    const held = seen.find(({ index }) => this.#rows.has(index));
    const key = held && this.#rows.get(held.index)?.key;
    this.#anchor = first > 0 && held && key !== undefined ? { key, line: held.line } : null;
    const from = Math.floor((seen[0]?.index ?? 0) / BLOCK) * BLOCK;
    const to = Math.max(from + BLOCK, Math.ceil(((seen.at(-1)?.index ?? 0) + 1) / BLOCK) * BLOCK);
    if (under && from === this.#from && to === this.#to && this.facts !== null) return;
    this.#from = from;
    this.#to = to;
    void this.load();
  }

  /** Nobody looks any more: only the counts are kept. */
  leave(): void {
    this.#watching = false;
    this.#anchor = null;
    this.#from = 0;
    this.#to = BLOCK;
  }

  /** Reads once, for whoever shows a count; later calls do nothing. */
  begin(): void {
    if (this.#asked === 0) void this.load();
  }

  soon(wait: number): void {
    if (this.#timer !== null) {
      if (wait >= REST) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => void this.load(), wait);
  }

  /** Asks for what is looked at. An answer that was overtaken is dropped. */
  async load(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const asked = ++this.#asked;
    const anchor = this.#anchor;
    try {
      const window = await this.#ipc.showNeeds(anchor?.key ?? null, this.#from, this.#watching ? this.#to - this.#from : 0);
      if (asked !== this.#asked) return;
      this.facts = window.facts;
      this.failure = null;
      this.#rows = new Map(window.rows.map((need, at) => [window.offset + at, this.#settled(need)]));
      const lines = anchor && window.anchorAt !== null ? this.lineOf(window.anchorAt) - anchor.line : 0;
      if (anchor && lines !== 0) {
        this.#anchor = { ...anchor, line: anchor.line + lines };
        this.moved = { lines };
      }
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    }
    if (asked !== this.#asked) return;
    clearTimeout(this.#tick);
    this.#tick = setTimeout(() => void this.load(), EVERY);
  }

  /** The same row keeps its object, so that only what changed is drawn again. */
  #settled(need: Need): Need {
    for (const before of this.#rows.values()) {
      if (before.key === need.key) return JSON.stringify(before) === JSON.stringify(need) ? before : need;
    }
    return need;
  }

  #startOver(): void {
    this.facts = null;
    this.failure = null;
    this.#rows = new Map();
    this.#anchor = null;
    void this.load();
  }
}

const known = new WeakMap<Ipc, Needs>();

/** What needs a person, of the door in context: the same for the screen, the fleet's line and the sidebar. */
export function useNeeds(ipc: Ipc = getIpc()): Needs {
  const needs = known.get(ipc) ?? new Needs(ipc);
  known.set(ipc, needs);
  needs.begin();
  return needs;
}
