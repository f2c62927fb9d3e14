import { expect, it } from 'vitest';
import type { InstanceDetail, LogLine, RuntimeStatus } from '$lib/ipc/bindings';
import { errorText, isSilentSinceBirth, textsOf } from './problems';

const line = (level: string | null, message: string): LogLine => ({ level, message, created_at: null, seq: null, stage: null });
const runtime = (more: Partial<RuntimeStatus> = {}) => ({ error_code: null, error_message: null, last_heartbeat: null, provision_logs: [], ...more }) as unknown as RuntimeStatus;
const detail = (more: Partial<InstanceDetail> = {}) => ({ error_message: null, created_at: '2026-11-01T00:00:00Z', ...more }) as unknown as InstanceDetail;
const now = Date.parse('2026-11-24T14:00:00Z');

it('an error is its code and its message, as far as there are any', () => {
  expect(errorText(runtime({ error_code: 'disk_full', error_message: 'ENOSPC' }), null)).toBe('disk_full: ENOSPC');
  expect(errorText(runtime(), detail({ error_message: ' broken ' }))).toBe('broken');
  expect(errorText(null, null)).toBeNull();
});

it('looks for errors in what is reported first, then in the newest lines that complain', () => {
  const report = runtime({ error_message: 'a', provision_logs: [line('error', 'old'), line('info', 'fine'), line('warning', 'new'), line(null, 'no level')] });
  expect(textsOf(report, detail({ error_message: 'b' }))).toEqual(['a', 'b', 'new', 'old']);
});

it('an agent is silent since its birth only when it had time to speak', () => {
  expect(isSilentSinceBirth('running', runtime(), detail(), now)).toBe(true);
  expect(isSilentSinceBirth('running', runtime(), detail({ created_at: new Date(now - 60_000).toISOString() }), now)).toBe(false);
  expect(isSilentSinceBirth('running', runtime({ last_heartbeat: '2026-11-01T00:01:00Z' }), detail(), now)).toBe(false);
  expect(isSilentSinceBirth('running', null, detail(), now)).toBe(false);
  expect(isSilentSinceBirth('running', runtime(), detail({ created_at: null }), now)).toBe(false);
});
