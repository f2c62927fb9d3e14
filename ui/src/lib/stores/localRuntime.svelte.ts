/**
 * The program that real agents on this computer run in. Belongs here: how it stands, as the core tells it, and the acts on it.
 * Does not belong here: words; looking again and again (the core does).
 */
import type { Failure, LocalRuntime } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type RuntimeIpc = Pick<Ipc, 'getLocalRuntime' | 'installLocalRuntime' | 'removeLocalRuntime' | 'setKeepRunning' | 'onEvent'>;

export class LocalRuntimeStore {
  /** `undefined`: not asked yet. `null`: this platform has no such thing. */
  runtime = $state.raw<LocalRuntime | null | undefined>(undefined);
  /** Why the newest question or act came to nothing. */
  failure = $state.raw<Failure | null>(null);
  /** An act is on its way. */
  busy = $state(false);

  readonly #ipc: RuntimeIpc;
  /** What was told meanwhile is newer than the answer to a question. */
  #told = 0;

  constructor(ipc: RuntimeIpc) {
    this.#ipc = ipc;
  }

  get ready(): boolean {
    return this.runtime?.state === 'ready';
  }

  /** Asks, and follows what the core announces; returns what ends it. */
  follow(): () => void {
    const end = this.#ipc.onEvent((event) => {
      if (event.type === 'localRuntimeChanged') this.#take(event.runtime);
      if (event.type === 'sessionChanged') void this.load();
    });
    void this.load();
    return end;
  }

  async load(): Promise<void> {
    const told = this.#told;
    try {
      const runtime = await this.#ipc.getLocalRuntime();
      if (told === this.#told || runtime === null) this.runtime = runtime;
      this.failure = null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  install = () => this.#act(() => this.#ipc.installLocalRuntime());
  remove = () => this.#act(() => this.#ipc.removeLocalRuntime());
  keepRunning = (keep: boolean) => this.#act(() => this.#ipc.setKeepRunning(keep));

  #take(runtime: LocalRuntime): void {
    this.#told += 1;
    this.runtime = runtime;
  }

  /** True when it was done; otherwise `failure` says why not. */
  async #act(act: () => Promise<LocalRuntime>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    const told = this.#told;
    try {
      const runtime = await act();
      // The core may have told more of it already.
      if (told === this.#told) this.#take(runtime);
      return true;
    } catch (thrown) {
      this.failure = asFailure(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
