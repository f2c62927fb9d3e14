/**
 * What a list of log lines becomes on the screen. Belongs here: gaps, levels, cutting, and the text that is copied.
 * Does not belong here: where lines come from (stores/logs, stores/deploys), how they look (LogLines.svelte).
 */
import type { LogLine } from '$lib/ipc/bindings';
import { plainText } from './ansi';

/** A row of the list: a line, or how many are missing between two. `key` is stable while lines are added. */
export type Row = { type: 'line'; key: string; line: LogLine } | { type: 'gap'; key: string; missing: number };

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

/** The rows of `lines`, of which the first is the `first` of all. */
export function toRows(lines: readonly LogLine[], first = 0): Row[] {
  let before: number | null = null;
  const rows: Row[] = [];
  lines.forEach((line, index) => {
    const seq = line.seq;
    if (seq !== null && before !== null && seq > before + 1) rows.push({ type: 'gap', key: `gap ${first + index}`, missing: seq - before - 1 });
    if (seq !== null) before = seq;
    rows.push({ type: 'line', key: `line ${first + index}`, line });
  });
  return rows;
}

/** A line as text: full time, level, stage and message without escape sequences. */
export function asText(line: LogLine): string {
  return [line.created_at ?? '-', line.level ?? '-', line.stage ?? '-', plainText(line.message ?? '')].join('\t');
}

/** A message longer than this is cut until a person asks for all of it. */
export const MESSAGE_LIMIT = 4_096;

/** The beginning of a long message, never half a character. */
export function cutMessage(message: string, limit = MESSAGE_LIMIT): { shown: string; cut: boolean } {
  if (message.length <= limit) return { shown: message, cut: false };
  const end = (message.codePointAt(limit - 1) ?? 0) > 0xffff ? limit - 1 : limit;
  return { shown: message.slice(0, end), cut: true };
}
