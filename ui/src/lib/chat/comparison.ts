/**
 * The same message to several instances: which ones, and what came of it as a text. Pure.
 * Belongs here: the address, the counts, the table that is copied. Does not belong here: sending, columns, looks.
 */
import type { InstanceId } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';

export const FEWEST = 2;
export const MOST = 6;

/** The ids an address asks for: each once, no more than fit. */
export function idsOf(text: string | null): InstanceId[] {
  const ids = (text ?? '').split(',').map((id) => id.trim()).filter(Boolean);
  return [...new Set(ids)].slice(0, MOST);
}

export function addressOf(ids: readonly InstanceId[]): string {
  return ids.length === 0 ? '/compare' : `/compare?ids=${ids.map(encodeURIComponent).join(',')}`;
}

/** How many words a text has. */
export function wordsIn(text: string): number {
  return text.trim() === '' ? 0 : text.trim().split(/\s+/).length;
}

/** One instance's answer, in words for people. */
export interface Answer { name: string; state: string; first: string; total: string; tokens: string; words: string; reply: string }

/** The one with the smallest number; none where fewer than two can be compared, or where two are equally fast. */
export function fastest(times: readonly (number | null)[]): number | null {
  const known = times.flatMap((time, at) => (time === null ? [] : [{ time, at }])).sort((a, b) => a.time - b.time);
  const [first, second] = known;
  return first && second && first.time < second.time ? first.at : null;
}

/** One cell of a Markdown table: nothing in it ends the cell or the row. */
export function tableCell(text: string): string {
  return text.trim().replace(/\\/g, '\\\\').replace(/\|/g, '\\|').replace(/\r\n?|\n/g, '<br>');
}

/** The comparison as Markdown: what was asked, then one row an instance. */
export function comparedAsMarkdown(message: string, answers: readonly Answer[]): string {
  const head = [m.compare_table_instance(), m.compare_table_state(), m.compare_table_first(), m.compare_table_total(), m.compare_table_tokens(), m.compare_table_words(), m.compare_table_reply()];
  const row = (cells: readonly string[]): string => `| ${cells.map(tableCell).join(' | ')} |`;
  const quote = message.trim().split('\n').map((line) => `> ${line}`.trimEnd()).join('\n');
  return [
    `**${m.compare_table_message()}**`, '', quote, '', row(head), '| --- | --- | ---: | ---: | ---: | ---: | --- |',
    ...answers.map(({ name, state, first, total, tokens, words, reply }) => row([name, state, first, total, tokens, words, reply])), '',
  ].join('\n');
}
