import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as MarkdownRead from '$lib/markdown/read';
import { Reader } from '$lib/markdown/reader';
import type { Block } from '$lib/markdown/tree';
import { Pieces } from './pieces';
import { rowOf, Rows } from './rows';

/** How many characters were read as Markdown. */
let read = 0;
vi.mock('$lib/markdown/read', async (original) => {
  const real = await original<typeof MarkdownRead>();
  return { ...real, readMarkdown: (source: string, definitions?: string) => { read += source.length; return real.readMarkdown(source, definitions); } };
});
beforeEach(() => { read = 0; });

const SAMPLES = [
  'A paragraph of some words,\nwith a second line and a [link](https://example.org/a).', '## A heading', '- one\n- two\n\n  more of two\n- three',
  '| a | b |\n| --- | ---: |\n| 1 | 2 |', '```sql\nselect 1;\n\nselect 2;\n```', '> quoted\n> twice', '1. first\n2. second',
];
const longReply = (size: number): string => {
  let text = '';
  for (let at = 0; text.length < size; at += 1) text += `${SAMPLES[at % SAMPLES.length] ?? ''}\n\n`;
  return text;
};
const blocks = (texts: readonly string[]): Block[] => texts.flatMap((text) => new Reader().read(text).flatMap((section) => section.blocks));

describe('a long reply in pieces', () => {
  it('reads like the whole', () => {
    const text = longReply(40_000);
    const texts = new Pieces().cut(text);
    expect(texts.length).toBeGreaterThan(8);
    expect(texts.join('')).toBe(text);
    expect(blocks(texts)).toEqual(blocks([text]));
  });

  it('ends the same, whether it came at once or word by word', () => {
    const text = longReply(20_000);
    const pieces = new Pieces();
    for (let end = 1; end < text.length; end += 7) pieces.cut(text.slice(0, end));
    expect(pieces.cut(text)).toEqual(new Pieces().cut(text));
  });

  it('keeps its settled pieces while it grows', () => {
    const text = longReply(20_000);
    const pieces = new Pieces();
    let before = pieces.cut(text.slice(0, 10_000));
    for (let end = 10_000; end < text.length; end += 11) {
      const now = pieces.cut(text.slice(0, end));
      expect(now.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
      before = now;
    }
  });

  it('is cut anew when it is replaced', () => {
    const pieces = new Pieces();
    pieces.cut(longReply(10_000));
    expect(pieces.cut('Another one.')).toEqual(['Another one.']);
    expect(pieces.cut('')).toEqual(['']);
  });

  it('finds the target of a link in another piece', () => {
    const text = `See [the manual].\n\n${longReply(8_000)}\n\n[the manual]: https://docs.example.org/\n`;
    expect(JSON.stringify(blocks(new Pieces().cut(text))[0])).toContain('https://docs.example.org/');
  });

  it('is never cut inside a fence', () => {
    const code = `\`\`\`txt\n${'line\n\n'.repeat(3_000)}\`\`\`\n`;
    const texts = new Pieces().cut(`Before.\n\n${code}\nAfter.`);
    expect(texts.filter((text) => text.includes('```')).every((text) => (text.match(/```/g) ?? []).length === 2)).toBe(true);
  });
});

describe('what a growing reply costs', () => {
  /** Characters read as Markdown by `words` words that come behind a reply of a size; the last row alone is on screen. */
  const cost = (size: number, words: number): number => {
    const start = longReply(size);
    const pieces = new Pieces();
    let text = start;
    let reader = new Reader();
    let last = pieces.cut(text).length;
    reader.read(pieces.cut(text).at(-1) ?? '');
    read = 0;
    for (let at = 0; at < words; at += 1) {
      text += at % 40 === 39 ? 'word.\n\n' : 'word ';
      const texts = pieces.cut(text);
      if (texts.length !== last) reader = new Reader();
      last = texts.length;
      reader.read(texts.at(-1) ?? '');
    }
    return read;
  };

  it('is the same at 100 KB as at 1 KB', () => {
    const small = cost(1_000, 400);
    const large = cost(100_000, 400);
    expect(small).toBeGreaterThan(400 * 4);
    expect(large).toBeLessThan(small * 1.5);
    // About half a paragraph for each word, not the reply.
    expect(large / 400).toBeLessThan(400);
  });
});

describe('the rows of a conversation', () => {
  const turn = (id: string, sentAt: string, reply = '') => ({ id, sentAt, message: 'm', reply, open: false });
  const kinds = (rows: { type: string; key: string }[]) => rows.map(({ type, key }) => `${type} ${key}`);

  it('have a line where a day begins', () => {
    const rows = new Rows().of([turn('a', '2026-11-23T12:00:00'), turn('b', '2026-11-23T13:00:00'), turn('c', '2026-11-24T12:00:00')]);
    expect(kinds(rows)).toEqual(['day day a', 'turn a', 'turn b', 'day day c', 'turn c']);
  });
  it('of turns that did not change are the same as before', () => {
    const rows = new Rows<ReturnType<typeof turn>>();
    const [a, b] = [turn('a', '2026-11-23T12:00:00', 'Done.'), turn('b', '2026-11-23T12:00:00', 'No')];
    const before = rows.of([a, b]);
    b.reply = 'Now';
    const after = rows.of([a, b]);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).not.toBe(before[2]);
  });
  it('lead to the piece that holds the words', () => {
    const long = turn('a', '2026-11-23T12:00:00', `${longReply(12_000)}\n\nThe **needle** is here.`);
    const rows = new Rows().of([long]);
    const at = rowOf(rows, { id: 'a', side: 'reply' }, 'The needle');
    expect(rows[at]).toMatchObject({ type: 'more', last: true });
    expect(rowOf(rows, { id: 'a', side: 'message' }, 'needle')).toBe(1);
    expect(rowOf(rows, { id: 'x', side: 'reply' }, 'needle')).toBe(-1);
  });
  it('of two thousand turns have keys of their own', () => {
    const rows = new Rows().of(Array.from({ length: 2_000 }, (_, at) => turn(`t${at}`, new Date(1.79e12 + at * 1e6).toISOString(), at % 50 === 0 ? longReply(9_000) : 'Done.')));
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });
});
