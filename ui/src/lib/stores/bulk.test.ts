import type { BulkOrder, Event, SessionView } from '$lib/ipc/bindings';
import { createFakeIpc } from '$lib/ipc/fake';
import { describe, expect, it } from 'vitest';
import { BulkJobView, BulkJobs, BulkPreview } from './bulk.svelte';
import { BulkSelection, type Ground } from './bulkSelection.svelte';
import { EVERYTHING } from './fleet.svelte';

const ALL: BulkOrder['targets'] = { type: 'matching', query: EVERYTHING, except: [] };

function door() {
  const listeners = new Set<(event: Event) => void>();
  const asked: [number, number][] = [];
  const open = { profile: 'northwind' };
  /** What the filter leaves of a fleet of a hundred. */
  const matched = { from: 0, to: 100 };
  const ipc = {
    getSession: () => Promise.resolve({ profile: { id: open.profile } } as SessionView),
    listMatchedIds: (_query: unknown, offset: number, limit: number) => {
      asked.push([offset, limit]);
      const all = Array.from({ length: matched.to - matched.from }, (_, at) => `id-${matched.from + at}`);
      return Promise.resolve(all.slice(offset, offset + limit));
    },
    countMatched: (_query: unknown, ids: string[]) => Promise.resolve(ids.filter((id) => Number(id.slice(3)) >= matched.from && Number(id.slice(3)) < matched.to).length),
    onEvent: (listener: (event: Event) => void) => { listeners.add(listener); return () => listeners.delete(listener); },
  };
  return { ipc, asked, open, matched, say: (event: Event) => { for (const listener of listeners) listener(event); } };
}

const GROUND: Ground = { query: EVERYTHING, indexOf: (id) => Number(id.slice(3)), between: (a, b) => [[Math.min(a, b), Math.max(a, b)]] };
const place = (index: number) => ({ id: `id-${index}`, index });

describe('the selection', () => {
  it('is single ids, or everything that matches but some', () => {
    const selection = new BulkSelection(door().ipc);
    selection.toggle('a', 0);
    selection.toggle('b', 1);
    selection.toggle('a', 0);
    expect(selection.targets()).toEqual({ type: 'ids', ids: ['b'] });
    selection.selectAll(EVERYTHING);
    selection.toggle('c', 2);
    expect([selection.has('a'), selection.has('c'), selection.count(10)]).toEqual([true, false, 9]);
    expect(selection.targets()).toEqual({ type: 'matching', query: EVERYTHING, except: ['c'] });
    selection.toggle('c', 2);
    expect(selection.count(10)).toBe(10);
  });
  it('takes a range from the anchor, whichever way, wherever its rows are', async () => {
    const { ipc, asked } = door();
    const selection = new BulkSelection(ipc);
    selection.toggle('id-7', 7);
    await selection.extend(GROUND, place(3));
    expect(asked).toEqual([[3, 5]]);
    expect(selection.count(100)).toBe(5);
    await selection.extend(GROUND, place(9));
    expect([selection.has('id-3'), selection.has('id-9'), selection.count(100)]).toEqual([true, true, 7]);
  });
  it('goes on from the row where it began, wherever that row is by now', async () => {
    const { ipc, matched } = door();
    const selection = new BulkSelection(ipc);
    selection.toggle('id-7', 2);
    await selection.extend({ ...GROUND, indexOf: () => null }, place(9));
    expect([selection.count(100), selection.has('id-2'), selection.has('id-8')]).toEqual([3, false, true]);
    matched.from = 50;
    await selection.extend({ ...GROUND, indexOf: () => null }, { id: 'id-53', index: 3 });
    expect([selection.count(50), selection.has('id-53'), selection.has('id-52')]).toEqual([4, true, false]);
  });
  it('leaves out what a folded group hides', async () => {
    const { ipc } = door();
    const selection = new BulkSelection(ipc);
    selection.toggle('id-1', 1);
    await selection.extend({ ...GROUND, between: () => [[1, 2], [7, 8]] }, place(8));
    expect(['id-2', 'id-3', 'id-7'].map((id) => selection.has(id))).toEqual([true, false, true]);
  });
  it('says how many of it another filter does not show', async () => {
    const { ipc, matched } = door();
    const selection = new BulkSelection(ipc);
    for (const at of [1, 2, 60]) selection.toggle(`id-${at}`, at);
    matched.from = 50;
    await selection.recount({ ...EVERYTHING, text: 'eu' });
    expect([selection.count(50), selection.shown(50), selection.unseen]).toEqual([3, 1, 2]);
    selection.toggle('id-61', 11);
    expect([selection.shown(50), selection.unseen]).toEqual([2, 2]);
    matched.from = 0;
    await selection.recount(EVERYTHING);
    expect([selection.shown(100), selection.unseen]).toEqual([4, 0]);
  });
  it('counts only what is still there of those that are left out', async () => {
    const { ipc, matched } = door();
    const selection = new BulkSelection(ipc);
    selection.selectAll(EVERYTHING);
    selection.toggle('id-1', 1);
    selection.toggle('id-99', 99);
    matched.to = 99;
    await selection.recount(EVERYTHING);
    expect([selection.count(99), selection.unseen]).toEqual([98, 0]);
    expect((await selection.ids()).length).toBe(98);
  });
  it('of all that match ends with another filter, and outlives another order', () => {
    const selection = new BulkSelection(door().ipc);
    selection.selectAll(EVERYTHING);
    selection.follow({ ...EVERYTHING, sort: 'age', descending: true });
    expect(selection.count(10)).toBe(10);
    selection.follow({ ...EVERYTHING, text: 'eu' });
    expect(selection.empty).toBe(true);
  });
  it('ends with its profile, not with a right that was learned', async () => {
    const { ipc, open, say } = door();
    const selection = new BulkSelection(ipc);
    selection.toggle('a', 0);
    say({ type: 'sessionChanged' });
    await Promise.resolve();
    expect(selection.empty).toBe(false);
    open.profile = 'acme';
    say({ type: 'sessionChanged' });
    await expect.poll(() => selection.empty).toBe(true);
  });
});

describe('bulk work', () => {
  it('begins what was shown, moves by its events and ends', async () => {
    const ipc = createFakeIpc({ instances: 30 });
    const jobs = new BulkJobs(ipc);
    const preview = new BulkPreview(ipc, ALL);
    await preview.ask({ type: 'revokeConsent' });
    expect(preview.plan?.stages[0]).toBe(1);
    preview.stopInRest = false;
    const job = await preview.start(null);
    const view = new BulkJobView(ipc, job?.id ?? '');
    const end = view.follow();
    await expect.poll(() => view.job?.state.type).not.toBe('running');
    if (view.job?.state.type === 'paused') {
      await view.goOn();
      await expect.poll(() => view.job?.state.type).toBe('finished');
    }
    expect(view.job?.counts.waiting).toBe(0);
    expect(jobs.list.map(({ id }) => id)).toEqual([job?.id]);
    await jobs.dismiss(job?.id ?? '');
    expect(jobs.list).toEqual([]);
    end();
  });
  it('does not begin without the words that deleting takes', async () => {
    const ipc = createFakeIpc({ instances: 5 });
    const preview = new BulkPreview(ipc, ALL);
    await preview.ask({ type: 'delete' });
    expect(await preview.start('delete')).toBeNull();
    expect(preview.refusal?.code.type).toBe('declined');
    expect(await ipc.listBulk()).toEqual([]);
  });
  it('shows nothing of an act that is not said completely', async () => {
    const preview = new BulkPreview(createFakeIpc({ instances: 5 }), ALL);
    await preview.ask({ type: 'delete' });
    await preview.ask(null);
    expect([preview.plan, preview.rows]).toEqual([null, []]);
  });
});
