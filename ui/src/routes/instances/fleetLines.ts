/**
 * What lies on which line of the fleet's table: rows, and a heading above each group. Pure.
 * Belongs here: from lines to rows and back, and what a folded group hides. Does not belong here: pixels, focus.
 */
import type { FleetGroup } from '$lib/ipc/bindings';

/** The place of a row in the list, or of a group among the groups. */
export type Line = { row: number } | { group: number };

/** First and last row of some that lie together. */
export type Span = readonly [first: number, last: number];

export class FleetLines {
  readonly groups: readonly FleetGroup[];
  /** How many lines there are. */
  readonly count: number;
  readonly #folded: ReadonlySet<string>;
  readonly #rows: number;
  /** The line of each group's heading. */
  readonly #heads: number[] = [];

  /** Without groups each row is a line; with them their rows count, whatever `rows` says. */
  constructor(rows: number, groups: readonly FleetGroup[], folded: ReadonlySet<string>) {
    this.groups = groups;
    this.#folded = folded;
    let line = 0;
    let all = 0;
    for (const { key, count } of groups) {
      this.#heads.push(line);
      line += folded.has(key) ? 1 : count + 1;
      all += count;
    }
    this.count = groups.length === 0 ? rows : line;
    this.#rows = groups.length === 0 ? rows : all;
  }

  get grouped(): boolean {
    return this.groups.length > 0;
  }

  /** What a line shows; null where there is no such line. */
  at(line: number): Line | null {
    if (line < 0 || line >= this.count) return null;
    if (!this.grouped) return { row: line };
    const group = lastUpTo(this.#heads, line);
    const head = this.#heads[group] ?? 0;
    return line === head ? { group } : { row: (this.groups[group]?.offset ?? 0) + line - head - 1 };
  }

  /** The line of a group's heading. */
  ofGroup(group: number): number {
    return this.#heads[group] ?? 0;
  }

  /** The line of a row; that of its heading while the group is folded. */
  ofRow(row: number): number {
    const group = this.groupOf(row);
    if (group === null) return row;
    const { key, offset } = this.groups[group] ?? { key: '', offset: 0 };
    return this.ofGroup(group) + (this.#folded.has(key) ? 0 : row - offset + 1);
  }

  /** The group that a row lies in; null where nothing is grouped. */
  groupOf(row: number): number | null {
    if (!this.grouped) return null;
    let [low, high] = [0, this.groups.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.groups[middle]?.offset ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The group that a line belongs to, its heading included. */
  groupAt(line: number): number | null {
    return this.grouped ? lastUpTo(this.#heads, line) : null;
  }

  /** The heading that stays in sight while its rows go by, and how far the next one pushes it out; in lines. */
  stays(scrolled: number): { line: number; pushed: number } | null {
    const group = this.groupAt(Math.floor(scrolled));
    if (group === null || this.ofGroup(group) >= scrolled) return null;
    const next = this.#heads[group + 1];
    return { line: this.ofGroup(group), pushed: next === undefined ? 0 : Math.max(0, 1 - (next - scrolled)) };
  }

  isFolded(group: number): boolean {
    return this.#folded.has(this.groups[group]?.key ?? '');
  }

  /** The rows on some lines, as few spans as there are. */
  rowsOn(first: number, last: number): Span[] {
    const end = Math.min(last, this.count - 1);
    if (!this.grouped) return end < first ? [] : [[Math.max(0, first), end]];
    const spans: Span[] = [];
    for (let group = lastUpTo(this.#heads, Math.max(0, first)); group < this.groups.length && this.ofGroup(group) <= end; group += 1) {
      if (this.isFolded(group)) continue;
      const { offset, count } = this.groups[group] ?? { offset: 0, count: 0 };
      const head = this.ofGroup(group);
      const from = Math.max(offset, offset + first - head - 1);
      const to = Math.min(offset + count - 1, offset + end - head - 1);
      if (to < from) continue;
      const before = spans.at(-1);
      if (before && before[1] + 1 === from) spans[spans.length - 1] = [before[0], to];
      else spans.push([from, to]);
    }
    return spans;
  }

  /** The rows from one to another that can be seen: a folded group between them keeps its own out. */
  rowsBetween(a: number, b: number): Span[] {
    const [first, last] = [Math.max(0, Math.min(a, b)), Math.min(this.#rows - 1, Math.max(a, b))];
    return this.rowsOn(this.ofRow(first), this.ofRow(last));
  }
}

/** The last place whose number is not more than `most`. */
function lastUpTo(numbers: readonly number[], most: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((numbers[middle] ?? 0) <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}
