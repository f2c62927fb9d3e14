import { describe, expect, it } from 'vitest';
import { columnsFor, columnTemplate, leastWidth, moved, NARROWEST, resized, switched, WIDEST, wordsOf } from './columns';

const chosen = (...words: string[]) => columnsFor(words, 1_000);

describe('the columns of the fleet', () => {
  it('are as many as there is room for until a person chooses', () => {
    expect(columnsFor(null, 1_200).shown).toContain('customer');
    expect(columnsFor(null, 1_000).shown).not.toContain('customer');
    expect(columnsFor(null, 700).shown).toEqual(['status', 'region', 'runtime', 'age']);
  });
  it('keep the order and the widths that were chosen', () => {
    const words = ['name:240', 'age', 'status:150', 'region:160'];
    const columns = columnsFor(words, 1_000);
    expect(columns).toEqual({ shown: ['age', 'status', 'region'], widths: { name: 240, status: 150, region: 160 } });
    expect(wordsOf(columns)).toEqual(words);
  });
  it('leave out names that no version knows, doubles and widths that are none, and have a status always', () => {
    expect(chosen('moon:80', 'tier:wide', 'tier', 'region:')).toEqual({ shown: ['status', 'tier', 'region'], widths: {} });
    expect(chosen('age:1', 'tier:99999').widths).toEqual({ age: NARROWEST, tier: WIDEST });
  });
  it('are switched off, and on again at the end; the status stays', () => {
    const without = switched(chosen('status', 'region', 'tier'), 'region');
    expect(without.shown).toEqual(['status', 'tier']);
    expect(switched(without, 'region').shown).toEqual(['status', 'tier', 'region']);
    expect(switched(without, 'status')).toEqual(without);
  });
  it('are moved among those that are shown, no further than the ends', () => {
    const columns = chosen('status', 'region', 'tier');
    expect(moved(columns, 'tier', 0).shown).toEqual(['tier', 'status', 'region']);
    expect(moved(columns, 'status', 9).shown).toEqual(['region', 'tier', 'status']);
    expect(moved(columns, 'tier', -1).shown).toEqual(['tier', 'status', 'region']);
    expect(moved(columns, 'cost', 0)).toEqual(columns);
  });
  it('get a width of their own and lose it', () => {
    const wide = resized(chosen('status', 'region'), 'region', 160.4);
    expect(wordsOf(wide)).toEqual(['status', 'region:160']);
    expect(wordsOf(resized(wide, 'region', null))).toEqual(['status', 'region']);
    expect(resized(wide, 'name', 1).widths).toEqual({ region: 160, name: NARROWEST });
  });
  it('fill the table: with what is left behind the last one where each has its width', () => {
    expect(columnTemplate(chosen('status', 'age'))).toBe('36px minmax(170px, 2.2fr) minmax(124px, 1fr) 72px 40px');
    expect(columnTemplate(chosen('name:200', 'status:100', 'age'))).toBe('36px 200px 100px 72px minmax(40px, 1fr)');
  });
  it('need the sum of what each needs', () => {
    expect(leastWidth(chosen('name:200', 'status', 'age'))).toBe(36 + 200 + 124 + 72 + 40);
  });
});
