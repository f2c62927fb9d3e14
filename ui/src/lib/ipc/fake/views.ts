/** Saved views in memory. Belongs here: the core's limits and its order. */
import { EVERYTHING } from '../../stores/fleet.svelte';
import type { Failure, SavedView } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const refused = (kind: string, detail: string): Failure =>
  ({ code: { type: 'invalid', message: null, fields: [{ loc: ['name'], msg: detail, type: kind }] }, detail });

export function fakeViews(core: FakeCore, longNames: boolean): Pick<Ipc, 'listViews' | 'saveView' | 'orderViews' | 'deleteView' | 'countPinnedViews'> {
  let views: SavedView[] = longNames
    ? [{ id: 'view-1', name: 'Donaudampfschifffahrtsgesellschaft: everything that failed', query: { ...EVERYTHING, phases: ['failed'], sort: 'age' }, columns: null, pinned: true }]
    : [];
  function keep(next: SavedView[]): SavedView[] {
    views = next;
    core.announce({ type: 'viewsChanged' });
    return views;
  }

  return {
    listViews: () => core.answer(() => views, true),
    saveView: (given) => core.answer(() => {
      const view = { ...given, name: given.name.trim() };
      const others = views.filter(({ id }) => id !== view.id);
      if (view.name === '' || [...view.name].length > 60) throw refused('length', 'a view’s name has 1 to 60 characters');
      if (others.some(({ name }) => name.toLowerCase() === view.name.toLowerCase())) throw refused('taken', 'another view has this name');
      if (others.length >= 100) throw refused('tooMany', 'there are 100 views already');
      return keep(others.length === views.length ? [...views, view] : views.map((one) => (one.id === view.id ? view : one)));
    }, true),
    orderViews: (ids) => core.answer(() => {
      const named = ids.flatMap((id) => views.find((view) => view.id === id) ?? []);
      return keep([...named, ...views.filter((view) => !ids.includes(view.id))]);
    }, true),
    deleteView: (id) => core.answer(() => keep(views.filter((view) => view.id !== id)), true),
    countPinnedViews: () => core.answer(() => views.filter(({ pinned }) => pinned).map(({ id, query }) => ({ id, count: core.count(query) })), true),
  };
}
