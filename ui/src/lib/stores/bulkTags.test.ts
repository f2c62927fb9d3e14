import { describe, expect, it } from 'vitest';
import { createFakeIpc } from '$lib/ipc/fake';
import { BulkTags, tagLines, undoing, type TagLine, type Wish } from './bulkTags.svelte';

const held = [{ tag: 'beta', ids: ['a', 'b'] }, { tag: 'vip', ids: ['a', 'b', 'c'] }];
const wishes = (...all: [string, Wish][]) => new Map(all);

async function open(count = 3) {
  const ipc = createFakeIpc({ latencyMs: 0, instances: 30 });
  const ids = Array.from({ length: count }, (_, at) => `some-${at}`);
  await ipc.tagInstances(ids.slice(0, 2), ['beta'], []);
  await ipc.tagInstances(ids, ['vip'], []);
  const tags = new BulkTags(ipc);
  await tags.open(Promise.resolve(ids));
  const of = async (id: string) => (await ipc.getLabel(id)).label.tags;
  const line = (tag: string): TagLine => tags.lines.find((one) => one.tag === tag) ?? { tag, held: 0, wish: null, changes: 0 };
  return { ipc, ids, tags, of, line };
}

describe('the tags of many', () => {
  it('say how many have each, and how many would change', () => {
    expect(tagLines(3, held, wishes(['beta', 'all'], ['vip', 'none'], ['new', 'all']))).toEqual([
      { tag: 'beta', held: 2, wish: 'all', changes: 1 }, { tag: 'new', held: 0, wish: 'all', changes: 3 }, { tag: 'vip', held: 3, wish: 'none', changes: 3 },
    ]);
  });
  it('are undone for those that changed alone, and make room before they give back', () => {
    expect(undoing(['a', 'b', 'c', 'd'], held, wishes(['vip', 'none'], ['beta', 'all']), ['d'])).toEqual([
      { ids: ['c'], add: [], remove: ['beta'] }, { ids: ['a', 'b', 'c'], add: ['vip'], remove: [] },
    ]);
    expect(undoing(['a'], held, wishes(['beta', 'all']), [])).toEqual([]);
  });
  it('that some have go to all, to none, and back to how they are', async () => {
    const { tags, line } = await open();
    const seen = [];
    for (let times = 0; times < 3; times += 1) {
      tags.turn(line('beta'));
      seen.push(line('beta').wish);
    }
    expect(seen).toEqual(['all', 'none', null]);
  });
  it('that all have go to none and back', async () => {
    const { tags, line } = await open();
    tags.turn(line('vip'));
    expect(line('vip').wish).toBe('none');
    tags.turn(line('vip'));
    expect([line('vip').wish, tags.changes]).toEqual([null, false]);
  });
  it('that are new come and go', async () => {
    const { tags, line } = await open();
    tags.want('new', 'all');
    expect(line('new').changes).toBe(3);
    tags.turn(line('new'));
    expect(tags.lines.map(({ tag }) => tag)).toEqual(['beta', 'vip']);
  });
  it('are changed together, and each has its own again afterwards', async () => {
    const { ids, tags, of } = await open();
    tags.want('beta', 'all');
    tags.want('vip', 'none');
    const done = await tags.apply();
    expect(done).toMatchObject({ changed: 3, full: 0 });
    expect(await Promise.all(ids.map(of))).toEqual([['beta'], ['beta'], ['beta']]);
    await done?.undo();
    expect(await Promise.all(ids.map(of))).toEqual([['beta', 'vip'], ['beta', 'vip'], ['vip']]);
  });
  it('say why where it is refused', async () => {
    const { tags } = await open();
    tags.want('two words', 'all');
    expect(await tags.apply()).toBeNull();
    expect(tags.failure?.code.type).toBe('invalid');
  });
});
