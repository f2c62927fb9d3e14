import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Budget, Event, Failure, FleetUsageRun, FleetUsageView, UsageView } from '$lib/ipc/bindings';
import type { Crossing } from '$lib/usage/budgetWords';
import { Budgets } from './budgets.svelte';
import { FleetUsage } from './fleetUsage.svelte';
import { Usage } from './usage.svelte';

const settled = async () => { for (let i = 0; i < 12; i += 1) await Promise.resolve(); };
const OFFLINE: Failure = { code: { type: 'offline' }, detail: '' };
const NOVEMBER = { from: '2026-11-01', to: '2026-11-02' };
const OCTOBER = { from: '2026-10-30', to: '2026-10-31' };

const viewOf = (from: string, to: string): UsageView => ({ from, to, today: to, days: [], totals: { tokens: null, requests: null, cost: null, days: 0 }, before: null, uniqueUsers: null, forecast: null, otherKeys: [], seenAt: null, source: 'live', failure: null });

/** A core whose answers come when the test says so. */
class SlowCore {
  asked: { range: string; answer: () => void; refuse: (failure: Failure) => void }[] = [];
  getUsage = (_id: string, from: string, to: string) => new Promise<UsageView>((answer, refuse) => {
    this.asked.push({ range: `${from}..${to}`, answer: () => answer(viewOf(from, to)), refuse });
  });
}

describe('usage of a range', () => {
  function open(onread?: () => void) {
    const core = new SlowCore();
    return { core, usage: new Usage(core, 'a', onread) };
  }

  it('drops the answer that was overtaken', async () => {
    const { core, usage } = open();
    void usage.show(NOVEMBER, false);
    void usage.show(OCTOBER, false);
    core.asked[1]?.answer();
    await settled();
    core.asked[0]?.answer();
    await settled();
    expect([usage.view?.from, usage.loading]).toEqual([OCTOBER.from, false]);
  });

  it('asks for the days before only where they are compared, after the range itself', async () => {
    const { core, usage } = open();
    void usage.show(NOVEMBER, true);
    expect(core.asked).toHaveLength(1);
    core.asked[0]?.answer();
    await settled();
    core.asked[1]?.answer();
    await settled();
    expect(core.asked.map(({ range }) => range)).toEqual(['2026-11-01..2026-11-02', '2026-10-30..2026-10-31']);
    expect(usage.daysBefore).toEqual([]);
  });

  it('does not ask again for what is shown', async () => {
    const { core, usage } = open();
    void usage.show(NOVEMBER, false);
    void usage.show({ ...NOVEMBER }, false);
    expect(core.asked).toHaveLength(1);
  });

  it('keeps what it had when it can not be read again, and forgets it when it may not be', async () => {
    const { core, usage } = open();
    void usage.show(NOVEMBER, false);
    core.asked[0]?.answer();
    await settled();
    void usage.load();
    core.asked[1]?.refuse(OFFLINE);
    await settled();
    expect([usage.view?.from, usage.failure?.code.type]).toEqual([NOVEMBER.from, 'offline']);
    void usage.load();
    core.asked[2]?.refuse({ code: { type: 'notAllowed', operation: 'get_usage', scope: null, message: null }, detail: '' });
    await settled();
    expect(usage.view).toBeNull();
  });

  it('does not show the days before another range beside this one', async () => {
    const { core, usage } = open();
    void usage.show(NOVEMBER, true);
    core.asked[0]?.answer();
    await settled();
    void usage.show(OCTOBER, true);
    core.asked[2]?.answer();
    await settled();
    core.asked[1]?.answer();
    await settled();
    expect(usage.daysBefore).toBeNull();
  });

  it('tells that it was read', async () => {
    const read = vi.fn();
    const { core, usage } = open(read);
    void usage.show(NOVEMBER, false);
    core.asked[0]?.answer();
    await settled();
    expect(read).toHaveBeenCalledOnce();
  });
});

describe('the fleet’s usage', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const run = (done: number): FleetUsageRun => ({ done, total: 3, failed: 0, startedAt: '2026-11-24T14:00:00Z' });
  const fleet = (fetched: number, now: FleetUsageRun | null = null): FleetUsageView => ({ total: 3, fetched, oldestAt: null, cost: null, requests: null, tokens: null, days: [], dearest: [], run: now });

  function open() {
    let say: (event: Event) => void = () => undefined;
    const core = {
      reads: 0, next: fleet(1),
      getFleetUsage() { this.reads += 1; return Promise.resolve(this.next); },
      fetchFleetUsage: vi.fn(() => Promise.resolve()),
      stopFleetUsage: vi.fn(() => Promise.resolve()),
      onEvent: (listener: (event: Event) => void) => { say = listener; return () => { say = () => undefined; }; },
    };
    const usage = new FleetUsage(core, () => Date.parse('2026-11-24T14:00:09Z'));
    const end = usage.follow();
    return { core, usage, end, moved: (fetched: number, now: FleetUsageRun | null) => say({ type: 'fleetUsageChanged', fetched, total: 3, run: now }) };
  }

  it('follows the walk at once, and reads the sums now and then', async () => {
    const { core, usage, moved } = open();
    await settled();
    for (let done = 0; done < 3; done += 1) moved(1 + done, run(done));
    expect([usage.run?.done, usage.view?.fetched, core.reads]).toEqual([2, 3, 1]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(core.reads).toBe(2);
  });

  it('reads once more when the walk ends, and says how it ended', async () => {
    const { core, usage, moved } = open();
    await settled();
    moved(3, run(3));
    moved(3, null);
    await settled();
    expect([core.reads, usage.ending?.type, usage.ending?.took, usage.run]).toEqual([2, 'done', 9_000, null]);
  });

  it('is stopped by hand and says so', async () => {
    const { core, usage, moved } = open();
    await settled();
    core.next = fleet(1, run(1));
    await usage.fetchRest();
    const stopping = usage.stop();
    core.next = fleet(1);
    moved(1, null);
    await stopping;
    expect([core.stopFleetUsage.mock.calls.length, usage.ending?.type]).toEqual([1, 'stopped']);
  });

  it('keeps what it had when a walk can not begin', async () => {
    const { core, usage } = open();
    await settled();
    core.fetchFleetUsage.mockReturnValueOnce(Promise.reject(OFFLINE as unknown as Error));
    await usage.fetchRest();
    expect([usage.refusal?.code.type, usage.view?.fetched, usage.busy]).toEqual(['offline', 1, false]);
  });

  it('asks for nothing once its screen is left', async () => {
    const { core, end, moved } = open();
    await settled();
    moved(1, run(1));
    end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(core.reads).toBe(1);
  });
});

describe('budgets', () => {
  const budget = (level: Budget['level'], more: Partial<Budget> = {}): Budget => ({ scope: 'a', monthlyUsd: '10', spent: '1', share: 0.1, level, chronic: false, likely: null, ...more });

  function open() {
    let say: (event: Event) => void = () => undefined;
    const told: [Crossing, string][] = [];
    const core = {
      next: [] as Budget[],
      listBudgets() { return Promise.resolve(this.next); },
      setBudget: vi.fn((): Promise<Budget[]> => Promise.reject(OFFLINE as unknown as Error)),
      getInstance: () => Promise.reject(OFFLINE as unknown as Error),
      getSession: () => Promise.reject(OFFLINE as unknown as Error),
      onEvent: (listener: (event: Event) => void) => { say = listener; return () => undefined; },
    };
    const budgets = new Budgets(core, (crossing, name) => told.push([crossing, name]));
    return { core, budgets, told, say: (event: Event) => say(event) };
  }

  it('tell once when a level is reached, and nothing of what was so before', async () => {
    const { core, budgets, told, say } = open();
    core.next = [budget('half')];
    await budgets.load();
    core.next = [budget('most')];
    say({ type: 'fleetUsageChanged', fetched: 1, total: 1, run: null });
    await settled();
    await budgets.load();
    expect(told.map(([crossing, name]) => [crossing.level, name])).toEqual([['most', 'a']]);
  });

  it('mark the way to the usage by the worst of them', async () => {
    const { core, budgets } = open();
    expect(budgets.alarm).toBeNull();
    core.next = [budget('half'), budget('none', { scope: 'b', chronic: true })];
    await budgets.load();
    expect([budgets.alarm, budgets.pressing.length]).toEqual(['warn', 1]);
    core.next = [budget('over')];
    await budgets.load();
    expect(budgets.alarm).toBe('bad');
  });

  it('that are refused stay as they were, with the reason', async () => {
    const { core, budgets } = open();
    core.next = [budget('half')];
    await budgets.load();
    expect((await budgets.set('a', '20'))?.code.type).toBe('offline');
    expect(budgets.of('a')?.monthlyUsd).toBe('10');
  });
});
