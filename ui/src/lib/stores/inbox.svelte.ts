/** The inbox of the open profile: what came, and what was read of it. Belongs here: reading and marking. Not: words, going there. */
import type { Failure, Inbox as Kept, News } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type InboxIpc = Pick<Ipc, 'getInbox' | 'markNews' | 'clearNews' | 'onEvent'>;

export class Inbox {
  /** The newest first; null until it was read. */
  items = $state.raw<readonly News[] | null>(null);
  unread = $state(0);
  failure = $state.raw<Failure | null>(null);

  readonly #ipc: InboxIpc;
  #asked = 0;

  constructor(ipc: InboxIpc) {
    this.#ipc = ipc;
    ipc.onEvent((event) => {
      if (event.type === 'newsCame') {
        this.unread = event.unread;
        void this.load();
      }
      if (event.type === 'sessionChanged') void this.load();
    });
  }

  async load(): Promise<void> {
    this.failure = await this.#take(() => this.#ipc.getInbox());
  }

  mark = (ids: string[] | null, read: boolean): Promise<Failure | null> => this.#take(() => this.#ipc.markNews(ids, read));

  clear = (): Promise<Failure | null> => this.#take(() => this.#ipc.clearNews());

  /** An answer that was overtaken is dropped. */
  async #take(act: () => Promise<Kept>): Promise<Failure | null> {
    const asked = ++this.#asked;
    try {
      const kept = await act();
      if (asked === this.#asked) [this.items, this.unread] = [kept.items, kept.unread];
      return null;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }
}

const known = new WeakMap<Ipc, Inbox>();

/** The inbox of the door in context: the same for the sidebar and the screen. */
export function useInbox(ipc: Ipc = getIpc()): Inbox {
  const inbox = known.get(ipc) ?? new Inbox(ipc);
  known.set(ipc, inbox);
  return inbox;
}
