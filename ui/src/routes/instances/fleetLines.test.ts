import { describe, expect, it } from 'vitest';
import type { FleetGroup } from '$lib/ipc/bindings';
import { FleetLines } from './fleetLines';

/** Groups of these sizes, called a, b, c… */
function groupsOf(...counts: number[]): FleetGroup[] {
  let offset = 0;
  return counts.map((count, at) => {
    const group = { key: String.fromCharCode(97 + at), label: '', count, offset };
    offset += count;
    return group;
  });
}
const lines = (counts: number[], ...folded: string[]) => new FleetLines(0, groupsOf(...counts), new Set(folded));
const drawn = (all: FleetLines) => Array.from({ length: all.count }, (_, line) => {
  const at = all.at(line);
  return at && 'row' in at ? at.row : `${all.groups[at?.group ?? -1]?.key}`;
});

describe('the lines of the fleet', () => {
  it('are the rows where nothing is grouped', () => {
    const plain = new FleetLines(5, [], new Set(['a']));
    expect([plain.count, plain.grouped, plain.ofRow(3), plain.groupOf(3), plain.groupAt(3)]).toEqual([5, false, 3, null, null]);
    expect(plain.at(4)).toEqual({ row: 4 });
    expect([plain.at(5), plain.at(-1)]).toEqual([null, null]);
    expect(plain.rowsOn(2, 9)).toEqual([[2, 4]]);
    expect(new FleetLines(0, [], new Set()).rowsOn(0, 9)).toEqual([]);
  });

  it('have a heading above each group', () => {
    expect(drawn(lines([2, 1, 2]))).toEqual(['a', 0, 1, 'b', 2, 'c', 3, 4]);
  });

  it('leave out the rows of a folded group', () => {
    const all = lines([2, 3, 2], 'b');
    expect(drawn(all)).toEqual(['a', 0, 1, 'b', 'c', 5, 6]);
    expect([all.ofRow(1), all.ofRow(3), all.ofRow(5)]).toEqual([2, 3, 5]);
    expect(all.rowsOn(0, 99)).toEqual([[0, 1], [5, 6]]);
    expect(all.rowsOn(1, 3)).toEqual([[0, 1]]);
    expect(all.rowsOn(3, 4)).toEqual([]);
  });

  it('come back from rows and headings to where they were, with a thousand groups', () => {
    const all = new FleetLines(0, groupsOf(...Array.from({ length: 1_000 }, (_, at) => (at % 7) + 1)).map((group, at) => ({ ...group, key: String(at) })), new Set(['3', '500', '999']));
    for (let line = 0; line < all.count; line += 1) {
      const at = all.at(line);
      if (!at) throw new Error('there is no line');
      expect('row' in at ? all.ofRow(at.row) : all.ofGroup(at.group)).toBe(line);
      expect(all.groupAt(line)).toBe('row' in at ? all.groupOf(at.row) : at.group);
    }
  });

  it('are one span where no folded group lies between', () => {
    expect(lines([2, 3, 2]).rowsOn(0, 99)).toEqual([[0, 6]]);
  });

  it('keep the heading in sight whose rows go by, until the next one pushes it out', () => {
    const all = lines([2, 3]);
    expect([all.stays(0), all.stays(0.5), all.stays(2)]).toEqual([null, { line: 0, pushed: 0 }, { line: 0, pushed: 0 }]);
    expect(all.stays(2.25)).toEqual({ line: 0, pushed: 0.25 });
    expect([all.stays(3), all.stays(4)]).toEqual([null, { line: 3, pushed: 0 }]);
    expect(new FleetLines(5, [], new Set()).stays(2)).toBeNull();
  });

  it('between two rows are those that can be seen, whichever comes first', () => {
    const all = lines([2, 3, 2], 'b');
    expect(all.rowsBetween(6, 1)).toEqual([[1, 1], [5, 6]]);
    expect(lines([2, 3, 2]).rowsBetween(1, 3)).toEqual([[1, 3]]);
  });
});
