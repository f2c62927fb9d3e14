/**
 * The provisioning lines of one instance, as far as they are on screen. Belongs here: asking for what is new, putting it
 * behind what is there, and staying bounded. Does not belong here: filters, colours, following (lib/logs, the screen).
 */
import type { Failure, InstanceId, LogLine, LogsView } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

/** Most lines kept here; the core keeps what it keeps. */
export const LINE_LIMIT = 20_000;

type LogsIpc = Pick<Ipc, 'watchLogs' | 'unwatchLogs' | 'getLogs' | 'onEvent'>;

export class Logs {
  lines = $state.raw<readonly LogLine[]>([]);
  /** How many lines there are in all. */
  total = $state(0);
  /** How many of the earliest are not kept here. */
  dropped = $state(0);
  seenAt = $state<string | null>(null);
  failure = $state.raw<Failure | null>(null);
  loaded = $state(false);
  readonly #ipc: LogsIpc;
  readonly #id: InstanceId;
  #asking = false;
  #again = false;
  #unsubscribe: (() => void) | null = null;

  constructor(ipc: LogsIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  /** Starts to look. */
  async watch(): Promise<void> {
    this.#unsubscribe = this.#ipc.onEvent((event) => {
      if (event.type === 'logsChanged' && event.id === this.#id) void this.#ask();
    });
    await this.#ask(() => this.#ipc.watchLogs(this.#id));
  }

  /** Stops to look. */
  leave(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#ipc.unwatchLogs(this.#id).catch(() => undefined);
  }

  /** Asks once more for what is new. */
  async retry(): Promise<void> {
    await this.#ask();
  }

  /** One question at a time; what happens meanwhile is one more question afterwards. */
  async #ask(first?: () => Promise<LogsView>): Promise<void> {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    let ask = first ?? (() => this.#ipc.getLogs(this.#id, this.#next));
    try {
      do {
        this.#again = false;
        const from = this.#next;
        this.#take(await ask());
        // A list that got shorter was begun anew: its beginning is still missing.
        if (this.#next === 0 && from > 0 && this.total > 0) this.#again = true;
        ask = () => this.#ipc.getLogs(this.#id, this.#next);
      } while (this.#again && this.#unsubscribe !== null);
    } catch (problem) {
      this.failure = asFailure(problem);
    } finally {
      this.loaded = true;
      this.#asking = false;
    }
  }

  get #next(): number {
    return this.dropped + this.lines.length;
  }

  #take(view: LogsView): void {
    this.failure = view.failure;
    this.total = view.total;
    this.seenAt = view.seenAt ?? this.seenAt;
    if (view.total < this.#next) {
      this.lines = view.from === 0 ? view.lines : [];
      this.dropped = 0;
    } else if (view.lines.length > 0) {
      // An answer that begins behind what is here skips lines that this window never gets.
      const kept = view.from < this.dropped ? [] : this.lines.slice(0, view.from - this.dropped);
      this.dropped = view.from - kept.length;
      this.lines = kept.concat(view.lines);
    }
    const over = this.lines.length - LINE_LIMIT;
    if (over > 0) {
      this.lines = this.lines.slice(over);
      this.dropped += over;
    }
  }
}
