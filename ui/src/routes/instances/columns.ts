/**
 * Which columns of the fleet are shown, in which order, how wide. Pure. Name and status are always there, the name comes first.
 * Belongs here: the choice, how it is written down (`region`, `region:160`), the widths.
 * Does not belong here: where the choice is kept, how a cell looks.
 */
import type { SortBy } from '$lib/ipc/bindings';

/** Every column but the name, in the order in which they are offered. */
export const COLUMNS = ['status', 'region', 'tier', 'runtime', 'customer', 'age', 'tags', 'star', 'version', 'heartbeat', 'cost'] as const;
export type Column = (typeof COLUMNS)[number];
export type Head = 'name' | Column;

/** The columns after the name, in their order, and the widths that a person gave, in pixels. */
export interface Columns {
  shown: readonly Column[];
  widths: Partial<Record<Head, number>>;
}

/** By which a column sorts; the others do not. */
export const SORTS: Partial<Record<Head, SortBy>> = {
  name: 'name', status: 'status', region: 'region', tier: 'tier', runtime: 'runtime', customer: 'customer', age: 'age', heartbeat: 'heartbeat', cost: 'cost',
};

/** What a column needs, and its part of what is left; without a part it is as wide as it needs to be. */
const USUAL: Record<Head, { least: number; part?: number }> = {
  name: { least: 170, part: 2.2 }, status: { least: 124, part: 1 }, region: { least: 92, part: 0.9 }, tier: { least: 84, part: 0.8 }, runtime: { least: 108, part: 0.9 },
  customer: { least: 120, part: 1.5 }, age: { least: 72 }, tags: { least: 150, part: 1.2 }, star: { least: 44 }, version: { least: 132, part: 0.7 }, heartbeat: { least: 128 }, cost: { least: 124 },
};

/** No narrower and no wider can a column be made. */
export const NARROWEST = 44;
export const WIDEST = 800;

const BOX = 36;
const ACTS = 40;

/** What shows while nobody has chosen: as many as the width has room for. */
function usual(width: number): readonly Column[] {
  if (width <= 720) return ['status', 'region', 'runtime', 'age'];
  return width <= 1080 ? ['status', 'region', 'tier', 'runtime', 'age'] : ['status', 'region', 'tier', 'runtime', 'customer', 'age'];
}

/** What was chosen; what the width has room for where nothing was. Names that no version knows are left out. */
export function columnsFor(kept: readonly string[] | null, width: number): Columns {
  if (kept === null) return { shown: usual(width), widths: {} };
  const widths: Columns['widths'] = {};
  const shown: Column[] = [];
  for (const word of kept) {
    const [name, pixels] = word.split(':');
    const head = name === 'name' ? name : COLUMNS.find((column) => column === name);
    if (head === undefined) continue;
    const wide = Number(pixels);
    if (pixels && Number.isFinite(wide)) widths[head] = bounded(wide);
    if (head !== 'name' && !shown.includes(head)) shown.push(head);
  }
  // A choice of an earlier version does not name it.
  if (!shown.includes('status')) shown.unshift('status');
  return { shown, widths };
}

/** How it is written down. */
export function wordsOf({ shown, widths }: Columns): string[] {
  const word = (head: Head) => (widths[head] === undefined ? head : `${head}:${String(widths[head])}`);
  return [...(widths.name === undefined ? [] : [word('name')]), ...shown.map(word)];
}

export const bounded = (width: number): number => Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));

/** With a column that was not there at the end, or without one that was. Status stays. */
export function switched(columns: Columns, column: Column): Columns {
  if (column === 'status') return columns;
  const shown = columns.shown.includes(column) ? columns.shown.filter((one) => one !== column) : [...columns.shown, column];
  return { ...columns, shown };
}

/** With a column at another place among those that are shown. */
export function moved(columns: Columns, column: Column, to: number): Columns {
  if (!columns.shown.includes(column)) return columns;
  const shown = columns.shown.filter((one) => one !== column);
  shown.splice(Math.max(0, Math.min(to, shown.length)), 0, column);
  return { ...columns, shown };
}

/** With a column of another width; null: its usual one. */
export function resized(columns: Columns, head: Head, width: number | null): Columns {
  const widths = Object.fromEntries(Object.entries(columns.widths).filter(([name]) => name !== head)) as Columns['widths'];
  if (width !== null) widths[head] = bounded(width);
  return { ...columns, widths };
}

/** The grid's columns. What is left goes to those without a width of their own, or behind the last one. */
export function columnTemplate({ shown, widths }: Columns): string {
  const heads: Head[] = ['name', ...shown];
  const tracks = heads.map((head) => {
    const { least, part } = USUAL[head];
    const own = widths[head];
    if (own !== undefined) return `${String(own)}px`;
    return part === undefined ? `${String(least)}px` : `minmax(${String(least)}px, ${String(part)}fr)`;
  });
  const stretches = heads.some((head) => widths[head] === undefined && USUAL[head].part !== undefined);
  return [`${String(BOX)}px`, ...tracks, stretches ? `${String(ACTS)}px` : `minmax(${String(ACTS)}px, 1fr)`].join(' ');
}

/** The width below which the table scrolls sideways. */
export function leastWidth({ shown, widths }: Columns): number {
  const heads: Head[] = ['name', ...shown];
  return heads.reduce((sum, head) => sum + (widths[head] ?? USUAL[head].least), BOX + ACTS);
}
