/** What the person prefers, kept by the core: theme, columns, keys, the view to come back to. */
import type { Preferences as Kept, Theme } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { createContext } from 'svelte';

export class Preferences {
  kept = $state.raw<Kept>({ theme: 'system', columns: null, lastView: null, recent: null, shortcuts: null });
  /** True once the core has answered, whatever it said. */
  loaded = $state(false);
  /** What the system prefers, for the theme `system`. */
  systemDark = $state(false);

  readonly theme = $derived<'light' | 'dark'>(this.kept.theme === 'system' ? (this.systemDark ? 'dark' : 'light') : this.kept.theme);

  readonly #ipc: Ipc;
  /** Writes go one after another: the last one wins on disk, too. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(ipc: Ipc) {
    this.#ipc = ipc;
  }

  /** Without an answer the defaults stay: a lost preference is no reason not to open. */
  async load(): Promise<void> {
    try {
      this.kept = await this.#ipc.getPreferences();
    } catch {
      return;
    } finally {
      this.loaded = true;
    }
  }

  followSystem(query: MediaQueryList = matchMedia('(prefers-color-scheme: dark)')): () => void {
    const take = () => (this.systemDark = query.matches);
    take();
    query.addEventListener('change', take);
    return () => query.removeEventListener('change', take);
  }

  /** Shows at once, then keeps it. Rejects when it could not be kept. */
  change(change: Partial<Kept>): Promise<void> {
    const next = { ...this.kept, ...change };
    this.kept = next;
    const write = this.#writing.then(() => this.#ipc.setPreferences(next));
    this.#writing = write.catch(() => undefined);
    return write;
  }

  setTheme = (theme: Theme) => this.change({ theme });
}

export const [getPreferences, setPreferences] = createContext<Preferences>();
