import { expect, test } from 'vitest';
import type { LogLine } from '$lib/ipc/bindings';
import { asText, cutMessage, levelTone, MESSAGE_LIMIT, toRows } from './rows';

const line = (seq: number | null, more: Partial<LogLine> = {}): LogLine => ({
  seq, created_at: '2026-11-24T04:00:00Z', level: 'info', stage: 'installing', message: `line ${seq ?? '?'}`, ...more,
});

test('lines that are missing between two are counted in a row of their own', () => {
  expect(toRows([line(1), line(2), line(6)])).toMatchObject([{ type: 'line' }, { type: 'line' }, { type: 'gap', missing: 3 }, { type: 'line' }]);
});

test('lines without a number leave no gap', () => {
  expect(toRows([line(1), line(null), line(2)]).map((row) => row.type)).toEqual(['line', 'line', 'line']);
});

test('rows keep their key while lines are added', () => {
  const before = toRows([line(1), line(3)]).map((row) => row.key);
  expect(toRows([line(1), line(3), line(4)]).map((row) => row.key).slice(0, before.length)).toEqual(before);
});

test('a copied line carries the full time and no escape sequences', () => {
  expect(asText(line(1, { message: '\u001b[1mhi\u001b[0m', level: null }))).toBe('2026-11-24T04:00:00Z\t-\tinstalling\thi');
});

test('a long message is cut, never inside a character', () => {
  expect(cutMessage('short')).toEqual({ shown: 'short', cut: false });
  const { shown, cut } = cutMessage('x' + '🛶'.repeat(MESSAGE_LIMIT));
  expect(cut).toBe(true);
  expect(shown.isWellFormed()).toBe(true);
});

test('an unknown level is neither good nor bad', () => {
  expect([levelTone('ERROR'), levelTone('warn'), levelTone('chatty'), levelTone(null), levelTone('__proto__'), levelTone('constructor')]).toEqual(['bad', 'warn', 'normal', 'normal', 'normal', 'normal']);
});
