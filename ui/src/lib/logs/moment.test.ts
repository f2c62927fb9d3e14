import { describe, expect, it } from 'vitest';
import { readMoment } from './moment';

const until = new Date(2026, 10, 24, 14, 2, 11);
const read = (text: string) => readMoment(text, until);

describe('a typed time', () => {
  it('of the clock is the last one up to the newest line', () => {
    expect(read('14:02')).toEqual(new Date(2026, 10, 24, 14, 2));
    expect(read('9:30:05')).toEqual(new Date(2026, 10, 24, 9, 30, 5));
    expect(read('23:59')).toEqual(new Date(2026, 10, 23, 23, 59));
  });

  it('may carry its day', () => {
    expect(read('2026-11-20 08:15')).toEqual(new Date(2026, 10, 20, 8, 15));
    expect(read(' 2026-11-20 ')).toEqual(new Date(2026, 10, 20));
    expect(read('2026-11-20T08:15:09')).toEqual(new Date(2026, 10, 20, 8, 15, 9));
  });

  it('may be one that was copied from a log', () => expect(read('2026-11-24T04:02:11Z')).toEqual(new Date('2026-11-24T04:02:11Z')));

  it.each(['', 'noon', '25:00', '14:60', '2026-02-31', '2026-13-01 10:00', '14'])('“%s” is none', (text) => expect(read(text)).toBeNull());
});
