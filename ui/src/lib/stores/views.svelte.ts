/**
 * The saved views of the open profile, and which of them is looked through.
 * Belongs here: reading, keeping, ordering, deleting and bringing back; which one shows, and whether it was changed since.
 * Does not belong here: going to its address (the screens), what a link is (lib/views/link.ts), words.
 */
import type { Failure, FleetQuery, SavedView } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { searchOf } from '$lib/views/link';
import { whenProfileChanges } from './chat.svelte';

type ViewsIpc = Pick<Ipc, 'listViews' | 'saveView' | 'orderViews' | 'deleteView' | 'countPinnedViews' | 'getSession' | 'onEvent'>;

/** What brought the columns that show. */
interface Look { id: string | null; columns: readonly string[] | null }

/** How long the counts of the sidebar hold, in milliseconds: the fleet may move with every look. */
const COUNT_EVERY = 2_000;

export class Views {
  list = $state.raw<readonly SavedView[]>([]);
  loaded = $state(false);
  /** Why they could not be read. */
  failure = $state.raw<Failure | null>(null);
  counts = $state.raw<ReadonlyMap<string, number>>(new Map());
  #look = $state.raw<Look | null>(null);
  /** The address that was chosen here and is on its way. */
  #arriving: string | null = null;

  readonly #ipc: ViewsIpc;
  #asked = 0;
  #counting: ReturnType<typeof setTimeout> | null = null;
  #reading: Promise<void> | null = null;

  constructor(ipc: ViewsIpc) {
    this.#ipc = ipc;
    whenProfileChanges(ipc, () => this.#startOver());
    ipc.onEvent((event) => {
      if (event.type === 'viewsChanged') void this.load();
      // A session that was still opening, or locked, had no views to tell.
      if (event.type === 'sessionChanged' && !this.loaded) void this.load();
      if (event.type === 'fleetChanged') this.#countSoon();
    });
  }

  get pinned(): readonly SavedView[] {
    return this.list.filter((view) => view.pinned);
  }

  /** The view that is looked through; none where the fleet is looked at as it is. */
  get current(): SavedView | null {
    return this.list.find((view) => view.id === this.#look?.id) ?? null;
  }

  /** The columns of the view or link that is looked through; null: those that the person prefers. */
  get columns(): readonly string[] | null {
    return this.#look?.columns ?? null;
  }

  /** Whether a view or a link is looked through: its columns are its own then. */
  get looking(): boolean {
    return this.#look !== null;
  }

  /** Whether what shows is another thing by now than the view that was opened. */
  isEdited(query: FleetQuery): boolean {
    const { current } = this;
    return current !== null && (searchOf(query) !== searchOf(current.query) || this.columns?.join() !== current.columns?.join());
  }

  /** Looks through a view from now on, with its columns. The caller goes to its address. */
  open(view: SavedView): void {
    this.#look = { id: view.id, columns: view.columns };
    this.#arriving = searchOf(view.query);
  }

  /** The same for a link that somebody passed on: it is nobody's view yet. */
  openLink(columns: readonly string[]): void {
    this.#look = { id: null, columns };
  }

  leave(): void {
    this.#look = null;
  }

  setColumns(columns: readonly string[] | null): void {
    this.#look = { id: this.#look?.id ?? null, columns };
  }

  /** The fleet is at an address now, by a link, by going back or by a start: which view is that? */
  settle(query: FleetQuery): void {
    const at = searchOf(query);
    const chosen = this.#arriving;
    this.#arriving = null;
    const { current } = this;
    if (chosen === at || (current && searchOf(current.query) === at)) return;
    const found = at === '' ? undefined : this.list.find((view) => searchOf(view.query) === at);
    if (found) this.#look = { id: found.id, columns: found.columns };
    else if (at === '') this.leave();
  }

  /** Reads them once; later calls wait for the same answer. */
  ready(): Promise<void> {
    return (this.#reading ??= this.load());
  }

  async load(): Promise<void> {
    const failure = await this.#take(() => this.#ipc.listViews());
    if (!this.loaded) this.failure = failure;
  }

  /** Keeps what shows under a name, as a new view, and looks through it. Null when it is kept, otherwise why not. */
  async saveAs(name: string, query: FleetQuery, columns: readonly string[] | null, pinned: boolean): Promise<Failure | null> {
    const view: SavedView = { id: crypto.randomUUID(), name: name.trim(), query, columns: columns && [...columns], pinned };
    const failure = await this.#take(() => this.#ipc.saveView(view));
    if (!failure) this.#look = { id: view.id, columns: view.columns };
    return failure;
  }

  /** Keeps a view as it was changed. */
  save = (view: SavedView, change: Partial<Omit<SavedView, 'id'>>): Promise<Failure | null> => this.#take(() => this.#ipc.saveView({ ...view, ...change }));

  /** Moves a view up or down by one. */
  move(id: string, by: 1 | -1): Promise<Failure | null> {
    const ids = this.list.map((view) => view.id);
    const at = ids.indexOf(id);
    const to = at + by;
    if (at < 0 || to < 0 || to >= ids.length) return Promise.resolve(null);
    ids.splice(to, 0, ...ids.splice(at, 1));
    return this.#take(() => this.#ipc.orderViews(ids));
  }

  /** Forgets a view. */
  delete = (id: string): Promise<Failure | null> => this.#take(() => this.#ipc.deleteView(id));

  /** Brings a deleted one back to where it was: before those that followed it and are still there. */
  async bringBack(view: SavedView, order: readonly string[]): Promise<Failure | null> {
    const failure = await this.#take(() => this.#ipc.saveView(view));
    return failure ?? this.#take(() => this.#ipc.orderViews([...order]));
  }

  /** Each act answers with the whole list; an answer that was overtaken is dropped. */
  async #take(act: () => Promise<SavedView[]>): Promise<Failure | null> {
    const asked = ++this.#asked;
    try {
      const list = await act();
      if (asked === this.#asked) {
        this.list = list;
        this.loaded = true;
        this.failure = null;
        this.#countSoon(0);
      }
      return null;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }

  #countSoon(wait = COUNT_EVERY): void {
    if (this.#counting !== null || this.pinned.length === 0) return;
    this.#counting = setTimeout(() => {
      this.#counting = null;
      void this.#count();
    }, wait);
  }

  /** Without an answer the counts stay as they were: they are an extra. */
  async #count(): Promise<void> {
    const counted = await this.#ipc.countPinnedViews().catch(() => null);
    if (counted) this.counts = new Map(counted.map(({ id, count }) => [id, count]));
  }

  #startOver(): void {
    this.#asked += 1;
    this.list = [];
    this.loaded = false;
    this.failure = null;
    this.counts = new Map();
    this.#look = null;
    this.#reading = this.load();
  }
}

const known = new WeakMap<Ipc, Views>();

/** The views of the door in context: the same for the fleet, the sidebar and the palette. */
export function useViews(ipc: Ipc = getIpc()): Views {
  const views = known.get(ipc) ?? new Views(ipc);
  known.set(ipc, views);
  return views;
}
