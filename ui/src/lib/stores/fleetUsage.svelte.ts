/**
 * The fleet's usage as far as it was fetched, and the walk that fetches the rest. Belongs here: reading, following the
 * walk, starting and stopping it. Does not belong here: words and reckoning (lib/usage).
 */
import type { Failure, FleetUsageRun, FleetUsageView } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { endingOf, type Ending } from '$lib/usage/walk';

type FleetUsageIpc = Pick<Ipc, 'getFleetUsage' | 'fetchFleetUsage' | 'stopFleetUsage' | 'onEvent'>;

/** While a walk goes on the sums are read again at most this often, in milliseconds: they are of the whole fleet. */
const EVERY = 2_000;

export class FleetUsage {
  view = $state.raw<FleetUsageView | null>(null);
  /** Why the newest reading failed. What was read before stays. */
  failure = $state.raw<Failure | null>(null);
  /** Why the walk did not begin or not stop. */
  refusal = $state.raw<Failure | null>(null);
  run = $state.raw<FleetUsageRun | null>(null);
  /** How the last walk ended that was seen to end. */
  ending = $state.raw<Ending | null>(null);
  reading = $state(false);
  /** Beginning or stopping is on its way. */
  busy = $state(false);

  readonly #ipc: FleetUsageIpc;
  readonly #now: () => number;
  #again = false;
  #stopped = false;
  #following = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ipc: FleetUsageIpc, now: () => number = Date.now) {
    this.#ipc = ipc;
    this.#now = now;
  }

  /** Reads, and goes with the walk; returns what ends it. */
  follow(): () => void {
    this.#following = true;
    const end = this.#ipc.onEvent((event) => {
      if (event.type === 'fleetUsageChanged') this.#moved(event.fetched, event.total, event.run);
      // Instances that came or went are in the sums or out of them.
      if (event.type === 'instanceGone') this.#soon();
    });
    void this.read();
    return () => {
      this.#following = false;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      end();
    };
  }

  /** One reading at a time; what is asked for meanwhile is one more afterwards. */
  async read(): Promise<void> {
    this.#again = true;
    if (this.reading) return;
    this.reading = true;
    while (this.#again && this.#following) {
      this.#again = false;
      try {
        const view = await this.#ipc.getFleetUsage();
        this.view = view;
        this.run = view.run;
        this.failure = null;
      } catch (thrown) {
        this.failure = asFailure(thrown);
      }
    }
    this.reading = false;
  }

  async fetchRest(): Promise<void> {
    this.ending = null;
    this.#stopped = false;
    await this.#act(() => this.#ipc.fetchFleetUsage());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#act(() => this.#ipc.stopFleetUsage());
  }

  async #act(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.refusal = null;
    try {
      await act();
      await this.read();
    } catch (thrown) {
      this.refusal = asFailure(thrown);
    } finally {
      this.busy = false;
    }
  }

  #moved(fetched: number, total: number, run: FleetUsageRun | null): void {
    const before = this.run;
    this.run = run;
    if (this.view) this.view = { ...this.view, fetched, total, run };
    if (run !== null) return this.#soon();
    if (before !== null) this.ending = endingOf(before, this.#stopped, this.#now());
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.read();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.read();
    }, EVERY);
  }
}
