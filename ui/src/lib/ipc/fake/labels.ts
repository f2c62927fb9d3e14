/** Tags, notes and stars in memory, and files that go nowhere. Belongs here: the core's limits and its order. */
import type { Failure, Label, LabelView, TagUse } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const EMPTY: Label = { tags: [], note: '', starred: false };

const refused = (field: string, kind: string, detail: string): Failure =>
  ({ code: { type: 'invalid', message: null, fields: [{ loc: [field], msg: detail, type: kind }] }, detail });

function readTag(text: string): string {
  const tag = text.trim().toLowerCase();
  if (!/^[a-z0-9._-]{1,32}$/.test(tag)) throw refused('tag', 'tag', 'a tag has 1 to 32 characters: a to z, digits, dots, hyphens and underscores');
  return tag;
}

export function fakeLabels(core: FakeCore): Pick<Ipc, 'getLabel' | 'setStar' | 'setNote' | 'listTagsOf' | 'tagInstances' | 'exportLabels'> {
  const labels = new Map<string, Label>();

  function known(): TagUse[] {
    const uses = new Map<string, number>([['beta', 1], ['vip', 3]]);
    for (const { tags } of labels.values()) for (const tag of tags) uses.set(tag, (uses.get(tag) ?? 0) + 1);
    return [...uses].map(([tag, count]) => ({ tag, count })).sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag));
  }
  const view = (id: string): LabelView => ({ label: labels.get(id) ?? EMPTY, known: known() });
  function change(id: string, next: Partial<Label>): LabelView {
    labels.set(id, { ...view(id).label, ...next });
    core.announce({ type: 'labelsChanged' });
    return view(id);
  }

  return {
    getLabel: (id) => core.answer(() => view(id), true),
    setStar: (id, starred) => core.answer(() => change(id, { starred }), true),
    setNote: (id, note) => core.answer(() => {
      if ([...note].length > 2_000) throw refused('note', 'length', 'a note has at most 2000 characters');
      if (/disk full/i.test(note)) throw { code: { type: 'storage' }, detail: 'database or disk is full' } satisfies Failure;
      return change(id, { note: note.trim() === '' ? '' : note });
    }, true),
    listTagsOf: (ids) => core.answer(() => {
      const held = new Map<string, string[]>();
      for (const id of ids) for (const tag of view(id).label.tags) held.set(tag, [...(held.get(tag) ?? []), id]);
      return { held: [...held].map(([tag, of]) => ({ tag, ids: of })).sort((a, b) => a.tag.localeCompare(b.tag)), known: known() };
    }, true),
    tagInstances: (ids, add, remove) => core.answer(() => {
      const [gives, takes] = [add.map(readTag), remove.map(readTag)];
      const full: string[] = [];
      let changed = 0;
      for (const id of ids) {
        const before = view(id).label.tags;
        const tags = [...new Set([...before.filter((tag) => !takes.includes(tag)), ...gives])].sort();
        if (tags.length > 20 && tags.length > before.length) full.push(id);
        else if (tags.join(' ') !== before.join(' ')) {
          changed += 1;
          change(id, { tags });
        }
      }
      return { changed, full };
    }, true),
    exportLabels: () => core.answer(() => true, true),
  };
}
