import { describe, expect, it, vi } from 'vitest';
import type { Exchange, Failure, ReplyPart } from '$lib/ipc/bindings';
import { canSend, Chat, countCharacters, MESSAGE_LIMIT, type Frames } from './chat.svelte';

const settled = async () => { for (let at = 0; at < 8; at += 1) await Promise.resolve(); };
const failure = (type: 'offline' | 'conflict' | 'mayHaveArrived'): Failure => ({ code: type === 'conflict' ? { type, message: null } : { type }, detail: '' });

/** A core whose answers come when the test says so, and frames that are drawn when it says so. */
function open(kept: Exchange[] = [], draft: string | null = null) {
  let now = 0;
  const frames: (() => void)[] = [];
  const sent: { id: string; text: string; say: (part: ReplyPart) => void; end: (change: Partial<Exchange>) => void; refuse: (f: Failure) => void }[] = [];
  const ipc = {
    getTranscript: vi.fn(() => Promise.resolve(kept)),
    sendMessage: vi.fn((_id: string, id: string, text: string, say: (part: ReplyPart) => void) => new Promise<Exchange>((resolve, refuse) => {
      sent.push({ id, text, say, refuse, end: (change) => resolve({ id, sentAt: '2026-11-24T09:00:00Z', message: text, reply: '', state: { type: 'complete' }, tookMs: 900, tokens: 4, ...change }) });
    })),
    stopWaiting: vi.fn(() => Promise.resolve()), clearTranscript: vi.fn(() => Promise.resolve()),
    getDraft: vi.fn(() => Promise.resolve(draft)), setDraft: vi.fn(() => Promise.resolve()),
  };
  const clock: Frames = { next: (show) => void frames.push(show), now: () => now, after: (_ms, show) => void frames.push(show) };
  const chat = new Chat(ipc, 'i', clock);
  return { chat, ipc, sent, pass: (ms: number) => { now += ms; }, draw: () => { for (const show of frames.splice(0)) show(); }, last: () => { const one = sent.at(-1); if (!one) throw new Error('nothing was sent'); return one; } };
}

describe('a message', () => {
  it('is among the turns before the field empties, and grows as parts come', async () => {
    const { chat, last, draw, pass } = open();
    await settled();
    chat.draft.text = 'How many?';
    void chat.sendDraft();
    expect([chat.turns[0]?.message, chat.draft.text, chat.open?.state.type]).toEqual(['How many?', '', 'sending']);
    pass(420);
    last().say({ type: 'text', value: 'Tw' });
    pass(100);
    last().say({ type: 'text', value: 'o.' });
    draw();
    expect([chat.turns[0]?.reply, chat.turns[0]?.firstMs, chat.turns[0]?.state.type]).toEqual(['Two.', 420, 'answering']);
    last().end({ reply: 'Two.' });
    await settled();
    expect([chat.open, chat.turns[0]?.tookMs, chat.turns[0]?.firstMs, chat.announced?.turn]).toEqual([null, 900, 420, chat.turns[0]]);
  });
  it('that never left goes back into the field, unless something else is there', async () => {
    const { chat, last } = open();
    await settled();
    chat.draft.text = 'One';
    void chat.sendDraft();
    last().end({ state: { type: 'failed', failure: failure('offline') } });
    await settled();
    expect([chat.draft.text, chat.turns[0]?.returned]).toEqual(['One', true]);
    chat.draft.text = 'Two';
    void chat.send('Three');
    last().end({ state: { type: 'failed', failure: failure('offline') } });
    await settled();
    expect([chat.draft.text, chat.turns[1]?.returned]).toEqual(['Two', false]);
  });
  it('that is started for another screen never touches the field', async () => {
    const { chat, last } = open();
    await settled();
    const started = chat.start('Asked of several');
    last().end({ state: { type: 'failed', failure: failure('offline') } });
    await started?.ended;
    expect([chat.draft.text, started?.turn.state.type, started?.turn.returned]).toEqual(['', 'failed', false]);
  });
  it('waits for the one before it', () => {
    const { chat, ipc } = open();
    void chat.send('One');
    expect(chat.start('Two')).toBeNull();
    expect(ipc.sendMessage).toHaveBeenCalledTimes(1);
  });
  it('whose connection was lost may have arrived, and is not returned', async () => {
    const { chat, last } = open();
    void chat.send('One');
    last().refuse(failure('mayHaveArrived'));
    await settled();
    expect([chat.turns[0]?.state.type, chat.draft.text]).toEqual(['mayHaveArrived', '']);
  });
  it('has at most so many characters, whatever they are made of', () => {
    expect([canSend('🛶'.repeat(MESSAGE_LIMIT)), canSend('🛶'.repeat(MESSAGE_LIMIT + 1)), canSend(' \n'), countCharacters('a🛶')]).toEqual([true, false, false, 2]);
  });
});

describe('a kept conversation', () => {
  const kept = (count: number): Exchange[] => Array.from({ length: count }, (_, at) => ({ id: `k${at}`, sentAt: '2026-11-23T09:00:00Z', message: `m${at}`, reply: 'r', state: { type: 'complete' }, tookMs: 1, tokens: 1 }));
  it('of two thousand messages is there, and a second look keeps its turns', async () => {
    const { chat } = open(kept(2_000));
    await chat.load();
    const before = chat.turns;
    await chat.load();
    expect([chat.turns.length, chat.turns[1_999] === before[1_999]]).toEqual([2_000, true]);
  });
  it('does not lose the turn that goes on', async () => {
    const { chat } = open(kept(2));
    void chat.send('Now');
    await chat.load();
    expect(chat.turns.map((turn) => turn.message)).toEqual(['m0', 'm1', 'Now']);
  });
  it('is given out as the core would have it', async () => {
    const exchanges = kept(3);
    const { chat } = open(exchanges);
    await chat.load();
    expect(chat.turns.map((turn) => turn.exchange)).toEqual(exchanges);
  });
});

it('stopping is asked once, and can be asked again when it was refused', async () => {
  const { chat, ipc } = open();
  void chat.send('One');
  ipc.stopWaiting.mockRejectedValueOnce(failure('offline'));
  await chat.stop();
  expect(chat.stopping).toBe(false);
  void chat.stop();
  void chat.stop();
  expect(ipc.stopWaiting).toHaveBeenCalledTimes(2);
});
