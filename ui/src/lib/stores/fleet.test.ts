import { describe, expect, it, vi } from 'vitest';
import type { Event, FleetFacts, FleetQuery, FleetRow, FleetWindow, PlacedRow } from '$lib/ipc/bindings';
import { BLOCK, EVERYTHING, FleetStore } from './fleet.svelte';
import { rowAfterKey } from './rowCursor.svelte';

const row = (id: string, name = id): FleetRow => ({ label: null, heartbeat: null, version: null, cost30: null, instance: {
  id, agent_name: name, created_at: null, customer_email: null, hostname: null, ip_address: null, preset_id: null,
  product_tier_name: null, provider: null, region_id: null, runtime_type: null, status: 'running', workload_type: null,
} });
const facts = (seq: number, matched: number): FleetFacts => ({
  seq, total: matched, matched, unknown: { rows: 0, age: 0, heartbeat: 0, cost: 0 }, problem: null, skipped: 0, doubted: 0, seenAt: '2026-01-01T00:00:00Z', source: 'live', failure: null,
  counts: { all: matched, running: matched, onItsWay: 0, failed: 0, deleting: 0, unknown: 0 }, onThisComputer: 0, elsewhere: matched,
});

/** A core whose answers come when the test says so. */
class SlowCore {
  asked: { query: FleetQuery; offset: number; limit: number; answer: (w: FleetWindow) => void; refuse: (f: unknown) => void }[] = [];
  #listener: (event: Event) => void = () => undefined;
  showFleet = (query: FleetQuery, offset: number, limit: number) =>
    new Promise<FleetWindow>((answer, refuse) => { this.asked.push({ query, offset, limit, answer, refuse }); });
  refreshFleet = vi.fn(() => Promise.resolve());
  onEvent = (listener: (event: Event) => void) => { this.#listener = listener; return () => undefined; };

  get last() { const last = this.asked.at(-1); if (!last) throw new Error('nothing was asked'); return last; }
  /** Answers an ask with rows named after the query and their place. */
  async answer(ask: SlowCore['asked'][number], seq: number, matched: number, prefix = 'row') {
    const rows = [];
    for (let i = ask.offset; i < Math.min(ask.offset + ask.limit, matched); i += 1) rows.push(row(`${prefix}-${i}`));
    ask.answer({ facts: facts(seq, matched), offset: ask.offset, rows, groups: ask.query.group ? [{ key: '', label: '', count: matched, offset: 0 }] : [] });
    await settled();
  }
  say(seq: number, matched: number, rows: PlacedRow[] | null) {
    this.#listener({ type: 'fleetChanged', facts: facts(seq, matched), rows });
  }
  changeSession() { this.#listener({ type: 'sessionChanged' }); }
}
const settled = async () => { for (let i = 0; i < 5; i += 1) await Promise.resolve(); };

async function open(matched = 10_000) {
  const core = new SlowCore();
  const fleet = new FleetStore(core);
  fleet.look(0, 20);
  await core.answer(core.last, 1, matched);
  return { core, fleet };
}

describe('windows', () => {
  it('asks for whole blocks around what is looked at', async () => {
    const { core, fleet } = await open();
    expect(core.last).toMatchObject({ offset: 0, limit: BLOCK });
    fleet.look(30, 50);
    expect(core.last).toMatchObject({ offset: 0, limit: 2 * BLOCK });
  });

  it('does not ask twice for the first rows when a look follows the beginning', async () => {
    const core = new SlowCore();
    const fleet = new FleetStore(core);
    fleet.begin();
    fleet.look(0, 20);
    expect(core.asked).toHaveLength(1);
    await core.answer(core.last, 1, 50);
    expect(fleet.row(0)?.instance.id).toBe('row-0');
  });

  it('asks the new question when a look follows a beginning with another one', async () => {
    const core = new SlowCore();
    const fleet = new FleetStore(core);
    fleet.begin();
    fleet.ask({ ...EVERYTHING, text: 'h' });
    fleet.look(0, 20);
    await core.answer(core.last, 1, 50);
    expect(core.asked.map(({ query }) => query.text)).toEqual(['', 'h']);
  });

  it('asks a new question also where no table looks, as after an answer without rows', async () => {
    const { core, fleet } = await open(0);
    fleet.leave();
    fleet.ask({ ...EVERYTHING, text: 'back' });
    expect(core.last.query.text).toBe('back');
  });

  it('does not ask again while the look stays within the same blocks', async () => {
    const { core, fleet } = await open();
    fleet.look(3, 24);
    expect(core.asked).toHaveLength(1);
  });

  it('holds a bounded number of rows while ten thousand are scrolled through', async () => {
    const { core, fleet } = await open();
    for (let first = 0; first < 9_900; first += 20) {
      const before = core.asked.length;
      fleet.look(first, first + 25);
      if (core.asked.length > before) await core.answer(core.last, 1, 10_000);
      expect(fleet.row(first)?.instance.id).toBe(`row-${first}`);
      expect(fleet.held).toBeLessThanOrEqual(7 * BLOCK);
    }
  });

  it('shows nothing for a place whose row has not come', async () => {
    const { fleet } = await open();
    fleet.look(5_000, 5_020);
    expect(fleet.row(5_000)).toBeUndefined();
  });

  it('keeps the object of a row that did not change', async () => {
    const { core, fleet } = await open();
    const before = fleet.row(3);
    core.say(2, 10_000, null);
    await core.answer(core.last, 2, 10_000);
    expect(fleet.row(3)).toBe(before);
  });
});

describe('rows with folded groups between them', () => {
  const apart = [[0, 5], [40, 41], [5_000, 5_010]] as const;

  it('are asked for in whole blocks, one after the other, and shown together', async () => {
    const { core, fleet } = await open();
    fleet.lookAt(apart);
    expect(core.asked.slice(1).map(({ offset, limit }) => [offset, limit])).toEqual([[0, 2 * BLOCK]]);
    await core.answer(core.last, 1, 10_000);
    expect(core.last).toMatchObject({ offset: 4_992, limit: BLOCK });
    await core.answer(core.last, 1, 10_000);
    expect([fleet.row(5_010)?.instance.id, fleet.row(0)?.instance.id, fleet.row(40)?.instance.id]).toEqual(['row-5010', 'row-0', 'row-40']);
    expect(fleet.row(3_000)).toBeUndefined();
  });

  it('are asked for again when the list changed between two of the answers', async () => {
    const { core, fleet } = await open();
    fleet.lookAt(apart);
    await core.answer(core.last, 1, 10_000);
    await core.answer(core.last, 2, 10_000, 'moved');
    expect(fleet.row(5_010)).toBeUndefined();
    await core.answer(core.last, 2, 10_000, 'moved');
    await core.answer(core.last, 2, 10_000, 'moved');
    expect([fleet.row(0)?.instance.id, fleet.row(5_010)?.instance.id]).toEqual(['moved-0', 'moved-5010']);
  });

  it('are unfolded when something else lies together, and stay folded for another filter', async () => {
    const { core, fleet } = await open();
    fleet.ask({ ...EVERYTHING, group: 'region' });
    await core.answer(core.last, 1, 100);
    fleet.fold(['a', 'b'], true);
    fleet.fold(['b'], false);
    fleet.ask({ ...EVERYTHING, group: 'region', text: 'x' });
    await core.answer(core.last, 1, 50);
    expect([...fleet.folded]).toEqual(['a']);
    fleet.ask({ ...EVERYTHING, group: 'status' });
    expect([...fleet.folded]).toEqual(['a']);
    await core.answer(core.last, 1, 100);
    expect([...fleet.folded]).toEqual([]);
  });
});

describe('questions', () => {
  it('asks at once, and what comes while that is open in turn: the core was asked the newest one last', async () => {
    const { core, fleet } = await open();
    for (const text of ['h', 'he', 'her', 'herm']) fleet.ask({ ...EVERYTHING, text });
    expect(core.asked.map(({ query }) => query.text)).toEqual(['', 'h']);
    await core.answer(core.last, 2, 900, 'h');
    expect(core.asked.map(({ query }) => query.text)).toEqual(['', 'h', 'herm']);
    await core.answer(core.last, 3, 4, 'herm');
    expect([fleet.matched, fleet.behind, core.asked.length]).toEqual([4, false, 3]);
  });

  it('asks the newest one also after a refusal of the one before', async () => {
    const { core, fleet } = await open();
    fleet.ask({ ...EVERYTHING, text: 'h' });
    fleet.ask({ ...EVERYTHING, text: 'he' });
    core.last.refuse({ code: { type: 'storage' }, detail: '' });
    await settled();
    await core.answer(core.last, 2, 3, 'he');
    expect([fleet.row(0)?.instance.id, fleet.refusal]).toEqual(['he-0', null]);
  });

  it('keeps the old rows until the new ones come', async () => {
    const { core, fleet } = await open();
    fleet.ask({ ...EVERYTHING, text: 'h' });
    expect(fleet.row(0)?.instance.id).toBe('row-0');
    expect(fleet.behind).toBe(true);
    await core.answer(core.last, 2, 3, 'hit');
    expect(fleet.row(0)?.instance.id).toBe('hit-0');
    expect(fleet.row(3)).toBeUndefined();
    expect(fleet.behind).toBe(false);
  });

  it('drops the answer of an older question', async () => {
    const { core, fleet } = await open();
    fleet.ask({ ...EVERYTHING, text: 'h' });
    fleet.ask({ ...EVERYTHING, text: 'he' });
    await core.answer(core.last, 2, 5, 'h');
    expect(fleet.row(0)?.instance.id).toBe('row-0');
    await core.answer(core.last, 3, 2, 'he');
    expect(fleet.row(0)?.instance.id).toBe('he-0');
    expect(fleet.matched).toBe(2);
  });

  it('starts a new question at the first row', async () => {
    const { core, fleet } = await open();
    fleet.look(5_000, 5_020);
    fleet.ask({ ...EVERYTHING, text: 'h' });
    await core.answer(core.last, 2, 10_000);
    expect([core.last.query.text, core.last.offset]).toEqual(['h', 0]);
  });

  it('keeps the rows and says why when the core refuses', async () => {
    const { core, fleet } = await open();
    core.say(2, 10_000, null);
    core.last.refuse({ code: { type: 'noSession' }, detail: '' });
    await settled();
    expect(fleet.failure?.code.type).toBe('noSession');
    expect(fleet.row(0)?.instance.id).toBe('row-0');
  });
});

describe('changes', () => {
  it('puts changed rows at their places', async () => {
    const { core, fleet } = await open();
    core.say(2, 10_000, [{ index: 4, row: row('row-4', 'New name') }]);
    expect(fleet.row(4)?.instance.agent_name).toBe('New name');
    expect(core.asked).toHaveLength(1);
  });

  it('asks again when a change was missed', async () => {
    const { core, fleet } = await open();
    core.say(3, 10_000, [{ index: 4, row: row('row-4', 'New name') }]);
    expect(core.asked).toHaveLength(2);
    await core.answer(core.last, 3, 10_000);
    expect(fleet.row(4)?.instance.agent_name).toBe('row-4');
  });

  it('asks again when a change was too much for a message', async () => {
    const { core } = await open();
    core.say(2, 10_000, null);
    expect(core.asked).toHaveLength(2);
  });

  it('ignores a change that is older than what is shown', async () => {
    const { core, fleet } = await open();
    core.say(1, 5, [{ index: 0, row: row('old') }]);
    expect(fleet.row(0)?.instance.id).toBe('row-0');
    expect(fleet.matched).toBe(10_000);
  });

  it('does not mix a change into rows of another question', async () => {
    const { core, fleet } = await open();
    fleet.ask({ ...EVERYTHING, text: 'h' });
    const ask = core.last;
    core.say(2, 10_000, [{ index: 0, row: row('elsewhere') }]);
    expect(fleet.row(0)?.instance.id).toBe('row-0');
    await core.answer(ask, 2, 3, 'hit');
    expect(fleet.row(0)?.instance.id).toBe('hit-0');
  });

  it('asks again when an answer is older than a change heard meanwhile', async () => {
    const { core, fleet } = await open();
    fleet.ask({ ...EVERYTHING, text: 'h' });
    const ask = core.last;
    core.say(5, 3, []);
    await core.answer(ask, 4, 9, 'old');
    expect(core.asked).toHaveLength(3);
    await core.answer(core.last, 5, 3, 'new');
    expect(fleet.row(0)?.instance.id).toBe('new-0');
  });

  it('fills the place that a shorter list leaves', async () => {
    const { core, fleet } = await open(20);
    core.say(2, 21, []);
    expect(core.asked).toHaveLength(2);
    await core.answer(core.last, 2, 21);
    expect(fleet.row(20)?.instance.id).toBe('row-20');
  });

  it('forgets rows past the end', async () => {
    const { core, fleet } = await open(20);
    core.say(2, 18, []);
    expect(fleet.row(18)).toBeUndefined();
    expect(fleet.row(17)?.instance.id).toBe('row-17');
  });

  it('starts over with another session', async () => {
    const { core, fleet } = await open();
    core.changeSession();
    expect(fleet.row(0)).toBeUndefined();
    expect(fleet.loading).toBe(true);
    await core.answer(core.last, 1, 2, 'other');
    expect(fleet.row(0)?.instance.id).toBe('other-0');
  });

  it('asks for nothing while nobody looks', async () => {
    const { core, fleet } = await open();
    fleet.leave();
    core.say(9, 10_000, null);
    expect(core.asked).toHaveLength(1);
    fleet.look(0, 20);
    expect(core.asked).toHaveLength(2);
  });
});

describe('what is known besides the list', () => {
  const seen = { value: '2026-01-01T00:00:00Z', seenAt: '2026-01-01T00:01:00Z', source: 'live' as const };

  it('comes with a new row, and the instance in it is the one it was', async () => {
    const { core, fleet } = await open();
    const before = fleet.row(4);
    core.say(2, 10_000, [{ index: 4, row: { ...row('row-4'), heartbeat: seen } }]);
    expect(fleet.row(4)?.heartbeat).toEqual(seen);
    expect(fleet.row(4)?.instance).toBe(before?.instance);
  });

  it('asks for the whole again on any change while rows are grouped', async () => {
    const { core, fleet } = await open();
    fleet.ask({ ...EVERYTHING, group: 'region' });
    await core.answer(core.last, 1, 30);
    expect(fleet.groups).toEqual([{ key: '', label: '', count: 30, offset: 0 }]);
    core.say(2, 30, [{ index: 4, row: row('row-4', 'New name') }]);
    expect(core.asked).toHaveLength(3);
  });
});

describe('the row under the keyboard', () => {
  it('stays on the same instance when rows move', async () => {
    const { core, fleet } = await open(20);
    fleet.cursor.move(3, fleet.places, 20);
    core.say(2, 20, [{ index: 3, row: row('row-4') }, { index: 4, row: row('row-3') }]);
    expect(fleet.cursor).toMatchObject({ index: 4, id: 'row-3' });
  });

  it('stays on the same place when its instance is gone', async () => {
    const { core, fleet } = await open(20);
    fleet.cursor.move(3, fleet.places, 20);
    core.say(2, 20, [{ index: 3, row: row('someone-else') }]);
    expect(fleet.cursor).toMatchObject({ index: 3, id: 'someone-else' });
  });

  it('goes to the last row when the list grew shorter than its place', async () => {
    const { core, fleet } = await open(20);
    fleet.cursor.move(19, fleet.places, 20);
    core.say(2, 10, []);
    expect(fleet.cursor).toMatchObject({ index: 9, id: 'row-9' });
  });

  it('remembers its instance while the row is out of reach', async () => {
    const { core, fleet } = await open();
    fleet.cursor.move(3, fleet.places, 10_000);
    fleet.look(5_000, 5_020);
    await core.answer(core.last, 1, 10_000);
    expect(fleet.cursor).toMatchObject({ index: 3, id: 'row-3' });
    core.say(2, 10_000, [{ index: 5_000, row: row('row-5000', 'New name') }]);
    expect(fleet.row(3)?.instance.id).toBe('row-3');
  });

  it('moves by keys and never past the ends', () => {
    expect(rowAfterKey('j', 4, 100, 10)).toBe(5);
    expect(rowAfterKey('ArrowUp', 0, 100, 10)).toBe(0);
    expect(rowAfterKey('PageDown', 95, 100, 10)).toBe(99);
    expect(rowAfterKey('End', 3, 100, 10)).toBe(99);
    expect(rowAfterKey('Home', 50, 100, 10)).toBe(0);
    expect(rowAfterKey('x', 50, 100, 10)).toBeNull();
    expect(rowAfterKey('End', 0, 0, 10)).toBe(0);
  });
});
