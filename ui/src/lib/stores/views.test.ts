import { createFakeIpc } from '$lib/ipc/fake';
import { describe, expect, it, vi } from 'vitest';
import { EVERYTHING } from './fleet.svelte';
import { Views } from './views.svelte';

const failed = { ...EVERYTHING, phases: ['failed' as const] };
const named = { ...EVERYTHING, text: 'bakery' };

async function opened() {
  const ipc = createFakeIpc();
  const views = new Views(ipc);
  await views.ready();
  return { ipc, views };
}
const names = (views: Views) => views.list.map(({ name }) => name);

describe('saved views', () => {
  it('are looked through once they are saved, and say when what shows is another thing', async () => {
    const { views } = await opened();
    expect(await views.saveAs(' Failed ', failed, ['age'], true)).toBeNull();
    expect(views.current?.name).toBe('Failed');
    expect(views.isEdited(failed)).toBe(false);
    expect(views.isEdited(named)).toBe(true);
    views.setColumns(['age', 'region']);
    expect(views.isEdited(failed)).toBe(true);
    const { current } = views;
    if (current) await views.save(current, { columns: ['age', 'region'] });
    expect(views.isEdited(failed)).toBe(false);
  });

  it('refuse a name that another one has', async () => {
    const { views } = await opened();
    await views.saveAs('Failed', failed, null, false);
    const failure = await views.saveAs('failed', named, null, false);
    expect(failure?.code.type).toBe('invalid');
    expect(names(views)).toEqual(['Failed']);
    expect(views.current?.query).toEqual(failed);
  });

  it('are ordered, deleted and brought back to where they were', async () => {
    const { views } = await opened();
    for (const name of ['A', 'B', 'C']) await views.saveAs(name, named, null, false);
    const [a, b] = views.list;
    if (!a || !b) throw new Error('they are not there');
    await views.move(b.id, 1);
    expect(names(views)).toEqual(['A', 'C', 'B']);
    await views.move(a.id, -1);
    expect(names(views)).toEqual(['A', 'C', 'B']);
    const order = views.list.map(({ id }) => id);
    await views.delete(a.id);
    expect(names(views)).toEqual(['C', 'B']);
    await views.bringBack(a, order);
    expect(names(views)).toEqual(['A', 'C', 'B']);
  });

  it('are known again by the address, and left at the plain one', async () => {
    const { views } = await opened();
    await views.saveAs('Failed', failed, ['age'], false);
    await views.saveAs('Bakeries', named, null, false);
    views.settle(failed);
    expect([views.current?.name, views.columns]).toEqual(['Failed', ['age']]);
    // An address that is no view’s: the view, changed.
    views.settle({ ...failed, text: 'x' });
    expect(views.current?.name).toBe('Failed');
    views.settle(EVERYTHING);
    expect([views.current, views.looking]).toEqual([null, false]);
  });

  it('that show the whole fleet in other columns are not left at once', async () => {
    const { views } = await opened();
    await views.saveAs('Narrow', EVERYTHING, ['age'], false);
    views.settle(EVERYTHING);
    expect(views.current?.name).toBe('Narrow');
    views.openLink(['tier']);
    expect([views.current, views.columns]).toEqual([null, ['tier']]);
    views.settle(EVERYTHING);
    expect(views.looking).toBe(false);
  });

  it('that are pinned are counted', async () => {
    const { ipc, views } = await opened();
    await views.saveAs('All', EVERYTHING, null, true);
    await vi.waitFor(() => expect([...views.counts.values()]).toEqual([12]));
    const count = vi.spyOn(ipc, 'countPinnedViews');
    const { current } = views;
    if (current) await views.save(current, { pinned: false });
    expect(views.pinned).toEqual([]);
    expect(count).not.toHaveBeenCalled();
  });
});
