/**
 * Which columns of the fleet are shown. Pure. Name, status and acts are always there.
 * Belongs here: the choice and the widths. Does not belong here: where the choice is kept, how a cell looks.
 */

/** Columns a person may leave out, in the table's order. */
export const OPTIONAL = ['region', 'tier', 'runtime', 'customer', 'age'] as const;
export type Column = (typeof OPTIONAL)[number];

const WIDTHS: Record<Column, string> = {
  region: 'minmax(92px, 0.9fr)', tier: 'minmax(84px, 0.8fr)', runtime: 'minmax(108px, 0.9fr)', customer: 'minmax(120px, 1.5fr)', age: '72px',
};

/** What was chosen; none when the width of the window decides. Names that an earlier version kept are left out. */
export function chosenColumns(kept: readonly string[] | null): readonly Column[] | null {
  return kept === null ? null : OPTIONAL.filter((column) => kept.includes(column));
}

/** The grid's columns for a choice. */
export function columnTemplate(columns: readonly Column[]): string {
  return ['minmax(170px, 2.2fr)', 'minmax(124px, 1fr)', ...columns.map((column) => WIDTHS[column]), '40px'].join(' ');
}

/** The choice after one column was switched. */
export function switched(columns: readonly Column[] | null, column: Column): Column[] {
  const now = columns ?? OPTIONAL;
  return OPTIONAL.filter((one) => (one === column ? !now.includes(one) : now.includes(one)));
}
