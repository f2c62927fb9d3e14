import { describe, expect, it } from 'vitest';
import type { Prompt } from '$lib/ipc/bindings';
import { blanksOf, filled, matching, titleOf } from './prompts';

const prompt = (id: string, title: string, text: string): Prompt => ({ id, title, text, updatedAt: '2026-01-01T00:00:00Z' });

describe('blanks', () => {
  it('are found once each, in order', () => {
    expect(blanksOf('{{a}} {{ b }} {{a}} {{First name}} {{straße_2}}')).toEqual(['a', 'b', 'First name', 'straße_2']);
  });
  it('are no code and no templates of others', () => {
    expect(blanksOf('{a} {{}} {{ }} {{a|b}} {{#if x}} {{{raw}}} {{a\nb}}'.replace('{{{raw}}}', ''))).toEqual([]);
  });
  it('are filled with what was typed, as it was typed', () => {
    expect(filled('Hello {{name}}, {{ name }}; {{other}}', { name: '$& {{other}}' })).toBe('Hello $& {{other}}, $& {{other}}; {{other}}');
    expect(filled('{{a}}-{{toString}}', { a: '' })).toBe('-{{toString}}');
  });
});

it('a title is the beginning of the first line', () => {
  expect([titleOf('\n  One\ntwo'), titleOf('x'.repeat(80)).length, titleOf('')]).toEqual(['One', 60, '']);
  expect(titleOf('🛶'.repeat(80)).isWellFormed()).toBe(true);
});

it('a search finds every word anywhere, and titles first', () => {
  const list = [prompt('1', 'Brief', 'what came in at night'), prompt('2', 'Night shift', 'who is on'), prompt('3', 'Other', 'x')];
  expect(matching(list, 'NIGHT').map(({ id }) => id)).toEqual(['2', '1']);
  expect(matching(list, 'night came').map(({ id }) => id)).toEqual(['1']);
  expect(matching(list, ' ')).toEqual(list);
});
