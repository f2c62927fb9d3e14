import { describe, expect, test } from 'vitest';
import { plainText, readAnsi } from './ansi';

const ESC = '\u001b';

test('colours and weights become looks of a closed set', () => {
  expect(readAnsi(`${ESC}[1;31mfailed${ESC}[0m then ${ESC}[38;5;46mok${ESC}[39m`)).toMatchObject([
    { text: 'failed', hue: 'red', bold: true },
    { text: ' then ', hue: 'plain', bold: false },
    { text: 'ok', hue: 'green' },
  ]);
  expect(readAnsi(`${ESC}[48;2;0;0;255mx`)).toMatchObject([{ text: 'x', on: 'blue', hue: 'plain' }]);
  expect(readAnsi(`${ESC}[90;1mx${ESC}[22my`)).toMatchObject([{ text: 'x', hue: 'grey', bold: true }, { text: 'y', hue: 'grey', bold: false }]);
});

describe('everything else a terminal obeys is left out', () => {
  test.each([
    ['a link', `${ESC}]8;;https://evil.example${ESC}\\words${ESC}]8;;${ESC}\\`, 'words'],
    ['a link ended by a bell', `${ESC}]8;;https://evil.example\u0007words${ESC}]8;;\u0007`, 'words'],
    ['the clipboard', `a${ESC}]52;c;aGVsbG8=\u0007b`, 'ab'],
    ['the clipboard in the eight bit form', 'a\u009d52;c;aGVsbG8=\u009cb', 'ab'],
    ['a title that never ends', `a${ESC}]0;title\nnext line`, 'a\nnext line'],
    ['a device string', `a${ESC}P1$r0m${ESC}\\b`, 'ab'],
    ['clearing and moving', `a${ESC}[2J${ESC}[H${ESC}[?25lb${ESC}[10;10Hc`, 'abc'],
    ['the eight bit form of a sequence', 'a\u009b31mb', 'ab'],
    ['a lone escape', `a${ESC}`, 'a'],
    ['a character set', `a${ESC}(0b`, 'ab'],
    ['a reset', `a${ESC}cb`, 'ab'],
    ['an unfinished sequence', `a${ESC}[31`, 'a'],
    ['a link in a link', `${ESC}]8;;https://a${ESC}]8;;https://b\u0007words${ESC}]8;;\u0007`, 'words'],
    ['a paste that pretends to be typed', `${ESC}[200~rm -rf ~${ESC}[201~`, 'rm -rf ~'],
    ['a question to the terminal', `a${ESC}[6n${ESC}[c${ESC}]11;?\u0007b`, 'ab'],
    ['the alternate screen', `${ESC}[?1049ha${ESC}[?1049l`, 'a'],
    ['a colour of absurd numbers', `${ESC}[38;5;99999999999999999999mx${ESC}[38;2;-1;1e9;NaNmy`, 'x1;1e9;NaNmy'],
    ['line separators of Unicode', 'one\u2028two\u2029three', 'one\u2028two\u2029three'],
    ['bells and backspaces', 'a\u0007\u0008b', 'ab'],
  ])('%s', (_, message, shown) => {
    expect(plainText(message)).toBe(shown);
  });

  test('what changes the direction is named', () => {
    expect(plainText('a\u202eb')).toBe('a⟨U+202E⟩b');
  });

  test('a line that paints over itself shows every state on a line of its own', () => {
    expect(plainText('10 %\r20 %\r\n')).toBe('10 %\n20 %\n');
  });
});

test('hundreds of thousands of escapes are read quickly', () => {
  for (const noise of [`${ESC}[`, `${ESC}]`, `${ESC}[31m`, `${ESC}[1;`, '\u009d', `${ESC}]8;;`]) {
    const start = performance.now();
    readAnsi(noise.repeat(100_000));
    expect(performance.now() - start).toBeLessThan(2_000);
  }
});
