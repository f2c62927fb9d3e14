/**
 * What is selected in the fleet: some ids, or everything that matches a filter but some. Never rows, never the whole list.
 * Belongs here: the selection and its size. Does not belong here: keys and boxes (the screen), what is done with it (`bulk`).
 */
import type { BulkTargets, FleetQuery, InstanceId } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';

type SelectionIpc = Pick<Ipc, 'getSession' | 'listMatchedIds' | 'countMatched' | 'onEvent'>;

/** More than any fleet has: all that match. */
const ALL = 0xffff_ffff;

/** A row and where it is now. */
export interface Place { id: InstanceId; index: number }

/** What a range has to know of the table. */
export interface Ground {
  query: FleetQuery;
  /** Where an instance is, if its row is here. */
  indexOf: (id: InstanceId) => number | null;
  /** The rows from one place to another that can be seen. */
  between: (from: number, to: number) => readonly (readonly [first: number, last: number])[];
}

/** The same rows, whatever their order and their groups. */
const sameRows = (a: FleetQuery, b: FleetQuery): boolean =>
  JSON.stringify({ ...a, sort: null, descending: null, group: null }) === JSON.stringify({ ...b, sort: null, descending: null, group: null });

export class BulkSelection {
  /** The filter whose rows are all selected; null where single ones are. */
  #matching = $state.raw<FleetQuery | null>(null);
  /** The selected ones; with a filter, those that are left out of it. */
  #ids = $state.raw<ReadonlySet<InstanceId>>(new Set());
  /** How many of the ids do not match what is shown. */
  #unseen = $state(0);
  #counted = 0;
  /** The row from which a range goes on: it is the same one wherever it goes. */
  #anchor: Place | null = null;

  /** Whose ids these are; undefined until the core has said. */
  #profile: string | null | undefined;
  readonly #ipc: SelectionIpc;

  constructor(ipc: SelectionIpc) {
    this.#ipc = ipc;
    void this.#learnProfile();
    ipc.onEvent((event) => { if (event.type === 'sessionChanged') void this.#learnProfile(); });
  }

  /** The ids of one profile mean nothing in another; a key or a right that changed means nothing to them. */
  async #learnProfile(): Promise<void> {
    const profile = await this.#ipc.getSession().then((view) => view.profile?.id ?? null, () => null);
    if (this.#profile !== undefined && profile !== this.#profile) this.clear();
    this.#profile = profile;
  }

  get matching(): FleetQuery | null {
    return this.#matching;
  }

  has(id: InstanceId): boolean {
    return this.#ids.has(id) !== (this.#matching !== null);
  }

  /** How many, where so many match. */
  count(matched: number): number {
    return this.#matching === null ? this.#ids.size : this.shown(matched);
  }

  /** How many of them are among the rows that match. */
  shown(matched: number): number {
    const here = this.#ids.size - this.#unseen;
    return Math.max(0, this.#matching === null ? here : matched - here);
  }

  /** Selected and not among the rows that match: the filter is another one now, or they are gone. */
  get unseen(): number {
    return this.#matching === null ? this.#unseen : 0;
  }

  toggle(id: InstanceId, index: number): void {
    this.set([id], !this.has(id));
    this.#anchor = { id, index };
  }

  /** A range begins here, unless one has begun. */
  begin(place: Place): void {
    this.#anchor ??= place;
  }

  set(ids: readonly InstanceId[], selected: boolean): void {
    const next = new Set(this.#ids);
    for (const id of ids) {
      if (selected !== (this.#matching !== null)) next.add(id);
      else next.delete(id);
    }
    this.#ids = next;
  }

  /** Everything from where the range began to a place, wherever the rows in between are. */
  async extend({ query, indexOf, between }: Ground, to: Place): Promise<void> {
    const anchor = this.#anchor;
    const from = anchor && (indexOf(anchor.id) ?? await this.#placeOf(query, anchor.id));
    if (from === null) this.#anchor = to;
    for (const [first, last] of between(from ?? to.index, to.index)) await this.take(query, first, last - first + 1);
  }

  /** Some rows that lie together. */
  async take(query: FleetQuery, first: number, count: number): Promise<void> {
    this.set(await this.#ipc.listMatchedIds(query, first, count), true);
  }

  /** Where a row is that is not here; none where it does not match any more. */
  async #placeOf(query: FleetQuery, id: InstanceId): Promise<number | null> {
    const at = (await this.#ipc.listMatchedIds(query, 0, ALL)).indexOf(id);
    return at < 0 ? null : at;
  }

  /** Looks how many of the ids are among the rows that match now. */
  async recount(query: FleetQuery): Promise<void> {
    const count = ++this.#counted;
    const ids = this.#ids;
    if (ids.size === 0) return void (this.#unseen = 0);
    const shown = await this.#ipc.countMatched(query, [...ids]).catch(() => null);
    if (count !== this.#counted) return;
    if (this.#ids !== ids) return this.recount(query);
    if (shown !== null) this.#unseen = ids.size - shown;
  }

  selectAll(query: FleetQuery): void {
    this.#hold(query);
  }

  clear(): void {
    this.#hold(null);
  }

  #hold(matching: FleetQuery | null): void {
    this.#matching = matching;
    this.#ids = new Set();
    this.#unseen = 0;
    this.#counted += 1;
    this.#anchor = null;
  }

  /** Another filter has other rows: "all that match" would silently be others. A new order is the same selection. */
  follow(query: FleetQuery): void {
    if (this.#matching === null) return;
    if (sameRows(this.#matching, query)) this.#matching = query;
    else this.clear();
  }

  targets(): BulkTargets {
    return this.#matching === null
      ? { type: 'ids', ids: [...this.#ids] }
      : { type: 'matching', query: this.#matching, except: [...this.#ids] };
  }

  /** Every id that is meant now. */
  async ids(): Promise<InstanceId[]> {
    if (this.#matching === null) return [...this.#ids];
    const left = this.#ids;
    return (await this.#ipc.listMatchedIds(this.#matching, 0, ALL)).filter((id) => !left.has(id));
  }

  get empty(): boolean {
    return this.#matching === null && this.#ids.size === 0;
  }
}

const selections = new WeakMap<Ipc, BulkSelection>();

/** The selection of the door in context: the fleet makes it, the preview uses it. */
export function getBulkSelection(): BulkSelection {
  const ipc = getIpc();
  let selection = selections.get(ipc);
  if (!selection) selections.set(ipc, (selection = new BulkSelection(ipc)));
  return selection;
}
