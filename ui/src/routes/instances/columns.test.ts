import { describe, expect, it } from 'vitest';
import { chosenColumns, columnTemplate, OPTIONAL, switched } from './columns';

describe('the columns of the fleet', () => {
  it('are decided by the window until a person chooses', () => {
    expect(chosenColumns(null)).toBeNull();
  });
  it('keep their order whatever the order of choosing', () => {
    expect(chosenColumns(['age', 'region'])).toEqual(['region', 'age']);
  });
  it('leave out names that no version knows any more', () => {
    expect(chosenColumns(['heartbeat', 'tier'])).toEqual(['tier']);
  });
  it('are switched off and on one by one, starting from all', () => {
    const without = switched(null, 'tier');
    expect(without).toEqual(['region', 'runtime', 'customer', 'age']);
    expect(switched(without, 'tier')).toEqual([...OPTIONAL]);
  });
  it('have a place for name, status and acts in any choice', () => {
    expect(columnTemplate([]).split(') ').length).toBe(3);
    expect(columnTemplate(['age'])).toContain('72px 40px');
  });
});
