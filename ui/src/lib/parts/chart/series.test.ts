/** What a chart reckons before it draws. */
import { describe, expect, it } from 'vitest';
import { faded } from './colours';
import { alone, grid, gridStep, labelled, lastBefore, reach, timeline, type Series } from './series';

const series = (...values: (number | null)[]): Series => ({ key: 'a', label: 'A', values, tone: 'main', format: String });

describe('a timeline', () => {
  it('of dates is daily and in UTC', () => {
    expect(timeline(['2026-11-01', '2026-11-02'], [])).toEqual({ at: [1793491200, 1793577600], daily: true, step: 86_400 });
  });
  it('goes on into the forecast', () => {
    expect(timeline(['2026-11-01'], [{ day: '2026-11-02', value: 1, low: 0, high: 2 }]).at).toHaveLength(2);
  });
  it('of moments is not daily and takes the smallest distance', () => {
    const { daily, step } = timeline(['2026-11-01T00:00:00Z', '2026-11-01T00:01:00Z', '2026-11-01T01:00:00Z'], []);
    expect([daily, step]).toEqual([false, 60]);
  });
  it('of one day is a day long', () => expect(timeline(['2026-11-01'], []).step).toBe(86_400));
});

describe('the value axis', () => {
  it('knows zero, gaps and the range of a forecast', () => {
    expect(reach([series(3, null, 5)], [{ day: 'x', value: 6, low: 4, high: 9 }])).toEqual({ low: 0, high: 9 });
    expect(reach([series(-2, Number.NaN)], [])).toEqual({ low: -2, high: 0 });
  });
  it('has few and round lines inside its range, zero among them', () => {
    for (let exponent = -6; exponent < 12; exponent += 0.37) {
      const high = 10 ** exponent;
      const { min, max, lines } = grid({ low: 0, high }, 3);
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.length).toBeLessThan(7);
      expect(lines).toContain(0);
      expect(lines.every((line) => line >= min && line <= max)).toBe(true);
      expect(max).toBeGreaterThan(high);
    }
  });
  it('of nothing but zero has a line at zero', () => expect(grid({ low: 0, high: 0 }, 3)).toEqual({ min: 0, max: 1, lines: [0] }));
  it('counts in ones, twos and fives', () => expect([0.3, 7, 42, 900].map((span) => gridStep(span, 3))).toEqual([0.1, 5, 20, 500]));
});

describe('labels below', () => {
  it('end at the last day and leave room', () => {
    expect(labelled(30, 5)).toEqual([1, 8, 15, 22, 29]);
    expect(labelled(3, 10)).toEqual([0, 1, 2]);
    expect(labelled(0, 10)).toEqual([]);
  });
  it('go on into the forecast in the same steps', () => expect(labelled(20, 4, 13)).toEqual([6, 13]));
  it('never are more than there is room for, whatever the length', () => {
    for (const count of [1, 13, 90, 365, 10_000]) expect(labelled(count, 8).length).toBeLessThanOrEqual(9);
  });
});

it('values between gaps stand alone', () => expect(alone([1, null, 2, 3, null, 4])).toEqual([0, 5]));
it('the last value before a day skips gaps', () => {
  expect(lastBefore([1, 2, null, 4], 3)).toBe(1);
  expect(lastBefore([null], 1)).toBe(-1);
});
it('a faded colour keeps its steps', () => {
  expect(faded('oklch(49% 0.092 195)', 0.2)).toBe('oklch(49% 0.092 195 / 0.2)');
  expect(faded('Highlight', 0.2)).toBe('color-mix(in srgb, Highlight 20%, transparent)');
});
