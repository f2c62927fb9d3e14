/** Places and values of a comparison in words, and which cells stand out. Pure. */
import type { SideCell, SideColumn, SidePart, SideRow } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { number } from '$lib/text/number';
import { money } from '$lib/usage/decimal';

export const partText = (part: SidePart): string => m[`sides_part_${part}`]();

/** The place as people read it. */
export function placeText(part: SidePart, path: readonly string[]): string {
  const [first] = path;
  if (part === 'usage' && (first === 'cost' || first === 'requests' || first === 'tokens')) return m[`sides_usage_${first}`]();
  if (part === 'detail') return showHidden(path.join(' › ').replaceAll('_', ' '));
  return showHidden(path.join(' › '));
}

/** The value as people read it. */
export function valueText(part: SidePart, path: readonly string[], text: string): string {
  if (part === 'usage') return path[0] === 'cost' ? money(text) : number(Number(text));
  return showHidden(text);
}

/** The cells that stand out of a row that differs: those that are not as most are; all, where no value is that of most. */
export function standingOut(row: SideRow): boolean[] {
  const known = row.cells.map((cell) => (cell.type === 'unread' ? null : JSON.stringify(cell)));
  if (!row.differs) return row.cells.map(() => false);
  const counts = new Map<string, number>();
  for (const cell of known) if (cell !== null) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const [most, next] = [...counts].sort((a, b) => b[1] - a[1]);
  const usual = most && next && most[1] > next[1] ? most[0] : null;
  return known.map((cell) => cell !== null && cell !== usual);
}

export const emptyText = (cell: SideCell): string => (cell.type === 'unread' ? m.sides_unread() : cell.type === 'secret' ? m.sides_secret() : m.sides_absent());

/** When the oldest of what is shown of it was read; null where nothing was. */
export function oldest(column: SideColumn): string | null {
  const times = column.parts.flatMap(({ seenAt }) => (seenAt === null ? [] : [seenAt])).sort();
  return times[0] ?? null;
}

/** Rows by their part, in order. */
export function byPart(rows: readonly SideRow[]): { part: SidePart; rows: SideRow[] }[] {
  const groups: { part: SidePart; rows: SideRow[] }[] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.part === row.part) last.rows.push(row);
    else groups.push({ part: row.part, rows: [row] });
  }
  return groups;
}
