/**
 * What is selected in the fleet: some ids, or everything that matches a filter but some. Never rows, never the whole list.
 * Belongs here: the selection and its size. Does not belong here: keys and boxes (the screen), what is done with it (`bulk`).
 */
import type { BulkTargets, FleetQuery, InstanceId } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';

type SelectionIpc = Pick<Ipc, 'getSession' | 'listMatchedIds' | 'onEvent'>;

/** The same rows, whatever their order and their groups. */
const sameRows = (a: FleetQuery, b: FleetQuery): boolean =>
  JSON.stringify({ ...a, sort: null, descending: null, group: null }) === JSON.stringify({ ...b, sort: null, descending: null, group: null });

export class BulkSelection {
  /** The filter whose rows are all selected; null where single ones are. */
  #matching = $state.raw<FleetQuery | null>(null);
  /** The selected ones; with a filter, those that are left out of it. */
  #ids = $state.raw<ReadonlySet<InstanceId>>(new Set());
  /** From where a range goes on. */
  anchor: number | null = null;

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
    return this.#matching === null ? this.#ids.size : Math.max(0, matched - this.#ids.size);
  }

  toggle(id: InstanceId, index: number): void {
    this.set([id], !this.has(id));
    this.anchor = index;
  }

  set(ids: readonly InstanceId[], selected: boolean): void {
    const next = new Set(this.#ids);
    for (const id of ids) {
      if (selected !== (this.#matching !== null)) next.add(id);
      else next.delete(id);
    }
    this.#ids = next;
  }

  /** Everything from the anchor to a place, wherever the rows in between are. */
  async extend(query: FleetQuery, to: number): Promise<void> {
    const from = this.anchor ?? to;
    this.anchor ??= to;
    const first = Math.min(from, to);
    this.set(await this.#ipc.listMatchedIds(query, first, Math.abs(to - from) + 1), true);
  }

  selectAll(query: FleetQuery): void {
    this.#matching = query;
    this.#ids = new Set();
    this.anchor = null;
  }

  clear(): void {
    this.#matching = null;
    this.#ids = new Set();
    this.anchor = null;
  }

  /** Another filter has other rows: "all that match" would silently be others. A new order is the same selection. */
  follow(query: FleetQuery): void {
    this.anchor = null;
    if (this.#matching === null) return;
    if (sameRows(this.#matching, query)) this.#matching = query;
    else this.clear();
  }

  targets(): BulkTargets {
    return this.#matching === null
      ? { type: 'ids', ids: [...this.#ids] }
      : { type: 'matching', query: this.#matching, except: [...this.#ids] };
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
