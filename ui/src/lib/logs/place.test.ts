import { describe, expect, it } from 'vitest';
import { placeOf, ROW, scrollTo, seenAt, TALLEST, topOf } from './place';

describe('a list of a million rows', () => {
  const place = placeOf(1_000_000, 600);

  it('is as high as its rows together', () => expect(place.height).toBe(22_000_000));

  it('shows its last row at its end', () => {
    expect(seenAt(place, place.height - 600).last).toBe(999_999);
    expect(seenAt(place, 0)).toEqual({ first: 0, last: Math.ceil(600 / ROW) - 1 });
  });

  it('draws a row where it belongs, wherever the eye is', () => expect(topOf(place, 500_000, 3)).toBe(11_000_000));
});

describe('a list taller than any engine draws', () => {
  const place = placeOf(5_000_000, 600);

  it('stays within bounds, and both ends can be reached', () => {
    expect(place.height).toBe(TALLEST);
    expect(seenAt(place, 0).first).toBe(0);
    expect(seenAt(place, place.height - place.view).last).toBe(4_999_999);
  });

  it('draws what is seen where it is seen', () => {
    for (const scrolled of [0, 1_234, 11_999_700, place.height - place.view]) {
      const { first, last } = seenAt(place, scrolled);
      expect(topOf(place, first, scrolled)).toBeGreaterThan(scrolled - ROW - 1);
      expect(topOf(place, last, scrolled)).toBeLessThan(scrolled + place.view + 1);
    }
  });

  it('scrolls to a row', () => {
    const to = scrollTo(place, 3_000_000, 0, 'top');
    expect(Math.abs(seenAt(place, to).first - 3_000_000)).toBeLessThanOrEqual(1);
  });
});

describe('scrolling to a row', () => {
  const place = placeOf(100, 220);

  it('moves no further than it must', () => {
    expect(scrollTo(place, 5, 0, 'nearest')).toBe(0);
    expect(scrollTo(place, 10, 0, 'nearest')).toBe(ROW);
    expect(scrollTo(place, 2, 440, 'nearest')).toBe(2 * ROW);
    expect(scrollTo(place, 99, 0, 'top')).toBe(place.height - 220);
  });

  it('knows lists that are empty or shorter than the view', () => {
    expect(seenAt(placeOf(0, 600), 0)).toEqual({ first: 0, last: 0 });
    expect(seenAt(placeOf(3, 600), 0)).toEqual({ first: 0, last: 2 });
    expect(scrollTo(placeOf(3, 600), 2, 0, 'top')).toBe(0);
  });
});
