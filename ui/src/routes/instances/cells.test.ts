import { describe, expect, it } from 'vitest';
import { isOld, silenceOf } from './cells';

const now = Date.parse('2026-05-01T12:00:00Z');
const before = (seconds: number) => new Date(now - seconds * 1_000).toISOString();

describe('what is not from the list', () => {
  it('is old after a minute, or an hour where it stays longer, and where nobody can say when it was', () => {
    expect([isOld('heartbeat', before(59), now), isOld('heartbeat', before(60), now), isOld('heartbeat', 'never', now)]).toEqual([false, true, true]);
    expect([isOld('version', before(3_599), now), isOld('cost', before(3_600), now)]).toEqual([false, true]);
  });
  it('of a heartbeat counts to now while the look is fresh', () => {
    expect(silenceOf({ value: before(50), seenAt: before(40), source: 'live' }, now)).toBe('50 s');
  });
  it('of a heartbeat says nothing about the time since an old look', () => {
    expect(silenceOf({ value: before(86_410), seenAt: before(86_400), source: 'cached' }, now)).toBe('10 s');
  });
  it('of a heartbeat that another clock put after the look is nothing at all', () => {
    expect(silenceOf({ value: before(86_399), seenAt: before(86_400), source: 'cached' }, now)).toBe('0 s');
  });
});
