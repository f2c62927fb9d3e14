/**
 * What a list of log lines becomes on the screen. Belongs here: gaps, filters, levels, and the text that is copied.
 * Does not belong here: where lines come from (stores/logs), how they look (LogLines.svelte).
 */
import type { LogLine } from '$lib/ipc/bindings';
import { plainText } from './ansi';

/** A row of the list: a line, or how many are missing between two. `key` is stable while lines are added. */
export type Row = { type: 'line'; key: string; line: LogLine } | { type: 'gap'; key: string; missing: number };

export type LogFilter = { text: string; level: string; stage: string };

/** Nothing is left out. */
export const NO_FILTER: LogFilter = { text: '', level: '', stage: '' };

/** What a level means for its colour. The word itself is always shown. */
export type LevelTone = 'bad' | 'warn' | 'normal' | 'quiet';

const TONES: Record<string, LevelTone> = {
  error: 'bad', err: 'bad', fatal: 'bad', critical: 'bad', failed: 'bad', panic: 'bad',
  warning: 'warn', warn: 'warn',
  debug: 'quiet', trace: 'quiet', verbose: 'quiet',
};

/** The tone of a level; an unknown one is normal. */
export function levelTone(level: string | null): LevelTone {
  const key = (level ?? '').toLowerCase();
  return Object.hasOwn(TONES, key) ? (TONES[key] ?? 'normal') : 'normal';
}

/** The rows of `lines`, of which the first is the `first` of all. Gaps are told only where nothing is filtered: a filter leaves gaps of its own. */
export function toRows(lines: readonly LogLine[], filter: LogFilter = NO_FILTER, first = 0): Row[] {
  const whole = filter.text === '' && filter.level === '' && filter.stage === '';
  const wanted = filter.text.toLowerCase();
  const rows: Row[] = [];
  let before: number | null = null;
  lines.forEach((line, index) => {
    const seq = line.seq;
    if (whole && seq !== null && before !== null && seq > before + 1) {
      rows.push({ type: 'gap', key: `gap ${first + index}`, missing: seq - before - 1 });
    }
    if (seq !== null) before = seq;
    if (whole || matches(line, filter, wanted)) rows.push({ type: 'line', key: `line ${first + index}`, line });
  });
  return rows;
}

function matches(line: LogLine, filter: LogFilter, wanted: string): boolean {
  if (filter.level !== '' && (line.level ?? '') !== filter.level) return false;
  if (filter.stage !== '' && (line.stage ?? '') !== filter.stage) return false;
  if (wanted === '') return true;
  return plainText(line.message ?? '').toLowerCase().includes(wanted) || (line.stage ?? '').toLowerCase().includes(wanted);
}

/** The different values of a field, in the order in which they were first seen. */
export function valuesOf(lines: readonly LogLine[], field: 'level' | 'stage'): string[] {
  return [...new Set(lines.map((line) => line[field] ?? '').filter((value) => value !== ''))];
}

/** Lines as text: full time, level, stage and message without escape sequences. */
export function asText(lines: readonly LogLine[]): string {
  return lines
    .map((line) => [line.created_at ?? '-', line.level ?? '-', line.stage ?? '-', plainText(line.message ?? '')].join('\t'))
    .join('\n');
}

/** A message longer than this is cut until a person asks for all of it. */
export const MESSAGE_LIMIT = 4_096;

/** The beginning of a long message, never half a character. */
export function cutMessage(message: string): { shown: string; cut: boolean } {
  if (message.length <= MESSAGE_LIMIT) return { shown: message, cut: false };
  const end = (message.codePointAt(MESSAGE_LIMIT - 1) ?? 0) > 0xffff ? MESSAGE_LIMIT - 1 : MESSAGE_LIMIT;
  return { shown: message.slice(0, end), cut: true };
}
