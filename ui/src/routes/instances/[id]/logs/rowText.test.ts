import { expect, it } from 'vitest';
import type { LogRow } from '$lib/ipc/bindings';
import { rowsText } from './rowText';

const line: LogRow = { index: 0, gapBefore: 0, change: null, line: { seq: 1, created_at: '2026-11-24T04:00:00Z', level: 'info', stage: 'boot', message: '\u001b[31mkey hc_live_0123456789abcdef\u001b[0m' } };
const change: LogRow = { index: 1, gapBefore: 0, line: null, change: { id: 1, at: '2026-11-24T04:01:00Z', kind: 'status', from: 'provisioning', to: 'running', detail: null } };

it('copies lines and changes in order, without colours, and without secrets unless asked', () => {
  expect(rowsText([line, change], true)).toBe('2026-11-24T04:00:00Z\tinfo\tboot\tkey [redacted]\n2026-11-24T04:01:00Z\t-\t-\tStatus · provisioning → running');
  expect(rowsText([line], false)).toContain('hc_live_0123456789abcdef');
});
