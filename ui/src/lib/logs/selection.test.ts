import { expect, it } from 'vitest';
import { RowSelection } from './selection.svelte';

it('one row is a selection; extending goes from where it began, in both directions', () => {
  const selection = new RowSelection();
  expect([selection.range, selection.size]).toEqual([null, 0]);
  selection.move(10, 100);
  expect(selection.range).toEqual([10, 10]);
  selection.move(12, 100, true);
  selection.move(13, 100, true);
  expect([selection.range, selection.size]).toEqual([[10, 13], 4]);
  selection.move(7, 100, true);
  expect(selection.range).toEqual([7, 10]);
  expect([6, 7, 10, 11].map((row) => selection.has(row))).toEqual([false, true, true, false]);
});

it('going on without extending begins anew', () => {
  const selection = new RowSelection();
  selection.move(3, 100);
  selection.move(5, 100, true);
  selection.move(6, 100);
  expect(selection.range).toEqual([6, 6]);
});

it('never leaves the list', () => {
  const selection = new RowSelection();
  selection.move(-4, 10);
  expect(selection.cursor).toBe(0);
  selection.move(99, 10);
  expect(selection.cursor).toBe(9);
  selection.move(1, 0);
  expect(selection.cursor).toBeNull();
});
