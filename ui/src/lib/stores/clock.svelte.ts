/** The one clock of the screens: ticks each second while the window is seen. Ages read `clock.now`. */
import { createContext } from 'svelte';

export class Clock {
  /** Milliseconds since 1970, to the second. */
  now = $state(Date.now());

  #timer: ReturnType<typeof setInterval> | undefined;

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
