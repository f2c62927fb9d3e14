/**
 * Reads what terminals would paint. Belongs here: turning a log message into pieces of text with a look taken from a
 * closed set. Everything else that a terminal obeys (links, the clipboard, titles, the cursor) is left out.
 */
import { showHidden } from '$lib/markdown/visible';

export type Hue = 'grey' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'plain';

/** A stretch of text in one look. `on` is the colour behind it. */
export type Piece = { text: string; hue: Hue; on: Hue; bold: boolean; dim: boolean; italic: boolean; underline: boolean };

type Look = Omit<Piece, 'text'>;

const PLAIN: Look = { hue: 'plain', on: 'plain', bold: false, dim: false, italic: false, underline: false };
const HUES: Hue[] = ['grey', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'plain'];

/** Strings for the terminal itself (OSC, DCS, SOS, PM, APC). One that never ends takes the rest of its line. */
const STRING = /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d\u009e\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c|(?=\u001b)|(?=\n)|$)/g;
/** Control sequences; the last character says what they do. */
const SEQUENCE = /(?:\u001b\[|\u009b)([0-?]*)[ -/]*([@-~]?)/g;
/** Every other escape. */
const ESCAPE = /\u001b[ -/]*[0-~]?/g;
const REST = /[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u009f]/g;

/** The message as it may be shown, in pieces. Joined, they are the plain text. */
export function readAnsi(message: string): Piece[] {
  if (!/[\u001b\u0080-\u009f]/.test(message)) return [{ ...PLAIN, text: clean(message) }];
  const text = message.replace(STRING, '');
  const pieces: Piece[] = [];
  let look = PLAIN;
  let at = 0;
  const add = (end: number): void => {
    const piece = clean(text.slice(at, end));
    if (piece !== '') pieces.push({ ...look, text: piece });
  };
  for (const match of text.matchAll(SEQUENCE)) {
    add(match.index);
    at = match.index + match[0].length;
    if (match[2] === 'm') look = repaint(look, match[1] ?? '');
  }
  add(text.length);
  return pieces.length > 0 ? pieces : [{ ...PLAIN, text: '' }];
}

/** The message without any look. */
export function plainText(message: string): string {
  return readAnsi(message).map((piece) => piece.text).join('');
}

function clean(text: string): string {
  return showHidden(text.replace(ESCAPE, '').replace(/\r\n?/g, '\n').replace(REST, ''));
}

function repaint(look: Look, parameters: string): Look {
  const codes = parameters.split(/[;:]/, 64).map((code) => Number.parseInt(code === '' ? '0' : code, 10));
  let next = look;
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48) {
      const { hue, taken } = wideColour(codes, index + 1);
      next = code === 38 ? { ...next, hue } : { ...next, on: hue };
      index += taken;
    } else {
      next = step(next, code);
    }
  }
  return next;
}

function step(look: Look, code: number): Look {
  if (code >= 30 && code <= 37) return { ...look, hue: HUES[code - 30] ?? 'plain' };
  if (code >= 90 && code <= 97) return { ...look, hue: HUES[code - 90] ?? 'plain' };
  if (code >= 40 && code <= 47) return { ...look, on: HUES[code - 40] ?? 'plain' };
  if (code >= 100 && code <= 107) return { ...look, on: HUES[code - 100] ?? 'plain' };
  switch (code) {
    case 0: return PLAIN;
    case 1: return { ...look, bold: true };
    case 2: return { ...look, dim: true };
    case 3: return { ...look, italic: true };
    case 4: return { ...look, underline: true };
    case 22: return { ...look, bold: false, dim: false };
    case 23: return { ...look, italic: false };
    case 24: return { ...look, underline: false };
    case 39: return { ...look, hue: 'plain' };
    case 49: return { ...look, on: 'plain' };
    default: return look;
  }
}

/** The colours behind 38 and 48: `5;n` from a table of 256, `2;r;g;b` mixed freely. Both become the nearest hue. */
function wideColour(codes: number[], at: number): { hue: Hue; taken: number } {
  const kind = codes[at];
  if (kind === 5) return { hue: ofTable(codes[at + 1] ?? 0), taken: 2 };
  if (kind === 2) return { hue: nearest(codes[at + 1] ?? 0, codes[at + 2] ?? 0, codes[at + 3] ?? 0), taken: 4 };
  return { hue: 'plain', taken: 0 };
}

function ofTable(index: number): Hue {
  if (index < 16) return HUES[index % 8] ?? 'plain';
  if (index >= 232) return index < 250 ? 'grey' : 'plain';
  const cube = index - 16;
  const level = (part: number): number => (part === 0 ? 0 : 55 + part * 40);
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function nearest(red: number, green: number, blue: number): Hue {
  const high = Math.max(red, green, blue);
  const low = Math.min(red, green, blue);
  if (high - low < 48) return high < 200 ? 'grey' : 'plain';
  const middle = (high + low) / 2;
  const bits = (red > middle ? 1 : 0) | (green > middle ? 2 : 0) | (blue > middle ? 4 : 0);
  return HUES[bits] ?? 'plain';
}
