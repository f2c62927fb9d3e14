/** A row of a log as text, for copies. Belongs here: a line or a change, redacted or not. */
import type { LogRow } from '$lib/ipc/bindings';
import { redact } from '$lib/logs/redact';
import { asText } from '$lib/logs/rows';
import { changeText } from '../changes';

/** One row. */
export function rowText({ line, change }: LogRow, hide: boolean): string {
  const text = line ? asText(line) : change ? `${change.at}\t-\t-\t${changeText(change)}` : '';
  return hide ? redact(text) : text;
}

export function rowsText(rows: readonly LogRow[], hide: boolean): string {
  return rows.map((row) => rowText(row, hide)).join('\n');
}
