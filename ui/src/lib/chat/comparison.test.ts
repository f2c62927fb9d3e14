import { describe, expect, it } from 'vitest';
import { addressOf, comparedAsMarkdown, fastest, idsOf, MOST, tableCell, wordsIn } from './comparison';

describe('the address of a comparison', () => {
  it('names each instance once, and no more than fit', () => {
    expect(idsOf('a, b,,a')).toEqual(['a', 'b']);
    expect(idsOf('a,b,c,d,e,f,g,h')).toHaveLength(MOST);
    expect(idsOf(null)).toEqual([]);
  });
  it('comes back as it went', () => {
    const ids = ['one', 'two/3', 'four 5'];
    expect(idsOf(new URL(`http://x${addressOf(ids)}`).searchParams.get('ids'))).toEqual(ids);
    expect(addressOf([])).toBe('/compare');
  });
});

it('words are what stands between spaces', () => {
  expect([wordsIn(''), wordsIn('  '), wordsIn('one\n two\tthree ')]).toEqual([0, 0, 3]);
});

it('the fastest is one of at least two, and alone', () => {
  expect([fastest([3, 1, 2]), fastest([null, 4, 9]), fastest([5]), fastest([null, 5]), fastest([2, 2, 3]), fastest([])]).toEqual([1, 1, null, null, null, null]);
});

describe('the table that is copied', () => {
  const answer = { name: 'A | B', state: 'Answered', first: '1 s', total: '2 s', tokens: '10', words: '3', reply: 'one\n\n| a | b |\r\nback\\slash' };
  it('keeps every answer in its row', () => {
    const lines = comparedAsMarkdown('Which?\nNow', [answer, { ...answer, name: 'C' }]).split('\n');
    expect(lines.slice(0, 5)).toEqual(['**Message**', '', '> Which?', '> Now', '']);
    const rows = lines.filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row.replaceAll('\\\\', '').replaceAll('\\|', '').split('|')).toHaveLength(9);
  });
  it('has cells that nothing in them ends', () => {
    expect(tableCell('a|b\nc\\|d ')).toBe('a\\|b<br>c\\\\\\|d');
  });
});
