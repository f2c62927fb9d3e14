import { describe, expect, it, vi } from 'vitest';
import type { Event, LogQuery, LogRow, LogWindow } from '$lib/ipc/bindings';
import { BLOCK, EVERYTHING, Logs, sameQuery, WINDOW } from './logs.svelte';

const settled = async () => { for (let i = 0; i < 8; i += 1) await Promise.resolve(); };
const row = (index: number, message = `line ${index}`): LogRow => ({ index, line: { seq: index + 1, created_at: null, level: 'info', stage: null, message }, change: null, gapBefore: 0 });

/** A core whose answers come when the test says so. */
class SlowCore {
  asked: { query: LogQuery; offset: number; limit: number; answer: (window: LogWindow) => void; refuse: (thrown: unknown) => void }[] = [];
  say: (event: Event) => void = () => undefined;
  watchLogs = vi.fn(() => Promise.resolve());
  unwatchLogs = vi.fn(() => Promise.resolve());
  findLogTime = vi.fn(() => Promise.resolve(7));
  exportLogs = vi.fn(() => Promise.resolve(true));
  showLogs = (_: string, query: LogQuery, offset: number, limit: number) =>
    new Promise<LogWindow>((answer, refuse) => { this.asked.push({ query, offset, limit, answer, refuse }); });
  onEvent = (listener: (event: Event) => void) => { this.say = listener; return () => { this.say = () => undefined; }; };

  get last() { const last = this.asked.at(-1); if (!last) throw new Error('nothing was asked'); return last; }
  async answer(matched: number, { ask = this.last, text = 'line', more = {} }: { ask?: SlowCore['asked'][number]; text?: string; more?: Partial<LogWindow> } = {}) {
    const rows = Array.from({ length: Math.max(0, Math.min(ask.limit, matched - ask.offset)) }, (_, at) => row(ask.offset + at, `${text} ${ask.offset + at}`));
    ask.answer({ total: matched, matched, offset: ask.offset, rows, levels: [], stages: [], seenAt: null, failure: null, patternProblem: null, ...more });
    await settled();
  }
  changed(total = 0) { this.say({ type: 'logsChanged', id: 'a', total }); }
}

async function open(matched = 1_000_000) {
  const core = new SlowCore();
  const logs = new Logs(core, 'a');
  void logs.watch();
  await settled();
  await core.answer(matched);
  // The end of the first look asks once more.
  if (core.asked.length > 1) await core.answer(matched);
  return { core, logs };
}
const message = (logs: Logs, index: number) => logs.row(index)?.line?.message;

describe('windows of a log', () => {
  it('asks for whole blocks around what is looked at, and a block beyond', async () => {
    const { core, logs } = await open();
    logs.look(500_010, 500_040);
    expect(core.last).toMatchObject({ offset: 500_000 - BLOCK, limit: 3 * BLOCK });
    await core.answer(1_000_000);
    expect(message(logs, 500_020)).toBe('line 500020');
  });

  it('does not ask for what is here', async () => {
    const { core, logs } = await open();
    logs.look(100, 140);
    await core.answer(1_000_000);
    const count = core.asked.length;
    logs.look(101, 141);
    expect(core.asked).toHaveLength(count);
  });

  it('never asks for more than the core gives', async () => {
    const { core, logs } = await open();
    logs.look(10_000, 19_000);
    expect(core.last.limit).toBeLessThanOrEqual(WINDOW);
  });

  it('asks one thing at a time while the scrollbar is dragged, and last for where it rests', async () => {
    const { core, logs } = await open();
    const before = core.asked.length;
    for (let at = 1_000; at < 900_000; at += 10_000) logs.look(at, at + 40);
    expect(core.asked.length - before).toBe(1);
    await core.answer(1_000_000);
    expect(core.last.offset).toBe(Math.floor(891_000 / BLOCK) * BLOCK - BLOCK);
  });

  it('stays bounded however far one goes', async () => {
    const { core, logs } = await open();
    for (let at = 0; at < 200_000; at += 120) {
      logs.look(at, at + 40);
      while (core.last.offset >= Math.max(0, at - BLOCK) && logs.row(at) === undefined) await core.answer(1_000_000);
    }
    expect(logs.held).toBeLessThanOrEqual(3_000);
  });

  it('keeps what is selected wherever one goes', async () => {
    const { core, logs } = await open();
    logs.look(0, 40);
    logs.pin([5, 30]);
    for (const at of [400_000, 800_000]) {
      logs.look(at, at + 40);
      await core.answer(1_000_000);
      core.changed();
      await core.answer(1_000_000);
    }
    expect(message(logs, 10)).toBe('line 10');
    logs.pin(null);
    logs.look(600_000, 600_040);
    await core.answer(1_000_000);
    expect(logs.row(10)).toBeUndefined();
  });
});

describe('a log that grows', () => {
  it('asks again for what is looked at, and leaves rows that are the same untouched', async () => {
    const { core, logs } = await open(60);
    logs.look(20, 59);
    await core.answer(60);
    const before = logs.row(59);
    core.changed(63);
    await core.answer(63);
    expect(logs.matched).toBe(63);
    expect(logs.row(59)).toBe(before);
    expect(message(logs, 62)).toBe('line 62');
  });

  it('many announcements while a question is open are one more question', async () => {
    const { core } = await open(60);
    const count = core.asked.length;
    for (let i = 0; i < 20; i += 1) core.changed();
    expect(core.asked).toHaveLength(count + 1);
    await core.answer(80);
    await core.answer(80);
    expect(core.asked).toHaveLength(count + 2);
  });

  it('listens to changes of the instance only while they stand among the lines', async () => {
    const { core, logs } = await open(60);
    const count = core.asked.length;
    core.say({ type: 'instanceChanged', id: 'a' });
    expect(core.asked).toHaveLength(count + 1);
    await core.answer(60);
    logs.ask({ ...EVERYTHING, withChanges: false });
    await core.answer(60);
    const later = core.asked.length;
    core.say({ type: 'instanceChanged', id: 'a' });
    core.say({ type: 'logsChanged', id: 'another', total: 9 });
    expect(core.asked).toHaveLength(later);
  });

  it('that got shorter is another log', async () => {
    const { core, logs } = await open(1_000);
    logs.look(0, 40);
    await core.answer(1_000);
    core.changed();
    await core.answer(3, { text: 'new' });
    expect(logs.matched).toBe(3);
    expect(message(logs, 2)).toBe('new 2');
    expect(logs.row(10)).toBeUndefined();
  });
});

describe('another question', () => {
  it('keeps the rows of the one before until its own come', async () => {
    const { core, logs } = await open();
    logs.ask({ ...EVERYTHING, text: 'error' });
    expect(logs.behind).toBe(true);
    expect(message(logs, 1)).toBe('line 1');
    await core.answer(2, { text: 'error' });
    expect(logs.behind).toBe(false);
    expect([message(logs, 1), logs.row(5)]).toEqual(['error 1', undefined]);
  });

  it('does not wait for the one before, whose late answer is dropped', async () => {
    const { core, logs } = await open();
    logs.ask({ ...EVERYTHING, text: 'e' });
    const slow = core.last;
    logs.ask({ ...EVERYTHING, text: 'er' });
    const quick = core.last;
    expect(quick).not.toBe(slow);
    await core.answer(2, { ask: quick, text: 'er' });
    await core.answer(9_000, { ask: slow, text: 'e' });
    expect([logs.matched, message(logs, 0)]).toEqual([2, 'er 0']);
  });

  it('that is the same is not asked', async () => {
    const { core, logs } = await open();
    const count = core.asked.length;
    logs.ask({ ...EVERYTHING });
    expect(core.asked).toHaveLength(count);
    expect(sameQuery({ ...EVERYTHING, levels: ['a', 'b'] }, { ...EVERYTHING, levels: ['b', 'a'] })).toBe(true);
  });

  it('a late refusal of an old question says nothing about the new one', async () => {
    const { core, logs } = await open();
    logs.ask({ ...EVERYTHING, text: 'e' });
    const slow = core.last;
    logs.ask({ ...EVERYTHING, text: 'er' });
    await core.answer(2);
    slow.refuse({ code: { type: 'storage' }, detail: '' });
    await settled();
    expect(logs.failure).toBeNull();
  });
});

describe('trouble', () => {
  it('leaves the rows where they are and says why', async () => {
    const { core, logs } = await open(100);
    core.changed();
    core.last.refuse({ code: { type: 'storage' }, detail: '' });
    await settled();
    expect(logs.failure?.code.type).toBe('storage');
    expect(message(logs, 1)).toBe('line 1');
    void logs.retry();
    await core.answer(100);
    expect(logs.failure).toBeNull();
  });

  it('asked again, the core looks at the platform now, and is wanted as often as before', async () => {
    const { core, logs } = await open(1);
    void logs.retry();
    await core.answer(1);
    expect([core.watchLogs.mock.calls.length, core.unwatchLogs.mock.calls.length]).toEqual([2, 1]);
    logs.leave();
    expect(core.unwatchLogs).toHaveBeenCalledTimes(2);
  });

  it('is not over while the core looks for the first time', async () => {
    const core = new SlowCore();
    let looked: () => void = () => undefined;
    core.watchLogs = vi.fn(() => new Promise<void>((done) => { looked = done; }));
    const logs = new Logs(core, 'a');
    void logs.watch();
    await core.answer(0);
    expect(logs.loading).toBe(true);
    looked();
    await settled();
    await core.answer(0);
    expect(logs.loading).toBe(false);
  });
});

it('rows for a copy come from the core, a window at a time', async () => {
  const { core, logs } = await open();
  const wanted = logs.rows(0, 1_199);
  for (let i = 0; i < 3; i += 1) await core.answer(1_000_000);
  expect(await wanted).toHaveLength(1_200);
});
