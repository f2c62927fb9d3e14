import { expect, it } from 'vitest';
import { EVERYTHING } from '$lib/stores/logs.svelte';
import { isFiltered, queryOf, unfiltered, wordsOf } from './logAddress';

it('a filter survives its address', () => {
  const query = { text: 'a&b = "ü" \\d+', regex: true, levels: ['error', 'warning'], stages: ['x y'], withChanges: false };
  expect(queryOf(new URLSearchParams(wordsOf(query)))).toEqual(query);
  expect(wordsOf(EVERYTHING)).toBe('');
  expect(queryOf(new URLSearchParams('?nonsense=1'))).toEqual(EVERYTHING);
});

it('a filter leaves out lines, and is cleared without touching the changes', () => {
  expect(isFiltered({ ...EVERYTHING, withChanges: false, regex: true })).toBe(false);
  expect(isFiltered({ ...EVERYTHING, levels: ['error'] })).toBe(true);
  expect(unfiltered({ ...EVERYTHING, text: 'x', regex: true, withChanges: false })).toEqual({ ...EVERYTHING, withChanges: false });
});
