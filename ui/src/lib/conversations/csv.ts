/** Tables as CSV (RFC 4180) that no spreadsheet takes for formulas. Pure. */

/** Characters at which spreadsheets begin to calculate, also behind spaces and in their wide forms. */
const FORMULA = /^[\s\u200b\ufeff]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20|]/;

/** One cell: quoted where it must be, and never a formula. */
export function cell(text: string): string {
  const harmless = FORMULA.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n\t]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}
