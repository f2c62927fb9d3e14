import { describe, expect, it } from 'vitest';
import type { Phase } from '$lib/ipc/bindings';
import { verdictOf, verdictText, type Signs } from './verdict';

const now = Date.parse('2026-11-24T14:02:11Z');
const before = (ms: number) => new Date(now - ms).toISOString();
const MINUTE = 60_000;
const well: Signs = { phase: 'running', status: 'running', health: 'healthy', fetchedAt: before(4_000), heartbeatAt: before(12_000), provenAt: before(6 * MINUTE), now };
const verdict = (change: Partial<Signs> = {}) => verdictOf({ ...well, ...change });
const text = (change: Partial<Signs> = {}) => { const signs = { ...well, ...change }; return verdictText(verdictOf(signs), signs); };

describe('the verdict', () => {
  it('is green for what runs, reports and was fetched just now', () => {
    expect(verdict()).toEqual({ kind: 'answering', tone: 'ok' });
    expect(text()).toBe('Running and answering, heartbeat 12 s ago');
  });

  it('does not say answering where nobody has had an answer lately', () => {
    for (const provenAt of [null, before(30 * 60 * MINUTE), 'nonsense']) expect(verdict({ provenAt })).toEqual({ kind: 'running', tone: 'ok' });
  });

  it('turns amber when the heartbeat stopped', () => {
    expect(verdict({ heartbeatAt: before(40 * MINUTE) })).toEqual({ kind: 'silent', tone: 'warn' });
    expect(text({ heartbeatAt: before(40 * MINUTE) })).toBe('Says running, but its heartbeat stopped 40 min ago');
  });

  it('turns amber when the answer is getting old, and unknown when it is old', () => {
    expect(verdict({ fetchedAt: before(3 * MINUTE) })).toEqual({ kind: 'wasRunning', tone: 'warn' });
    expect(verdict({ fetchedAt: before(40 * MINUTE) })).toEqual({ kind: 'notKnown', tone: 'unknown' });
    expect(text({ fetchedAt: before(40 * MINUTE) })).toMatch(/^Not known: no answer since \d\d:\d\d$/);
    expect(text({ fetchedAt: before(3 * 86_400_000) })).toContain('2026');
  });

  it('is unknown where nothing was ever fetched, where no heart ever beat, and where its time lies ahead', () => {
    for (const kind of ['running', 'failed', 'onItsWay'] as const) expect(verdict({ phase: kind, fetchedAt: before(-86_400_000) })).toEqual({ kind: 'notKnown', tone: 'unknown' });
    expect(text({ fetchedAt: before(-3 * 86_400_000) })).toContain('2026');
    expect(verdict({ fetchedAt: null })).toEqual({ kind: 'neverSeen', tone: 'unknown' });
    expect(verdict({ heartbeatAt: null })).toEqual({ kind: 'noHeartbeat', tone: 'unknown' });
    expect(verdict({ heartbeatAt: before(-3_600_000) })).toEqual({ kind: 'skewed', tone: 'unknown' });
  });

  it('follows the health check, whatever the heartbeat says', () => {
    expect(verdict({ health: 'unhealthy' })).toEqual({ kind: 'unwell', tone: 'bad' });
    expect(verdict({ health: 'Degraded' })).toEqual({ kind: 'ailing', tone: 'warn' });
    expect(verdict({ health: null }).tone).toBe('ok');
  });

  it('is calm while an agent is started, with since when, and a warning once that takes too long', () => {
    const down = { health: 'starting', heartbeatAt: null, provenAt: null };
    const since = before(12_000);
    expect(verdict({ ...down, starting: { since, late: false } })).toEqual({ kind: 'starting', tone: 'busy' });
    expect(text({ ...down, starting: { since, late: false } })).toMatch(/^Being started since \d\d:\d\d, 12 s so far$/);
    expect(text({ ...down, starting: { since: null, late: false } })).toBe('Being started');
    expect(verdict({ ...down, health: 'degraded', starting: { since, late: true } })).toEqual({ kind: 'startingLate', tone: 'warn' });
    expect(text({ ...down, starting: { since: before(2 * MINUTE), late: true } })).toContain('2 min so far');
  });

  it('lets no start hide a failure, or an answer that is old', () => {
    const starting = { since: before(12_000), late: false };
    expect(verdict({ phase: 'failed', starting })).toEqual({ kind: 'failed', tone: 'bad' });
    expect(verdict({ fetchedAt: before(40 * MINUTE), starting }).kind).toBe('notKnown');
  });

  it('is red for what is unwell and has no heartbeat: given up on this computer, down elsewhere', () => {
    const dead = { health: 'unhealthy', heartbeatAt: null };
    expect(verdict({ ...dead, agent: 'real' })).toEqual({ kind: 'givenUp', tone: 'bad' });
    expect(verdict(dead)).toEqual({ kind: 'down', tone: 'bad' });
    expect(text(dead)).toContain('“unhealthy”');
  });

  it('takes its green back when a diagnosis failed after the last answer', () => {
    const trouble = { step: 'Key', at: now - 1_000 };
    expect(verdict({ trouble })).toEqual({ kind: 'doubted', tone: 'warn' });
    expect(text({ trouble })).toContain('“Key”');
    expect(verdict({ trouble: { ...trouble, at: now - 10_000 } }).kind).toBe('answering');
    expect(verdict({ trouble, health: 'unhealthy' }).kind).toBe('unwell');
  });

  it('does not call a state it does not know by a colour', () => {
    expect(verdict({ phase: 'unknown', status: 'hibernating' })).toEqual({ kind: 'otherStatus', tone: 'unknown' });
    expect(text({ phase: 'unknown', status: 'hibernating' })).toContain('hibernating');
    expect(text({ phase: 'unknown', status: ' ' })).not.toContain('“');
  });

  it('is green only with a fresh answer, a fresh heartbeat and no bad health, whatever else is the case', () => {
    const ages = [null, -3_600_000, 0, 119_000, 120_000, 299_000, 300_000, 86_400_000];
    const phases: Phase[] = ['running', 'onItsWay', 'failed', 'deleting', 'gone', 'unknown'];
    for (const phase of phases) for (const health of ['healthy', 'degraded', 'unhealthy', 'unreachable', null, 'odd']) {
      for (const fetched of ages) for (const beat of ages) for (const proven of [null, 60_000]) {
        const at = (span: number | null) => (span === null ? null : before(span));
        const { tone } = verdict({ phase, health, fetchedAt: at(fetched), heartbeatAt: at(beat), provenAt: at(proven) });
        const good = phase === 'running' && fetched !== null && fetched >= 0 && fetched < 120_000 && beat !== null && beat >= 0 && beat < 300_000
          && !['degraded', 'unhealthy', 'unreachable'].includes(health ?? '');
        expect(tone === 'ok', `${phase} ${health} ${fetched} ${beat}`).toBe(good);
      }
    }
  });
});
