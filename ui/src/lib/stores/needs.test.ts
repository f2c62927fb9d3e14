import type { Event, Need, NeedKind, NeedsWindow } from '$lib/ipc/bindings';
import { describe, expect, it, vi } from 'vitest';
import { Needs } from './needs.svelte';

const need = (key: string, kind: NeedKind): Need => ({
  key, kind, reason: { type: 'failed', message: null }, also: [], act: { type: 'readLog' }, instanceId: key, name: key, host: null, status: 'failed', since: null, seenAt: null,
});

/** A core whose list can be changed, and that can announce. */
function core(list: Need[]) {
  let all = list;
  let tell: (event: Event) => void = () => undefined;
  const showNeeds = vi.fn((anchor: string | null, offset: number, limit: number): Promise<NeedsWindow> => {
    const kinds = (['key', 'failed', 'silent'] as const).map((kind) => ({ kind, count: all.filter((one) => one.kind === kind).length })).filter(({ count }) => count > 0);
    const at = all.findIndex(({ key }) => key === anchor);
    const facts = { count: all.length, kinds, total: 100, looked: 100, unheard: 0, unpriced: 0, unread: 0, seenAt: null, alertsAt: null };
    return Promise.resolve({ facts, offset, rows: all.slice(offset, offset + limit), anchorAt: at < 0 ? null : at });
  });
  const ipc = {
    showNeeds,
    getSession: () => Promise.reject(new Error('not asked here')),
    onEvent: (listener: (event: Event) => void) => {
      const before = tell;
      tell = (event) => { before(event); listener(event); };
      return () => undefined;
    },
  };
  return { ipc: ipc as unknown as ConstructorParameters<typeof Needs>[0], showNeeds, change: (next: Need[]) => { all = next; }, say: (event: Event) => { tell(event); } };
}

const many = (kind: NeedKind, count: number) => Array.from({ length: count }, (_, at) => need(`${kind}-${at}`, kind));

describe('what needs a person', () => {
  it('lies in lines: a head for each kind, then its rows', async () => {
    const needs = new Needs(core([...many('key', 1), ...many('failed', 2)]).ipc);
    await needs.load();
    expect(Array.from({ length: needs.lines }, (_, at) => needs.line(at))).toEqual([
      { type: 'head', kind: 'key', count: 1 }, { type: 'need', index: 0 },
      { type: 'head', kind: 'failed', count: 2 }, { type: 'need', index: 1 }, { type: 'need', index: 2 },
    ]);
    expect([0, 1, 2].map((index) => needs.lineOf(index))).toEqual([1, 3, 4]);
    expect(needs.line(5)).toBeNull();
  });

  it('asks for no row while nobody looks', async () => {
    const { ipc, showNeeds } = core(many('failed', 5));
    const needs = new Needs(ipc);
    await needs.load();
    expect(showNeeds).toHaveBeenLastCalledWith(null, 0, 0);
    expect(needs.count).toBe(5);
  });

  it('stays with what the eye reads when rows come above it, a kind among them', async () => {
    const { ipc, change } = core(many('failed', 100));
    const needs = new Needs(ipc);
    await needs.load();
    needs.look(0, 20);
    await needs.load();
    needs.look(10, 30);
    change([...many('key', 2), ...many('failed', 100)]);
    await needs.load();
    // Two rows and the head of their kind.
    expect(needs.moved).toEqual({ lines: 3 });
  });

  it('does not move at the top, where what is new is worth seeing', async () => {
    const { ipc, change } = core(many('failed', 100));
    const needs = new Needs(ipc);
    needs.look(0, 20);
    await needs.load();
    needs.look(0, 20);
    change([...many('key', 1), ...many('failed', 100)]);
    await needs.load();
    expect(needs.moved).toBeNull();
  });

  it('keeps a row that is as it was, so that it is not drawn again', async () => {
    const { ipc } = core(many('failed', 3));
    const needs = new Needs(ipc);
    needs.look(0, 3);
    await needs.load();
    const before = needs.need(0);
    await needs.load();
    expect(needs.need(0)).toBe(before);
  });

  it('reads its rows again when somebody comes back', async () => {
    const { ipc } = core(many('failed', 3));
    const needs = new Needs(ipc);
    needs.look(0, 3);
    await needs.load();
    needs.leave();
    await needs.load();
    expect(needs.need(0)).toBeUndefined();
    needs.look(0, 3);
    await vi.waitFor(() => { expect(needs.need(0)?.key).toBe('failed-0'); });
  });

  it('gathers news before it asks again', async () => {
    vi.useFakeTimers();
    const { ipc, showNeeds, say } = core(many('failed', 3));
    await new Needs(ipc).load();
    showNeeds.mockClear();
    for (let at = 0; at < 5; at += 1) say({ type: 'instanceGone', id: String(at) });
    vi.advanceTimersByTime(2_000);
    expect(showNeeds).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });
});
