import { describe, expect, test } from 'vitest';
import { readLink } from './links';
import { readMarkdown } from './read';
import type { Block, Inline } from './tree';
import { showHidden } from './visible';

const everyInline = (blocks: Block[]): Inline[] => {
  const found: Inline[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null) {
      if ('type' in node) found.push(node as Inline);
      Object.values(node).forEach(walk);
    }
  };
  walk(blocks);
  return found;
};
const ofType = (source: string, type: string): Inline[] => everyInline(readMarkdown(source)).filter((node) => node.type === type);

describe('links', () => {
  test.each([
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,<script>1</script>', 'file:///etc/passwd',
    'smb://host/share', 'vbscript:x', 'blob:https://a/b', 'about:blank', 'tauri://localhost', 'ipc://localhost', 'http://plain.example/', 'ftp://x/', '//evil.example/', '/etc/passwd',
    'https://good.example@evil.example/', 'https://user:word@evil.example/', 'https://', 'https:evil.example', 'https://good.example\u202egpj.exe', 'https://a.example/\u200bx',
    'https://a.example/\u0000', `https://a.example/${'x'.repeat(3000)}`, '', '#', 'C:\\Windows',
  ])('%j is never offered for opening', (address) => {
    expect(readLink(address).type).toBe('refuse');
  });

  test('https and mailto are offered, and name the host in the form that can not be mistaken', () => {
    expect(readLink('https://docs.example/a?b=c')).toEqual({ type: 'open', url: 'https://docs.example/a?b=c', host: 'docs.example' });
    expect(readLink('https://аpple.com/')).toMatchObject({ host: 'xn--pple-43d.com' });
    expect(readLink('mailto:desk@harbour.example')).toMatchObject({ type: 'open', host: 'desk@harbour.example' });
  });

  test('a refused link keeps its words and tells its target', () => {
    expect(ofType('[click me](javascript:alert(1))', 'refusedLink')).toEqual([
      { type: 'refusedLink', target: 'javascript:alert(1)', children: [{ type: 'text', value: 'click me' }] },
    ]);
    expect(ofType('<javascript:alert(1)>', 'link')).toEqual([]);
    expect(ofType('[a][b]\n\n[b]: file:///etc/passwd', 'link')).toEqual([]);
  });
});

describe('addresses that seem to be others', () => {
  test.each([
    ['https://2130706433/', '127.0.0.1'], ['https://127.1/', '127.0.0.1'], ['https://0x7f.0.0.1/', '127.0.0.1'], ['https://LOCALHOST./', 'localhost.'], ['https://ⓔxample.com/', 'example.com'],
    ['https://раураl.com/', 'xn--l-7sba6dbr.com'], ['https://a.example./', 'a.example.'], ['https://a.example:444/', 'a.example:444'], ['mailto:desk@harbour.example?bcc=spy@evil.example', 'desk@harbour.example'],
  ])('%s is told as %s', (address, host) => {
    expect(readLink(address)).toMatchObject({ type: 'open', host });
  });

  test.each([
    'https://[fe80::1%25eth0]/', 'https://a.example:99999/', 'https://%00/', 'https://a.example\r\nX: y', 'https://a\u2028.example/', 'https://a.example/\u00ad', 'https://a.example/\u{e0041}', 'view-source:https://a.example', 'intent://a.example',
    'jar:https://a.example!/', 'ms-msdt:/id', 'tel:112', 'https:/\\evil.example', 'wss://a.example',
  ])('%j is never offered', (address) => {
    expect(readLink(address).type).toBe('refuse');
  });
});

describe('images', () => {
  test('an image is its description and the host it would have been asked from', () => {
    expect(ofType('![a boat](https://evil.example/p.png?secret=hunter2)', 'image')).toEqual([{ type: 'image', alt: 'a boat', host: 'evil.example' }]);
  });

  test('no address of an image reaches the screen', () => {
    expect(JSON.stringify(readMarkdown('![x][y]\n\n[y]: https://evil.example/p.png?secret=hunter2'))).not.toContain('hunter2');
  });
});

describe('text that wants to be more', () => {
  test.each(['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', 'a <b onclick="x()">b</b> c', '<!-- hidden -->', '<svg/onload=x>', '<iframe src="https://evil.example">'])('%s is shown as text', (source) => {
    const nodes = everyInline(readMarkdown(source));
    expect(nodes.every((node) => ['paragraph', 'text', 'plain'].includes(node.type))).toBe(true);
    const words = nodes.map((node) => ('value' in node ? node.value : '')).join('');
    expect(words).toBe(source);
  });

  test('direction overrides and controls are named, tabs and breaks stay', () => {
    expect(showHidden('a\u202eb\u0007c\td\ne')).toBe('a⟨U+202E⟩b⟨U+0007⟩c\td\ne');
    expect(JSON.stringify(readMarkdown('`x\u2066y` **\u202ez**\n\n    \u202dcode'))).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });

  test('ten thousand marks on one letter become eight, and ordinary accents stay', () => {
    expect(showHidden('a' + '\u0301'.repeat(10_000)).length).toBe(9);
    expect(showHidden('Grüß dich, naïve Zoë; हिन्दी')).toBe('Grüß dich, naïve Zoë; हिन्दी');
  });
});

describe('words that are names of the language', () => {
  test.each(['[__proto__]\n\n[__proto__]: javascript:alert(1)', '[^__proto__]\n\n[^__proto__]: x', '[constructor]\n\n[constructor]: https://a.example', '[toString][hasOwnProperty]', '| __proto__ |\n|--|\n| constructor |'])('%j is read as any other', (source) => {
    expect(() => readMarkdown(source)).not.toThrow();
    expect(JSON.stringify(readMarkdown(source))).not.toContain('"url":"javascript');
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test('half a character, a null and every other unit of text alone are shown or named', () => {
    for (let unit = 0; unit < 0x10000; unit += 7) expect(() => readMarkdown(`a${String.fromCharCode(unit)}b`)).not.toThrow();
    expect(JSON.stringify(readMarkdown('a\u0000b'))).not.toContain('\\u0000');
  });
});

describe('shapes that are expensive', () => {
  const cases: [string, string][] = [
    ['ten thousand nested quotes', '>'.repeat(10_000) + ' a'],
    ['ten thousand nested lists', '- '.repeat(10_000) + 'a'],
    ['mixed nesting', '> - '.repeat(5_000) + 'a'],
    ['ten thousand open brackets', '['.repeat(10_000)],
    ['ten thousand stars', '*a '.repeat(10_000)],
    ['a line of a megabyte', 'a'.repeat(1_000_000)],
    ['a megabyte of markup', '**a** '.repeat(170_000)],
    ['ten thousand back ticks', '`'.repeat(10_000)],
  ];
  test.each(cases)('%s is answered quickly and loses nothing', (_, source) => {
    const start = performance.now();
    const blocks = readMarkdown(source);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(JSON.stringify(blocks).length).toBeGreaterThan(2);
  });

  test('quotes deeper than the limit are shown as they are', () => {
    const blocks = readMarkdown('> '.repeat(19) + 'deep');
    let depth = 0;
    let at: Block | undefined = blocks[0];
    while (at?.type === 'quote') {
      depth += 1;
      at = at.children[0];
    }
    expect(depth).toBe(12);
    expect(at).toMatchObject({ type: 'plain' });
    expect(JSON.stringify(at)).toContain('deep');
  });
});
