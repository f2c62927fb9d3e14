/** Looking for words in one conversation: whether one does, what holds them, which of it is looked at. */
import { findHits, newestHit, stepHit, type Hit, type Side } from './search';

interface Said { id: string; message: string; reply: string; open: boolean }

export class Find {
  open = $state(false);
  query = $state('');
  #at = $state(0);
  readonly hits: readonly Hit[] = $derived.by(() => (this.open ? findHits(this.#turns(), this.query) : []));
  readonly #marked = $derived(new Set(this.hits.map((hit) => `${hit.side} ${hit.id}`)));
  readonly #turns: () => readonly Said[];

  constructor(turns: () => readonly Said[]) {
    this.#turns = turns;
  }

  /** Which of the hits is looked at, from 0. */
  get at(): number {
    return Math.min(this.#at, newestHit(this.hits));
  }

  /** The hit that is looked at. */
  get here(): Hit | null {
    return this.hits[this.at] ?? null;
  }

  search(text: string): void {
    this.query = text;
    this.#at = newestHit(this.hits);
  }

  step(by: 1 | -1): void {
    this.#at = stepHit(this.at, by, this.hits.length);
  }

  close(): void {
    this.open = false;
  }

  /** What a side of a turn is to the search. */
  markOf(id: string, side: Side): 'here' | 'found' | undefined {
    if (!this.open || !this.#marked.has(`${side} ${id}`)) return undefined;
    return this.here?.id === id && this.here.side === side ? 'here' : 'found';
  }
}
