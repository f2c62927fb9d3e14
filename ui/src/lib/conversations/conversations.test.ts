/** The pure side of reading conversations: what is taken out, what is found, what is saved. */
import type { ConversationRow, TranscriptMessage, TranscriptView } from '$lib/ipc/bindings';
import { describe, expect, it } from 'vitest';
import { cell, csv } from './csv';
import { exportName, exportText } from './exported';
import { purposeProblem } from './purpose';
import { redact, REDACTED, redactValue } from './redact';
import { roleOf } from './roles';
import { transcriptRows } from './rows';
import { matchingMessages, matchingRows } from './search';
import { toolNames } from './tools';

/** Chance that repeats itself. */
function dice(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 16807) % 2147483647;
    return state % below;
  };
}

describe('redaction', () => {
  it.each([
    ['write to ada.lovelace+boats@mail.example.co.uk please', 'write to [redacted] please'],
    ['müller@bücher.example', REDACTED],
    ['call +49 (0) 151 234-567-89 now', 'call [redacted] now'],
    ['or 0151/23456789', `or ${REDACTED}`],
    ['card 4111 1111 1111 1111, thanks', 'card [redacted], thanks'],
    ['card 4111-1111-1111-1111', `card ${REDACTED}`],
    ['order 123456789', `order ${REDACTED}`],
    ['IBAN DE89 3704 0044 0532 0130 00.', 'IBAN [redacted].'],
    ['key hc_live_0123456789abcdef', `key ${REDACTED}`],
    ['sk-proj-abcdefghijklmnop', REDACTED],
    ['ghp_0123456789abcdefghijABCDEFGHIJ012345', REDACTED],
    ['AKIAIOSFODNN7EXAMPLE', REDACTED],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_def', REDACTED],
    ['Authorization: Bearer abcdef123456', `Authorization: ${REDACTED}`],
    ['my password is hunter2 ok', 'my password is [redacted] ok'],
    ['"api_key": "short", "x": 1', '"api_key": "[redacted]", "x": 1'],
    ['sha 9f86d081884c7d659a2feaa0c55ad015', `sha ${REDACTED}`],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nend', '[redacted]\nend'],
    ['٠١٢٣٤٥٦٧٨٩', REDACTED],
  ])('of %j', (before, after) => expect(redact(before)).toBe(after));

  it.each([
    'Tomorrow at 09:30, 2 places, €80 due on 2026-11-24.',
    '2026-11-24T14:02:11Z and 24.11.2026 and 2026-11-24 14:02:11.123+01:00',
    'https://docs.example.org/bookings/overview/of/everything',
    'Donaudampfschifffahrtsgesellschaftskapitän',
    'Version 2026.9.6 has 22 skills',
  ])('leaves %j as it is', (text) => expect(redact(text)).toBe(text));

  it('leaves nothing long of digits, no address, and is the same twice, whatever the text', () => {
    const roll = dice(7);
    const pieces = ['a@b.example', '+49 151 2345678', '4111 1111 1111 1111', '2026-11-24', ' ', '.', '-', 'word', 'hc_live_0123456789', '\n', '"', ':', '12', '345', '(', ')', 'token: ', '@', 'ß', '[redacted]'];
    for (let round = 0; round < 2_000; round += 1) {
      const text = Array.from({ length: 1 + roll(12) }, () => pieces[roll(pieces.length)]).join('');
      const once = redact(text);
      expect(once, text).not.toContain('a@b.example');
      expect(once.replaceAll('2026-11-24', ''), text).not.toMatch(/\d{7}/);
      expect(redact(once), text).toBe(once);
    }
  });

  it('of a hostile text takes no longer than reading it', () => {
    for (const piece of ['a', '1', '1 ', 'a.', '@', '-', 'a@', 'token:', '+', '(', 'DE12 ', 'A1b2', '-----BEGIN PRIVATE KEY-----']) {
      const start = performance.now();
      redact(piece.repeat(200_000 / piece.length));
      expect(performance.now() - start, piece).toBeLessThan(2_000);
    }
  });

  it('goes into the depth of a JSON value, and knows secrets by their name', () => {
    const value = JSON.parse('{"messages":[{"role":"user","text":"a@b.example","n":12,"created_at":1764000000000,"phone":491512345678,"a@b.example":1}],"api_key":"abc","__proto__":{"x":"a@b.example"},"nothing":null}');
    expect(JSON.stringify(redactValue(value))).toBe('{"messages":[{"role":"user","text":"[redacted]","n":12,"created_at":1764000000000,"phone":"[redacted]","[redacted]":1}],"api_key":"[redacted]","__proto__":{"x":"[redacted]"},"nothing":null}');
  });
});

describe('a cell of CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1', '＝1'])('never is a formula: %j', (text) => {
    const written = cell(text).replace(/^"|"$/g, '');
    expect(written.startsWith("'")).toBe(true);
  });
  it('is quoted where it must be', () => expect([cell('a'), cell('a,b'), cell('say "x"'), cell('a\nb'), cell('')]).toEqual(['a', '"a,b"', '"say ""x"""', '"a\nb"', '']));
  it('stands in its row', () => expect(csv([['a', 'b'], ['1', '=x']])).toBe("a,b\r\n1,'=x\r\n"));
});

const message = (change: Partial<TranscriptMessage>): TranscriptMessage => ({ role: 'user', text: 'Hello', at: null, other: null, ...change });
const row = (change: Partial<ConversationRow>): ConversationRow => ({ id: 'c-1', readable: true, participant: null, startedAt: null, lastMessageAt: null, messageCount: null, summary: null, ...change });

describe('an export', () => {
  const transcript: TranscriptView = {
    messages: [message({ text: 'I am a@b.example', at: '2026-11-24T14:02:11Z' }), message({ role: 'tool', text: null, other: { call: 'x```y', phone: '+49 151 2345678' } })],
    whole: { messages: [{ content: 'I am a@b.example' }] }, seenAt: '2026-11-24T15:00:00Z', source: 'live',
  };
  const head = { instance: 'Harbour desk', conversation: 'chat:1', participant: 'a@b.example' };
  it('as Markdown has who, when and what, and a fence that holds', () => {
    const text = exportText('markdown', head, transcript, true);
    expect(text).toContain('# [redacted]');
    expect(text).toContain('## user · 2026-11-24T14:02:11Z\n\nI am [redacted]');
    expect(text).toMatch(/\n````json\n/);
    expect(text).not.toContain('a@b.example');
  });
  it('as JSON is the whole answer', () => {
    expect(JSON.parse(exportText('json', head, transcript, false))).toEqual(transcript.whole);
    expect(exportText('json', head, transcript, true)).not.toContain('a@b');
  });
  it('as CSV has a line for each message', () => {
    expect(exportText('csv', head, transcript, true)).toBe('number,at,role,text\r\n1,2026-11-24T14:02:11Z,user,I am [redacted]\r\n2,,tool,"{""call"":""x```y"",""phone"":""[redacted]""}"\r\n');
  });
  it('of what is no list of messages is still all of it', () => {
    expect(exportText('markdown', head, { ...transcript, messages: [] }, false)).toContain('"content": "I am a@b.example"');
    expect(exportText('json', head, { ...transcript, whole: undefined }, true)).toBe('null\n');
  });
  it('has a name that every file system takes, and that says whether it is redacted', () => {
    expect(exportName(head, 'csv', true)).toBe('harbour-desk_chat-1_redacted.csv');
    expect(exportName({ ...head, instance: '../../ß', conversation: '' }, 'markdown', false)).toBe('instance_conversation.md');
  });
});

describe('finding', () => {
  it('rows needs every word, wherever it is', () => {
    const rows = [row({ id: 'c-1', participant: 'Ada', summary: 'Boat hire' }), row({ id: 'c-2', summary: 'boat sale' })];
    expect(matchingRows(rows, ' ADA boat').map(({ id }) => id)).toEqual(['c-1']);
    expect(matchingRows(rows, 'boat')).toHaveLength(2);
    expect(matchingRows(rows, '')).toHaveLength(2);
  });
  it('messages looks into what is no plain text', () => {
    const messages = [message({ text: 'Hello' }), message({ text: null, other: { name: 'weather' } })];
    expect([matchingMessages(messages, 'WEATHER'), matchingMessages(messages, 'hello'), matchingMessages(messages, ' ')]).toEqual([[1], [0], []]);
  });
});

it('a new day begins with a line, and unknown times begin none', () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();
  const rows = transcriptRows([message({}), message({ at: at(1, 9) }), message({ at: at(1, 10) }), message({ at: 'rubbish' }), message({ at: at(2, 9) })]);
  expect(rows.map(({ type }) => type).join()).toBe('message,day,message,message,message,day,message');
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
});
it('roles are known by many words, and others stay unknown', () => expect(['Human', 'bot', 'function', 'developer', 'wizard', null].map(roleOf)).toEqual(['user', 'assistant', 'tool', 'system', 'unknown', 'unknown']));
it('a purpose has three to two hundred characters', () => expect(['', '  ab ', 'abc', '😀'.repeat(200), 'x'.repeat(201)].map(purposeProblem)).toEqual(['short', 'short', null, null, 'long']));
it('tools are named by what calls them and by what they answered', () => {
  expect(toolNames([{ id: 'a', function: { name: 'find_order', arguments: '{}' } }, { name: 'send' }, { function: { name: 'find_order' } }])).toEqual(['find_order', 'send']);
  expect(toolNames([{ type: 'image' }, [{ function: { name: 'look' } }]])).toEqual(['look']);
  expect([null, 'x', 7, [], [null, { function: null }], { name: '  ' }].map(toolNames)).toEqual([[], [], [], [], [], []]);
});
