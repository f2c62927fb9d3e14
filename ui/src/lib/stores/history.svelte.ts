/**
 * What this app itself has seen of one instance, while its overview is open. Belongs here: reading it, and reading it
 * again when something changed. Does not belong here: words, strips and the order of changes (the screen).
 */
import type { Failure, InstanceHistory, InstanceId } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type HistoryIpc = Pick<Ipc, 'getHistory' | 'onEvent'>;

export class History {
  /** Null until it was read for the first time. */
  view = $state.raw<InstanceHistory | null>(null);
  /** Why the newest reading failed. What was read before stays. */
  failure = $state.raw<Failure | null>(null);
  readonly #ipc: HistoryIpc;
  readonly #id: InstanceId;
  #reading = false;
  #again = false;
  #following = false;

  constructor(ipc: HistoryIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  /** Reads, and reads again whenever something changed; returns what ends it. */
  follow(): () => void {
    this.#following = true;
    const end = this.#ipc.onEvent((event) => {
      // A look that sees the same makes the newest stretch longer.
      if ((event.type === 'instanceChanged' || event.type === 'instanceSeen') && event.id === this.#id) void this.read();
    });
    void this.read();
    return () => {
      this.#following = false;
      end();
    };
  }

  /** One reading at a time; what changes meanwhile is one more reading afterwards. */
  async read(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    while (this.#again && this.#following) {
      this.#again = false;
      try {
        this.view = await this.#ipc.getHistory(this.#id);
        this.failure = null;
      } catch (thrown) {
        this.failure = asFailure(thrown);
      }
    }
    this.#reading = false;
  }
}
