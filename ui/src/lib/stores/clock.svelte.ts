/**
 * The one clock of the screens: ticks each second while the window is seen. Ages read `clock.now`. Where somebody set this
 * computer's clock, the core moves the times it tells; what was told before is asked for anew.
 */
import type { Ipc } from '$lib/ipc/ipc';
import { createContext } from 'svelte';
import { flushDrafts } from './drafts.svelte';

export class Clock {
  /** Milliseconds since 1970, to the second. */
  now = $state(Date.now());

  /** How often somebody set it: what a screen was told under another setting has the wrong age. */
  settings = $state(0);

  #timer: ReturnType<typeof setInterval> | undefined;

  /** Follows the core; returns what ends it. What was typed a moment ago is kept before the screens begin anew. */
  follow(ipc: Pick<Ipc, 'onEvent'>): () => void {
    return ipc.onEvent((event) => {
      if (event.type !== 'clockSet') return;
      void flushDrafts().finally(() => {
        this.now = Date.now();
        this.settings += 1;
      });
    });
  }

  /** Starts ticking; returns what stops it. */
  start(page: Document = document): () => void {
    const follow = () => {
      clearInterval(this.#timer);
      if (page.visibilityState === 'hidden') return;
      this.now = Date.now();
      this.#timer = setInterval(() => (this.now = Date.now()), 1_000);
    };
    follow();
    page.addEventListener('visibilitychange', follow);
    return () => {
      clearInterval(this.#timer);
      page.removeEventListener('visibilitychange', follow);
    };
  }
}

export const [getClock, setClock] = createContext<Clock>();
