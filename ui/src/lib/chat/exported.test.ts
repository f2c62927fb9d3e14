import { describe, expect, it } from 'vitest';
import type { Exchange, Failure } from '$lib/ipc/bindings';
import { chatFile, chatFileName, exchangeAsMarkdown, type ChatHead } from './exported';
import { plainOf } from './plain';
import { added, quoted } from './quote';

const offline: Failure = { code: { type: 'offline' }, detail: 'refused' };
const exchange = (change: Partial<Exchange> = {}): Exchange => ({
  id: 'e1', sentAt: '2026-11-24T09:00:00Z', message: 'How many?', reply: 'Two.', state: { type: 'complete' }, tookMs: 1_200, tokens: 8, ...change,
});
const head = (name: string): ChatHead => ({ id: 'i-1', name, at: new Date(2026, 10, 24, 12) });

describe('the name of the file', () => {
  it.each([
    ['Harbour desk', 'harbour-desk-chat-2026-11-24.md'], ['Café “Zoë” / № 7', 'cafe-zoe-no-7-chat-2026-11-24.md'],
    ['../../etc/passwd', 'etc-passwd-chat-2026-11-24.md'], ['日本', 'agent-chat-2026-11-24.md'], ['', 'agent-chat-2026-11-24.md'],
  ])('of %s is %s', (name, file) => expect(chatFileName(head(name), 'markdown')).toBe(file));
  it('stays short and has the ending of its format', () => {
    expect(chatFileName(head('x'.repeat(300)), 'csv')).toMatch(/^x{60}-chat-2026-11-24\.csv$/);
    expect(chatFileName(head('a'), 'json')).toBe('a-chat-2026-11-24.json');
  });
});

describe('a conversation as Markdown', () => {
  it('has who said what, and how it ended where that is worth a word', () => {
    const text = chatFile('markdown', head('Harbour\ndesk'), [exchange(), exchange({ reply: 'Par', state: { type: 'stopped' } }), exchange({ reply: '', state: { type: 'failed', failure: offline } })]);
    expect(text).toContain('# Chat with Harbour desk');
    expect(text).toContain('## You · 2026-11-24T09:00:00Z\n\nHow many?');
    expect(text).toContain('## Harbour desk · 1200 ms · 8 tokens\n\nTwo.');
    expect(text).toContain('*Stopped waiting for the answer*');
    expect(text).toMatch(/\*No answer: .+\*/);
  });
  it('closes a fence that the reply left open', () => {
    expect(exchangeAsMarkdown('A', exchange({ reply: 'Look:\n````txt\n```\ncut o' }))).toMatch(/cut o\n````$/);
    expect(exchangeAsMarkdown('A', exchange({ reply: '```\na\n```' }))).toMatch(/a\n```$/);
  });
});

it('a conversation as JSON is what the core keeps', () => {
  const exchanges = [exchange(), exchange({ tokens: null })];
  expect(JSON.parse(chatFile('json', head('A'), exchanges))).toMatchObject({ instance: { id: 'i-1', name: 'A' }, exchanges });
});

describe('a conversation as CSV', () => {
  it('has one line an exchange', () => {
    expect(chatFile('csv', head('A'), [exchange({ reply: 'One,\n"two"' })])).toBe(
      'number,sent_at,message,reply,state,took_ms,tokens\r\n1,2026-11-24T09:00:00Z,How many?,"One,\n""two""",complete,1200,8\r\n');
  });
  it.each(['=HYPERLINK("x")', '+1', '-1', '@sum', '\t=1', ' =1', '|cmd'])('takes no formula for one: %s', (message) => {
    const cell = chatFile('csv', head('A'), [exchange({ message, reply: '' })]).split('\r\n')[1]?.split('Z,')[1] ?? '';
    expect(cell).toMatch(/^"?'/);
  });
});

describe('a reply as plain text', () => {
  it('is what one reads', () => {
    expect(plainOf('## Title\n\nA **bold** [link](https://a.example/x) and `code`.\n\n- one\n- [x] two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```js\nlet a\n```'))
      .toBe('Title\n\nA bold link (https://a.example/x) and code.\n\n- one\n[x] two\n\na\tb\n1\t2\n\nlet a');
  });
});

describe('what goes back into the field', () => {
  it('is quoted line by line', () => expect(quoted('one\n\ntwo\n')).toBe('> one\n>\n> two\n\n'));
  it('comes behind what is there', () => {
    expect([added('', 'x'), added('  ', 'x'), added('a', 'x'), added('a\n', 'x')]).toEqual(['x', 'x', 'a\nx', 'a\nx']);
  });
});
