/** How the core's looking goes, and what the core is told about the window: in front, seen, or hidden. */
import type { PollerView } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { createContext } from 'svelte';

export class Poller {
  view = $state.raw<PollerView>({ state: { type: 'idle' }, lastAnswerAt: null, nextLookAt: null });

  readonly #ipc: Ipc;
  #announced = false;

  constructor(ipc: Ipc) {
    this.#ipc = ipc;
  }

  /** Follows the core; returns what ends it. The first answer gives way to an announcement that overtook it. */
  follow(): () => void {
    const end = this.#ipc.onEvent((event) => {
      if (event.type !== 'pollerChanged') return;
      this.#announced = true;
      this.view = event.poller;
    });
    this.#ipc.getPoller().then(
      (view) => {
        if (!this.#announced) this.view = view;
      },
      () => undefined, // Without a session there is nothing to look at: idle stays.
    );
    return end;
  }

  /** Tells the core how much the window is looked at, and of its network; returns what ends it. */
  attend(page: Document = document, frame: Window = window): () => void {
    let told = '';
    const tell = () => {
      const attention = page.visibilityState === 'hidden' ? 'hidden' : page.hasFocus() ? 'front' : 'visible';
      if (attention === told) return;
      told = attention;
      this.#ipc.setAttention(attention).catch(() => (told = ''));
    };
    tell();
    page.addEventListener('visibilitychange', tell);
    frame.addEventListener('focus', tell);
    frame.addEventListener('blur', tell);
    const network = (event: globalThis.Event) => void this.#ipc.setNetwork(event.type === 'online').catch(() => undefined);
    frame.addEventListener('online', network);
    frame.addEventListener('offline', network);
    return () => {
      frame.removeEventListener('online', network);
      frame.removeEventListener('offline', network);
      page.removeEventListener('visibilitychange', tell);
      frame.removeEventListener('focus', tell);
      frame.removeEventListener('blur', tell);
    };
  }
}

export const [getPoller, setPoller] = createContext<Poller>();
