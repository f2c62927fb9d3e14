/**
 * Two to six instances side by side.
 * Belongs here: whose, what is known of them, reading each anew on its own. Does not belong here: laying documents beside
 * each other (the core), words and marks (the screen).
 */
import type { Failure, InstanceId, SideBySide, SideFailure, SidePart } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type SidesIpc = Pick<Ipc, 'showSides' | 'lookAtSide'>;

export const FEWEST = 2;
export const MOST = 6;

/** How the newest look at one of them stands. */
export interface Look { open: boolean; failures: readonly SideFailure[]; failure: Failure | null }

/** The ids an address asks for: each once, no more than fit. */
export function idsOf(text: string | null): InstanceId[] {
  const ids = (text ?? '').split(',').map((id) => id.trim()).filter(Boolean);
  return [...new Set(ids)].slice(0, MOST);
}

export const addressOf = (ids: readonly InstanceId[]): string => `/instances/side-by-side?ids=${ids.map(encodeURIComponent).join(',')}`;

export class Sides {
  ids = $state.raw<readonly InstanceId[]>([]);
  view = $state.raw<SideBySide | null>(null);
  failure = $state.raw<Failure | null>(null);
  onlyDifferences = $state(true);
  looks = $state.raw<ReadonlyMap<InstanceId, Look>>(new Map());
  #asked = 0;
  readonly #ipc: SidesIpc;

  constructor(ipc: SidesIpc) {
    this.#ipc = ipc;
  }

  get enough(): boolean {
    return this.ids.length >= FEWEST;
  }

  isLooking = (id: InstanceId): boolean => this.looks.get(id)?.open ?? false;

  /** Why a part of one could not be read; null where it was. */
  failureOf(id: InstanceId, part: SidePart): Failure | null {
    const look = this.looks.get(id);
    // A policy is read with the configuration, and skills with what the platform keeps.
    const read = part === 'policy' ? 'config' : part === 'skills' ? 'platform' : part;
    return look?.failures.find((one) => one.part === read)?.failure ?? look?.failure ?? null;
  }

  /** Makes the columns those of an address: what is known of them shows at once, and each is read anew. */
  choose(ids: readonly InstanceId[]): void {
    if (ids.join() === this.ids.join()) return;
    const fresh = ids.filter((id) => !this.ids.includes(id));
    this.ids = ids;
    if (!this.enough) {
      this.view = null;
      return;
    }
    void this.load();
    for (const id of fresh) void this.look(id);
  }

  showDifferences(only: boolean): void {
    this.onlyDifferences = only;
    void this.load();
  }

  /** Reads one of them anew. One that fails says so, and the others stay. */
  async look(id: InstanceId): Promise<void> {
    if (this.isLooking(id)) return;
    this.#note(id, { open: true, failures: [], failure: null });
    try {
      this.#note(id, { open: false, failures: await this.#ipc.lookAtSide(id), failure: null });
    } catch (thrown) {
      this.#note(id, { open: false, failures: [], failure: asFailure(thrown) });
    }
    await this.load();
  }

  async lookAtAll(): Promise<void> {
    await Promise.all(this.ids.map((id) => this.look(id)));
  }

  /** Lays beside each other what is known. An answer that was overtaken is dropped. */
  async load(): Promise<void> {
    if (!this.enough) return;
    const asked = ++this.#asked;
    try {
      const view = await this.#ipc.showSides([...this.ids], this.onlyDifferences);
      if (asked !== this.#asked) return;
      this.view = view;
      this.failure = null;
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    }
  }

  #note(id: InstanceId, look: Look): void {
    this.looks = new Map([...this.looks, [id, look]]);
  }
}
