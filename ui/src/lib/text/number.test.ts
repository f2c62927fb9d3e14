import { expect, it } from 'vitest';
import { usableLocale } from './locale';
import { compact, number } from './number';

it('numbers are grouped', () => expect(number(12_400)).toBe('12,400'));
it('large numbers are short for reading', () => expect([9_999, 318_400, 999_600, 1_234_567, 212e6, 3.2e9].map(compact)).toEqual(['9,999', '318 k', '1 M', '1.23 M', '212 M', '3.2 bn']));
it('an unknown number is a dash', () => expect([number(null), number(Number.NaN), compact(undefined), compact(Infinity)]).toEqual(['–', '–', '–', '–']));
it('names that are no language fall back to English', () => expect(usableLocale(['C', 'POSIX', 'C.UTF-8', ''])).toBe('en'));
it('the region of the spoken language is kept', () => expect(usableLocale(['C', 'de-DE', 'en-GB'])).toBe('en-GB'));
