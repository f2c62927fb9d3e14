/**
 * What must hold for any text that is read as Markdown or painted as a terminal would. Ordinarily the corpus is read and a few
 * hundred texts made from it; `npm run fuzz` goes on for as long as it is told, and writes down what broke a rule.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAnsi, plainText } from './logs/ansi';
import { redact } from './logs/redact';
import { readMarkdown } from './markdown/read';
import { Reader } from './markdown/reader';

const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const root = join(import.meta.dirname, '../../../fuzz');

/** Small and repeatable: mulberry32. */
function dice(from: number): (below: number) => number {
  let state = from >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

const PIECES = [
  '*', '**', '_', '~~', '`', '```\n', '> ', '- ', '1. ', '# ', '|', '\n', '\n\n', '    ', '\t', '[', ']', '(', ')', '![', '](', '[^1]', '\n[x]: ', '<', '>', '<!--', '&#x202e;', '&amp;', '\\',
  'https://a.example/', 'javascript:alert(1)', 'data:text/html,x', 'mailto:a@b.example', 'www.', '@', ':', '"', "'", '\u202e', '\u200b', '\u0301', '\u0000', '\ud800', '\u{1f469}\u200d\u{1f692}', '\u2028',
  '\u001b[', '\u001b]', '31m', '38;5;', '48;2;1;2;3m', '\u001b]8;;', '\u0007', '\u001b\\', '\u009b', '\u009d', '\u009c', '\r', '\b', '0', ';', 'hc_live_0123456789abcdef', 'token=',
];

/** A text of the corpus, changed. */
function mutate(roll: (below: number) => number, corpus: string[]): string {
  let text = corpus[roll(corpus.length)] ?? '';
  for (let times = roll(8) + 1; times > 0; times -= 1) {
    const at = roll(text.length + 1);
    const piece = PIECES[roll(PIECES.length)] ?? '';
    switch (roll(6)) {
      case 0: text = text.slice(0, at) + piece + text.slice(at); break;
      case 1: text = text.slice(0, at) + text.slice(at + roll(20)); break;
      case 2: text = text.slice(0, at) + piece.repeat(roll(200)) + text.slice(at); break;
      case 3: text += corpus[roll(corpus.length)] ?? ''; break;
      case 4: text = text.slice(0, at) + String.fromCharCode(roll(0x10000)) + text.slice(at); break;
      default: text = text.slice(at) + text.slice(0, at);
    }
  }
  return text.slice(0, 20_000);
}

const NODES = new Set([
  'paragraph', 'heading', 'code', 'quote', 'list', 'table', 'note', 'rule', 'plain', 'text', 'break', 'emphasis', 'strong', 'delete', 'link', 'refusedLink', 'image',
]);
// eslint-disable-next-line no-control-regex
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function markdown(text: string): void {
  const blocks = readMarkdown(text);
  const walk = (node: unknown, key: string): void => {
    if (typeof node === 'string') {
      if (key === 'value' || key === 'alt' || key === 'label' || key === 'target') expect(node).not.toMatch(HIDDEN);
      if (key === 'url') expect(node).toMatch(/^(https:\/\/|mailto:)/);
    } else if (Array.isArray(node)) {
      node.forEach((one) => walk(one, key));
    } else if (typeof node === 'object' && node !== null) {
      if ('type' in node) expect(NODES).toContain(node.type);
      Object.entries(node).forEach(([name, value]) => walk(value, name));
    }
  };
  walk(blocks, '');
  // As it grows, a reply never breaks either.
  const reader = new Reader();
  for (const share of [0.3, 0.7, 1]) reader.read(text.slice(0, Math.floor(text.length * share)));
}

const HUES = ['grey', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'plain'];

function ansi(text: string): void {
  const pieces = readAnsi(text);
  for (const piece of pieces) {
    expect(piece.text).not.toMatch(HIDDEN);
    expect(HUES).toContain(piece.hue);
    expect(HUES).toContain(piece.on);
  }
  expect(pieces.map((piece) => piece.text).join('')).toBe(plainText(text));
  expect(redact(` hc_live_0123456789abcdef${text}`)).not.toContain('hc_live_0123456789abcdef');
}

/** Milliseconds that this process has computed: what else the machine does is not the reader's doing. */
const computed = (): number => process.cpuUsage().user / 1_000;

/** Reads one text within its rules and its time. */
function judge(name: string, body: (text: string) => void, text: string): void {
  const start = computed();
  try {
    body(text);
    expect(computed() - start, 'it took too long').toBeLessThan(2_000);
  } catch (error) {
    const folder = join(root, 'found');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${name}-${seed}-${Date.now()}`);
    writeFileSync(file, text);
    throw new Error(`${file}, seed ${seed}: ${String(error)}\n${JSON.stringify(text.slice(0, 300))}`, { cause: error });
  }
}

test.each([['markdown', markdown], ['ansi', ansi]] as const)('%s: any text keeps the rules', (name, body) => {
  const folder = join(root, 'corpus', name);
  const corpus = readdirSync(folder).sort().map((file) => readFileSync(join(folder, file), 'utf8'));
  expect(corpus.length).toBeGreaterThanOrEqual(5);
  for (const text of corpus) judge(name, body, text);
  const roll = dice(seed);
  const end = performance.now() + seconds * 1000;
  let runs = 0;
  while (runs < 300 || performance.now() < end) {
    judge(name, body, mutate(roll, corpus));
    runs += 1;
  }
  if (seconds > 0) process.stdout.write(`${name}: ${runs} texts in ${seconds} s, seed ${seed}, nothing found\n`);
}, (seconds + 60) * 1000);
