import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Exchange, InstanceView, ReplyPart } from '$lib/ipc/bindings';
import { Chat } from './chat.svelte';
import { Compare } from './compare.svelte';

const settled = async () => { for (let at = 0; at < 8; at += 1) await Promise.resolve(); };
type Sent = { text: string; say: (part: ReplyPart) => void; end: (change?: Partial<Exchange>) => void };

let sent: Map<string, Sent>;
let status: Record<string, string>;
const stopWaiting = vi.fn((_id: string) => Promise.resolve());

function view(id: string): InstanceView {
  const summary = { id, agent_name: `Agent ${id}`, status: status[id] ?? 'running' } as unknown as NonNullable<InstanceView['summary']>;
  return { summary, detail: null, runtime: null, failure: null, gone: false };
}
const ipc = {
  getInstance: (id: string) => Promise.resolve(view(id)),
  getTranscript: () => Promise.resolve([]), clearTranscript: () => Promise.resolve(), stopWaiting,
  sendMessage: (id: string, exchange: string, text: string, say: (part: ReplyPart) => void) => new Promise<Exchange>((resolve) => {
    sent.set(id, { text, say, end: (change = {}) => resolve({ id: exchange, sentAt: '2026-11-24T09:00:00Z', message: text, reply: '', state: { type: 'complete' }, tookMs: 5, tokens: 1, ...change }) });
  }),
  getDraft: () => Promise.resolve(null), setDraft: () => Promise.resolve(),
  getSession: () => Promise.resolve({ profile: { id: 'p' } } as never), onEvent: () => () => undefined,
};
const frames = { next: (show: () => void) => show(), now: () => 0, after: (_ms: number, show: () => void) => show() };

async function open(...ids: string[]) {
  const chats = new Map<string, Chat>();
  const chatOf = (id: string): Chat => { const chat = chats.get(id) ?? new Chat(ipc, id, frames); chats.set(id, chat); return chat; };
  const compare = new Compare(ipc, chatOf);
  compare.choose(ids);
  await settled();
  return { compare, chatOf };
}
beforeEach(() => { sent = new Map(); status = {}; stopWaiting.mockClear(); });

describe('the same message to several', () => {
  it('goes to all at once, and is in each one’s own conversation', async () => {
    const { compare, chatOf } = await open('a', 'b', 'c');
    compare.draft.text = 'How are you?';
    expect(compare.askDraft()).toBe(true);
    expect([[...sent.keys()], compare.draft.text, compare.open]).toEqual([['a', 'b', 'c'], '', 3]);
    expect(chatOf('b').turns[0]?.message).toBe('How are you?');
    sent.get('b')?.end({ reply: 'one two three' });
    await settled();
    expect([compare.open, compare.columns[1]?.words(), compare.columns[0]?.words()]).toEqual([2, 3, null]);
  });
  it('leaves out who can not answer, and who is still answering something else', async () => {
    status['b'] = 'failed';
    const { compare, chatOf } = await open('a', 'b', 'c');
    void chatOf('c').send('Something else');
    expect(compare.able).toBe(1);
    expect(compare.ask('Now?')).not.toBeNull();
    expect(compare.columns.map(({ standing }) => (standing.type === 'leftOut' ? standing.why : standing.type))).toEqual(['asked', 'blocked', 'busy']);
    expect(chatOf('c').turns.map((turn) => turn.message)).toEqual(['Something else']);
  });
  it('asks nobody without two, without a text, or while answers still come', async () => {
    const { compare } = await open('a');
    expect(compare.ask('Now?')).toBeNull();
    compare.choose(['a', 'b']);
    await settled();
    expect([compare.ask('  '), compare.ask('Now?'), compare.ask('And now?')].map((ended) => ended !== null)).toEqual([false, true, false]);
  });
  it('keeps the text where nobody could be asked', async () => {
    status = { a: 'deleting', b: 'failed' };
    const { compare } = await open('a', 'b');
    compare.draft.text = 'Hello?';
    expect([compare.askDraft(), compare.draft.text, sent.size]).toEqual([false, 'Hello?', 0]);
  });
  it('comes back into the field where it reached nobody, and only then', async () => {
    const offline = { state: { type: 'failed' as const, failure: { code: { type: 'offline' as const }, detail: '' } } };
    const { compare } = await open('a', 'b');
    compare.draft.text = 'Hello?';
    compare.askDraft();
    for (const one of sent.values()) one.end(offline);
    await settled();
    expect(compare.draft.text).toBe('Hello?');
    compare.askDraft();
    sent.get('a')?.end(offline);
    sent.get('b')?.end({ reply: 'Yes' });
    await settled();
    expect(compare.draft.text).toBe('');
  });
  it('can be stopped for all, and asked again of one or of all', async () => {
    const { compare } = await open('a', 'b');
    compare.ask('Now?');
    await compare.stopAll();
    expect(stopWaiting.mock.calls.map(([id]) => id)).toEqual(['a', 'b']);
    for (const one of sent.values()) one.end({ state: { type: 'stopped' } });
    await settled();
    compare.again(compare.columns[1]);
    expect([compare.open, compare.columns[0]?.turn?.state.type]).toEqual([1, 'stopped']);
    sent.get('b')?.end();
    await settled();
    compare.again();
    expect(compare.open).toBe(2);
  });
});

describe('who is chosen', () => {
  it('keeps its answer while others come and go', async () => {
    const { compare } = await open('a', 'b');
    compare.ask('Now?');
    const turn = compare.columns[1]?.turn;
    compare.choose(['b', 'c']);
    expect([compare.columns[0]?.turn === turn, compare.columns[1]?.standing.type, compare.asked]).toEqual([true, 'idle', 'Now?']);
    compare.choose(['c', 'd']);
    expect(compare.asked).toBeNull();
  });
  it('is never more than six', async () => {
    const { compare } = await open('a', 'b', 'c', 'd', 'e', 'f', 'g');
    expect([compare.columns.length, compare.full]).toEqual([6, true]);
  });
  it('has a name before anything is known', () => {
    const compare = new Compare(ipc, (id) => new Chat(ipc, id, frames));
    compare.choose(['0123456789']);
    expect(compare.columns[0]?.name).toBe('01234567');
  });
});
