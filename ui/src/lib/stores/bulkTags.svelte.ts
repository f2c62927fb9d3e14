/**
 * The tags of many instances at once: what they have, what a person wants them to have, what that changes, and how it is undone.
 * Belongs here: reading, deciding, doing and undoing. All of it stays on this computer. Does not belong here: words, boxes.
 */
import type { Failure, HeldTag, InstanceId, TagsOfMany, TagUse } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type TagsIpc = Pick<Ipc, 'listTagsOf' | 'tagInstances'>;

/** All of them shall have it, or none. */
export type Wish = 'all' | 'none';

/** A tag, how many of the instances have it, and what is wanted of it. */
export interface TagLine { tag: string; held: number; wish: Wish | null; /** How many have it another way afterwards. */ changes: number }

/** One step of doing or undoing. */
export interface Retag { ids: InstanceId[]; add: string[]; remove: string[] }

/** Every tag that they have or shall have, by name. */
export function tagLines(count: number, held: readonly HeldTag[], wishes: ReadonlyMap<string, Wish>): TagLine[] {
  const has = new Map(held.map(({ tag, ids }) => [tag, ids.length]));
  const tags = [...new Set([...has.keys(), ...wishes.keys()])].sort();
  return tags.map((tag) => {
    const now = has.get(tag) ?? 0;
    const wish = wishes.get(tag) ?? null;
    return { tag, held: now, wish, changes: wish === null ? 0 : wish === 'all' ? count - now : now };
  });
}

/** What gives each of them back what it had. Those that were full were left as they were. */
export function undoing(ids: readonly InstanceId[], held: readonly HeldTag[], wishes: ReadonlyMap<string, Wish>, full: readonly InstanceId[]): Retag[] {
  const left = new Set(full);
  const given: Retag[] = [];
  const taken: Retag[] = [];
  for (const [tag, wish] of wishes) {
    const had = new Set(held.find((one) => one.tag === tag)?.ids);
    const changed = ids.filter((id) => !left.has(id) && had.has(id) !== (wish === 'all'));
    if (changed.length === 0) continue;
    if (wish === 'all') given.push({ ids: changed, add: [], remove: [tag] });
    else taken.push({ ids: changed, add: [tag], remove: [] });
  }
  // What was given goes first: there may be no room for both.
  return [...given, ...taken];
}

export class BulkTags {
  ids = $state.raw<readonly InstanceId[]>([]);
  found = $state.raw<TagsOfMany | null>(null);
  failure = $state.raw<Failure | null>(null);
  wishes = $state.raw<ReadonlyMap<string, Wish>>(new Map());
  busy = $state(false);
  readonly #ipc: TagsIpc;
  #asked = 0;

  constructor(ipc: TagsIpc) {
    this.#ipc = ipc;
  }

  get lines(): readonly TagLine[] {
    return tagLines(this.ids.length, this.found?.held ?? [], this.wishes);
  }

  /** Tags of the fleet that none of the lines is about, the most used first. */
  get offers(): readonly TagUse[] {
    const there = new Set(this.lines.map(({ tag }) => tag));
    return (this.found?.known ?? []).filter(({ tag }) => !there.has(tag));
  }

  get changes(): boolean {
    return this.lines.some(({ changes }) => changes > 0);
  }

  /** Reads the tags of these instances; what was wanted before is forgotten. */
  async open(ids: Promise<readonly InstanceId[]>): Promise<void> {
    const asked = ++this.#asked;
    this.ids = [];
    this.found = null;
    this.failure = null;
    this.wishes = new Map();
    try {
      const all = await ids;
      const found = await this.#ipc.listTagsOf([...all]);
      if (asked === this.#asked) [this.ids, this.found] = [all, found];
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    }
  }

  /** From some to all, from all to none, and back. */
  turn({ tag, held, wish }: TagLine): void {
    const count = this.ids.length;
    const is = wish ?? (held === count ? 'all' : held === 0 ? 'none' : 'some');
    const next: Wish | null = is === 'all' ? (held === 0 ? null : 'none') : is === 'none' ? (held === 0 || held === count ? 'all' : null) : 'all';
    this.want(tag, next !== null && next === (held === count ? 'all' : null) ? null : next);
  }

  want(tag: string, wish: Wish | null): void {
    const wishes = new Map(this.wishes);
    if (wish === null) wishes.delete(tag);
    else wishes.set(tag, wish);
    this.wishes = wishes;
  }

  /** Does it. How many were changed, which had no room, and how it is undone; null where it could not be done. */
  async apply(): Promise<{ changed: number; full: number; undo: () => Promise<void> } | null> {
    const [ids, held, wishes] = [this.ids, this.found?.held ?? [], this.wishes];
    const wanted = (wish: Wish) => [...wishes].filter(([, one]) => one === wish).map(([tag]) => tag);
    this.busy = true;
    try {
      const { changed, full } = await this.#ipc.tagInstances([...ids], wanted('all'), wanted('none'));
      const undo = async () => {
        for (const { ids: some, add, remove } of undoing(ids, held, wishes, full)) await this.#ipc.tagInstances(some, add, remove);
      };
      return { changed, full: full.length, undo };
    } catch (thrown) {
      this.failure = asFailure(thrown);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
