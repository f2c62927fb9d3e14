import { EVERYTHING } from '$lib/stores/fleet.svelte';
import { describe, expect, it } from 'vitest';
import { columnsOf, holdsSecret, linkAddress, readViewLink, searchOf, viewLink } from './link';

const query = { ...EVERYTHING, text: 'bäckerei & co? #1', phases: ['failed' as const, 'unknown' as const], sort: 'age' as const, descending: true };

describe('a link to a view', () => {
  it('brings back what it was made of', () => {
    for (const view of [{ query, columns: ['age', 'region'] }, { query, columns: null }, { query: EVERYTHING, columns: null }]) {
      const read = readViewLink(` ${viewLink(view)}\n`);
      expect(searchOf(read?.query ?? EVERYTHING)).toBe(searchOf(view.query));
      expect(read?.columns).toEqual(view.columns);
    }
  });
  it('is the fleet’s address, with the columns beside it', () => {
    expect(linkAddress({ query: EVERYTHING, columns: null })).toBe('/instances');
    const address = new URL(linkAddress({ query, columns: ['age', 'tier'] }), 'app://here');
    expect([address.pathname, columnsOf(address.searchParams)]).toEqual(['/instances', ['age', 'tier']]);
  });
  it('says nothing of where to look', () => {
    expect(viewLink({ query: EVERYTHING, columns: null })).toBe('nineheads://view');
    expect(viewLink({ query, columns: ['age'] })).not.toMatch(/https?:|profile|key/);
  });
  it('leaves out what is unknown or no column', () => {
    const read = readViewLink('nineheads://view?q=a&sort=mood&status=failed,odd&base=https%3A%2F%2Fevil.example&columns=age,..%2F,%3Cb%3E&key=x');
    expect(read?.query).toEqual({ ...EVERYTHING, text: 'a', phases: ['failed'] });
    expect(read?.columns).toEqual(['age']);
  });
  it('is told from every other text', () => {
    for (const text of ['', 'failed', 'nineheads://instance?q=a', 'nineheads://viewer?q=a', 'see nineheads://view?q=a', 'https://nineheads/view?q=a', `nineheads://view?q=${'a'.repeat(9_000)}`]) {
      expect(readViewLink(text), text.slice(0, 40)).toBeNull();
    }
    expect(readViewLink('NINEHEADS://View/?q=a')?.query.text).toBe('a');
  });
  it('is not made of a filter that holds a key; a customer’s address is none', () => {
    expect(holdsSecret({ query: { ...EVERYTHING, text: 'hc_live_0123456789abcdef' } })).toBe(true);
    expect(holdsSecret({ query: { ...EVERYTHING, text: 'token=abcdef123456' } })).toBe(true);
    expect(holdsSecret({ query: { ...EVERYTHING, text: 'mara@example.org region:eu-* age:>7d' } })).toBe(false);
  });
});
