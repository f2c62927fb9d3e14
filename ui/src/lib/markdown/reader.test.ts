import { describe, expect, test } from 'vitest';
import { readMarkdown } from './read';
import { MARKDOWN_LIMIT, Reader } from './reader';
import { splitChunks } from './split';
import type { Block } from './tree';

const all = (text: string): Block[] => new Reader().read(text).flatMap((section) => section.blocks);

const SAMPLES = [
  'A paragraph\nof two lines with **strong**, *emphasis*, ~~gone~~ and `code`.',
  '# One\n## Two\n###### Six',
  '- a\n- b\n\n  more of b\n\n      code in b\n- c',
  '1. one\n2. two\n   - inner\n\n3. three',
  '- [ ] open\n- [x] done',
  '```js\nconst a = 1;\n\n# not a heading\n```',
  '- item with\n  ```sh\n  ls\n\n  pwd\n  ```\n- next',
  '~~~\n```\n~~~',
  '> quoted\n> - list\n>\n> more',
  '| a | b |\n|:--|--:|\n| 1 | `2` |',
  '---',
  '    indented\n\n    code',
  'See https://docs.example/a and desk@harbour.example.',
];

test('a reply cut into chunks reads like the whole', () => {
  for (const first of SAMPLES) {
    for (const second of SAMPLES) {
      const text = `Before.\n\n${first}\n\nBetween.\n\n${second}\n`;
      expect(all(text)).toEqual(readMarkdown(text));
    }
  }
});

test('a reply read character by character ends like the reply read at once', () => {
  const text = SAMPLES.join('\n\nand then\n\n');
  const reader = new Reader();
  let sections = reader.read('');
  for (let end = 1; end <= text.length; end++) sections = reader.read(text.slice(0, end));
  expect(sections.flatMap((section) => section.blocks)).toEqual(all(text));
});

describe('while a reply grows', () => {
  test('finished sections keep their identity', () => {
    const reader = new Reader();
    const before = reader.read('One.\n\nTwo.\n\nThr');
    const after = reader.read('One.\n\nTwo.\n\nThree.\n\nFour');
    expect(after).toHaveLength(4);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).not.toBe(before[2]);
  });

  test('an unclosed fence is a code block already', () => {
    const reader = new Reader();
    expect(reader.read('Look:\n```ts\nlet a').at(-1)?.blocks).toEqual([{ type: 'code', language: 'ts', value: 'let a' }]);
    expect(reader.read('Look:\n```ts\nlet a = 1;\n').at(-1)?.blocks).toEqual([{ type: 'code', language: 'ts', value: 'let a = 1;' }]);
    expect(reader.read('Look:\n```ts\nlet a = 1;\n```\nDone.').at(-1)?.blocks).toMatchObject([{ type: 'paragraph' }]);
  });

  test('a reply that is replaced is read anew', () => {
    const reader = new Reader();
    reader.read('One.\n\nTwo.');
    expect(reader.read('Other.').flatMap((section) => section.blocks)).toEqual(all('Other.'));
  });

  test('a definition that comes late gives an earlier reference its target', () => {
    const reader = new Reader();
    expect(JSON.stringify(reader.read('See [docs].\n\nMore.'))).not.toContain('docs.example');
    expect(JSON.stringify(reader.read('See [docs].\n\nMore.\n\n[docs]: https://docs.example/'))).toContain('docs.example');
  });

  test('a long list is read again only at its end', () => {
    const text = Array.from({ length: 2_000 }, (_, index) => `${index + 1}. entry number ${index + 1}`).join('\n');
    const chunks = splitChunks(text);
    expect(chunks.length).toBeGreaterThan(10);
    expect(readMarkdown((chunks[1] as { source: string }).source)[0]).toMatchObject({ type: 'list', ordered: true });
    const starts = chunks.map((chunk) => (readMarkdown((chunk as { source: string }).source)[0] as { start: number }).start);
    expect(starts[1]).toBeGreaterThan(1);
  });
});

test('a reply over the limit is shown as it is, whole, in pieces', () => {
  const text = '**a** '.repeat(MARKDOWN_LIMIT / 6 + 10);
  const blocks = all(text);
  expect(blocks.every((block) => block.type === 'plain')).toBe(true);
  expect(blocks.map((block) => ('value' in block ? block.value : '')).join('')).toBe(text);
});

test('no piece of a long reply ends in half a character', () => {
  const text = 'x' + '🛶'.repeat(MARKDOWN_LIMIT);
  for (const block of all(text)) expect('value' in block && (block.value as string).isWellFormed()).toBe(true);
});
