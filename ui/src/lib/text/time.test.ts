import { describe, expect, it } from 'vitest';
import { age, ago, clockTime, dayOf, duration, exactTime, within } from './time';

const now = Date.parse('2026-11-24T14:02:11Z');
const before = (ms: number) => new Date(now - ms).toISOString();
const DAY = 86_400_000;

describe('an age', () => {
  it('is one unit, rounded down', () => {
    expect([4_900, 59_999, 60_000, 3_599_999, 3_600_000, DAY - 1, 12 * DAY, 140.9 * DAY].map((ms) => age(before(ms), now)))
      .toEqual(['4 s', '59 s', '1 min', '59 min', '1 h', '23 h', '12 d', '140 d']);
  });
  it('of more than a thousand days is in years', () => expect(age(before(1_500 * DAY), now)).toBe('4 y'));
  it('tolerates a clock that is a little ahead', () => expect(age(before(-30_000), now)).toBe('0 s'));
  it('is a dash for the far future, for nothing, and for nonsense', () => {
    expect(['9999-01-01T00:00:00Z', null, undefined, '', 'yesterday'].map((iso) => age(iso, now))).toEqual(['–', '–', '–', '–', '–']);
  });
});

it('what is younger than a limit was seen before now, and by this clock', () => {
  expect([before(59_999), before(60_000), before(-30_000), before(-DAY), null, 'yesterday'].map((iso) => within(iso, now, 60_000))).toEqual([true, false, true, false, false, false]);
  expect(within(before(-DAY), now, Infinity)).toBe(false);
});

describe('how long ago', () => {
  it('says it in words', () => expect(ago(before(4_000), now)).toBe('4 s ago'));
  it('says just now within a second', () => expect(ago(before(300), now)).toBe('just now'));
  it('takes a date for the present', () => expect(ago(before(2 * DAY), new Date(now))).toBe('2 d ago'));
});

describe('a duration', () => {
  it('shows the two units that matter', () => {
    expect([640, 6_240, 13_900, 66_000, 7_440_000, 273_600_000].map(duration)).toEqual(['640 ms', '6.2 s', '13 s', '1 min 06 s', '2 h 04 min', '3 d 4 h']);
  });
  it('is never negative', () => expect([duration(-5), duration(0), duration(0.6)]).toEqual(['less than 1 s', 'less than 1 s', '1 ms']));
  it('is a dash where there is none', () => expect([duration(null), duration(Number.NaN), duration(Infinity)]).toEqual(['–', '–', '–']));
});

describe('a time', () => {
  const local = new Date(2026, 10, 24, 4, 2, 11).toISOString();
  it('of the clock is local, in 24 hours', () => expect([clockTime(local), clockTime(local, true)]).toEqual(['04:02', '04:02:11']));
  it('in full names day, seconds and zone', () => {
    const text = exactTime(local);
    expect(text).toContain('2026');
    expect(text).toContain('04:02:11');
    expect(text).toMatch(/(UTC|GMT|[A-Z]{3,4})/);
  });
  it('that nobody knows is a dash', () => expect([clockTime(null), exactTime('x'), dayOf(undefined)]).toEqual(['–', '–', '–']));
});
