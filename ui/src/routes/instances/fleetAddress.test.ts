import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '$lib/stores/fleet.svelte';
import { addressOf, queryOf, sortedBy } from './fleetAddress';

const back = (address: string) => queryOf(new URL(address, 'http://app').searchParams);

describe('the address of the fleet', () => {
  it('is short for the whole fleet', () => {
    expect(addressOf(EVERYTHING)).toBe('/instances');
  });

  it('comes back as the query it was made from', () => {
    const query = { text: 'a&b = ü status:error -name:"x y" age:>7d', phases: ['running', 'failed'] as ('running' | 'failed')[], sort: 'age' as const, descending: true, group: 'region' as const };
    expect(back(addressOf(query))).toEqual(query);
  });

  it('leaves out what it does not know', () => {
    expect(back('/instances?status=running,moon&sort=colour&desc=yes&group=moon')).toEqual({ ...EVERYTHING, phases: ['running'] });
  });

  it('turns round the column that is sorted by already', () => {
    const byAge = sortedBy(EVERYTHING, 'age');
    expect(byAge).toMatchObject({ sort: 'age', descending: false });
    expect(sortedBy(byAge, 'age').descending).toBe(true);
    expect(sortedBy(sortedBy(byAge, 'age'), 'name').descending).toBe(false);
  });
});
