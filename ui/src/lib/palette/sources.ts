/**
 * Where the palette's items come from: links, actions, instances, settings. Each finds for itself.
 * Another kind of thing (views, say) is one more source in the list of `Frame.svelte`; a `listSource`, where it has but a name.
 */
import { groupTitle } from '$lib/actions';
import { m } from '$lib/paraglide/messages';
import type { May } from '$lib/permissions/mayDo';
import type { Bound } from '$lib/stores/actions.svelte';
import { findFuzzy } from './fuzzy';
import type { PaletteItem, PaletteSource } from './item';
import { readLink } from './link';
import { SETTINGS, type SettingsFacts } from './settings';
import { instanceItem, OFFERED, withoutDots, type FindInstances } from './steps';

type Go = (address: string) => unknown;
type Recent = () => readonly string[];

/** Among all of a source's items. */
const among = (items: () => Promise<PaletteItem[]>) => async (id: string) => (await items()).find((item) => (item.remember ?? item.id) === id) ?? null;

/** A pasted link is offered, never followed by itself. */
export function linkSource(find: FindInstances, go: Go): PaletteSource {
  return {
    title: m.palette_section_link(),
    recall: () => Promise.resolve(null),
    async find(text) {
      const link = readLink(text);
      if (link.kind === 'none') return [];
      if (link.kind === 'unknown') return [{ id: 'passing:link', title: m.palette_link_unknown(), note: m.palette_link_unknown_note(), silent: true, near: -1 }];
      const here = link.instance === null || (await find(link.instance, 1).catch(() => [])).some(({ id }) => id === link.instance);
      return [{ id: 'passing:link', title: m.palette_link_open({ address: link.address }), note: here ? '' : m.palette_link_elsewhere(), near: -1, run: () => go(link.address) }];
    },
  };
}

export function actionSource(all: () => readonly Bound[], may: (id: string) => May, recent: Recent): PaletteSource {
  const offered = () => all().filter((action) => !action.keyOnly);
  const item = (action: Bound): PaletteItem => ({
    id: action.id, title: action.title, keys: action.keys[0], may: may(action.id), run: action.run,
    ...(action.words ? { words: action.words } : {}), ...(action.step ? { step: action.step } : {}),
  });
  const order = ['screen', 'act', 'go', 'general'] as const;
  const plain = () => order.flatMap((group) => offered().filter((action) => action.group === group).map((action) => ({ ...item(action), section: groupTitle(group) })));
  return {
    title: m.palette_section_actions(),
    recall: among(() => Promise.resolve(plain().map(({ section: _section, ...rest }) => rest))),
    async find(text) {
      if (text.trim() === '') return plain();
      const choices = await Promise.all(offered().filter(({ few }) => few).map(async (action) =>
        (await action.step?.find('') ?? []).map((choice): PaletteItem => ({ ...choice, title: m.palette_choice({ action: withoutDots(action.title), choice: choice.title }), remember: action.id }))));
      const named = offered().map((action) => ({ ...item(action), note: groupTitle(action.group) }));
      return findFuzzy([...named, ...choices.flat()], text, recent());
    },
  };
}

/** Only for a text: a list of the first ones by name helps nobody. */
export function instanceSource(find: FindInstances, connected: () => boolean, go: Go): PaletteSource {
  const open = (id: string) => go(`/instances/${encodeURIComponent(id)}`);
  return {
    title: m.palette_section_instances(),
    async find(text) {
      if (text.trim() === '' || !connected() || readLink(text).kind !== 'none') return [];
      return (await find(text, OFFERED)).map((found) => instanceItem(found, text, open));
    },
    async recall(id) {
      if (!id.startsWith('instance:') || !connected()) return null;
      const wanted = id.slice('instance:'.length);
      const found = (await find(wanted, 1)).find((one) => one.id === wanted);
      return found ? instanceItem(found, '', open) : null;
    },
  };
}

/** A list of things that have a name and no more to them. */
export function listSource(title: string, items: () => Promise<PaletteItem[]>, recent: Recent): PaletteSource {
  return { title, find: async (text) => findFuzzy(await items(), text, recent()), recall: among(items) };
}

export function settingSource(facts: () => SettingsFacts, go: Go, recent: Recent): PaletteSource {
  const items = (): PaletteItem[] => SETTINGS.filter(({ needs }) => !needs || facts()[needs]).map(({ anchor, title, words }) => ({
    id: `setting-${anchor}`, title: title(), words: words(), run: () => go(`/settings#${anchor}`),
  }));
  return listSource(m.palette_section_settings(), () => Promise.resolve(items()), recent);
}
