import { describe, expect, it } from 'vitest';
import { readAnsi } from './ansi';
import { excerpt, finder, isTame, markPieces, patternReason } from './find';

const ESC = '\u001b';
const found = (message: string, text: string, regex = false) => markPieces(readAnsi(message), finder({ text, regex })).filter((piece) => piece.hit).map((piece) => piece.text);

describe('marking what a filter found', () => {
  it('finds every occurrence, whatever the case', () => expect(found('Disk full, disk gone', 'DISK')).toEqual(['Disk', 'disk']));

  it('finds across colours, and keeps them', () => {
    const pieces = markPieces(readAnsi(`EADDR${ESC}[31mINUSE${ESC}[0m!`), finder({ text: 'addrinuse', regex: false }));
    expect(pieces.map(({ text, hue, hit }) => [text, hue, hit])).toEqual([['E', 'plain', false], ['ADDR', 'plain', true], ['INUSE', 'red', true], ['!', 'plain', false]]);
  });

  it('loses no letter, whatever is found', () => {
    for (const text of ['a', 'bra', 'abracadabra', 'x', '']) {
      expect(markPieces(readAnsi('abracadabra'), finder({ text, regex: false })).map((piece) => piece.text).join('')).toBe('abracadabra');
    }
  });

  it('reads patterns', () => {
    expect(found('took 12 ms, then 340 ms', '\\d+ ms', true)).toEqual(['12 ms', '340 ms']);
    expect(found('anything', 'x*', true)).toEqual([]);
    expect(found('anything', '(', true)).toEqual([]);
  });

  it('marks nothing rather than something else where letters change their length', () => expect(found('İx', 'x')).toEqual([]));
});

describe('patterns that could take for ever', () => {
  it.each(['(a+)+$', '(a|aa)*b', '(\\w+\\s?)*$', '.*.*.*x', '(?=a)b', '(a)\\1', '(x{1,5}){1,9}'])('%s is not tried here', (pattern) => expect(isTame(pattern)).toBe(false));

  it.each(['error', '\\d+ ms', '^\\[telegram\\]', '4\\d\\d', '[a-z+*]+', 'a|b', '(no|done)', 'a\\+\\+'])('%s is', (pattern) => expect(isTame(pattern)).toBe(true));

  it('end quickly on the worst of lines', () => {
    const before = performance.now();
    for (const pattern of ['(a+)+$', '.*.*.*x', '.*.*x', 'a+a+b']) found('a'.repeat(100_000), pattern, true);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

it('a row begins a little before what was found far in', () => {
  const pieces = excerpt(markPieces(readAnsi(`${'x'.repeat(300)}needle${'y'.repeat(20)}`), finder({ text: 'needle', regex: false })));
  const text = pieces.map((piece) => piece.text).join('');
  expect(text).toBe(`…${'x'.repeat(24)}needle${'y'.repeat(20)}`);
  expect(excerpt(markPieces(readAnsi('a needle'), finder({ text: 'needle', regex: false })))).toHaveLength(2);
});

it('a pattern that can not be read is explained in one line', () => {
  expect(patternReason('regex parse error:\n    tick (7|8)[\n              ^\nerror: unclosed character class')).toBe('unclosed character class');
  expect(patternReason('Compiled regex exceeds size limit of 1048576 bytes.')).toBe('Compiled regex exceeds size limit of 1048576 bytes.');
});
