/** Where secrets are kept and what locks the app, as the core has it; and telling the core that somebody is here. */
import type { Failure, SecurityView } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { createContext } from 'svelte';

type SecurityIpc = Pick<Ipc, 'getSecurity' | 'lockNow' | 'unlock' | 'noteActivity' | 'setIdleMinutes' | 'setAppPassphrase' | 'createVault' | 'changeVaultPassphrase'
  | 'closeVault' | 'eraseVault' | 'keepForThisRun' | 'onEvent'>;

/** Input is told at most this often: the core counts in minutes. */
const THROTTLE = 10_000;

export class Security {
  view = $state.raw<SecurityView | null>(null);
  failure = $state.raw<Failure | null>(null);

  /** The person has not chosen what becomes of keys where there is no keystore. */
  readonly undecided = $derived(this.view?.place === 'keystore' && this.view.keystore.type === 'unavailable');

  readonly #ipc: SecurityIpc;
  #generation = 0;

  constructor(ipc: SecurityIpc) {
    this.#ipc = ipc;
  }

  async load(): Promise<void> {
    const generation = ++this.#generation;
    try {
      const view = await this.#ipc.getSecurity();
      if (generation !== this.#generation) return;
      this.view = view;
      this.failure = null;
    } catch (thrown) {
      if (generation === this.#generation) this.failure = asFailure(thrown);
    }
  }

  /** Follows the core; returns what ends it. */
  follow(): () => void {
    void this.load();
    return this.#ipc.onEvent((event) => {
      if (event.type === 'sessionChanged') void this.load();
    });
  }

  /** Tells the core of input in the window while it may lock by itself; returns what ends it. */
  attend(page: Document = document, now: () => number = Date.now): () => void {
    let told = -Infinity;
    const tell = () => {
      if (!this.view?.idleMinutes || this.view.locked || now() - told < THROTTLE) return;
      told = now();
      this.#ipc.noteActivity().catch(() => (told = -Infinity));
    };
    const kinds = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;
    kinds.forEach((kind) => page.addEventListener(kind, tell, { passive: true, capture: true }));
    return () => kinds.forEach((kind) => page.removeEventListener(kind, tell, { capture: true }));
  }

  /** What was typed a moment ago is still being written: it gets the time to arrive. */
  lock = async (settled: Promise<unknown> = Promise.resolve()): Promise<void> => {
    await settled.catch(() => undefined);
    await this.#ipc.lockNow();
  };
  async unlock(passphrase: string | null): Promise<void> {
    await this.#ipc.unlock(passphrase);
    await this.load();
  }

  setIdleMinutes = (minutes: number | null) => this.#take(this.#ipc.setIdleMinutes(minutes));
  setAppPassphrase = (old: string | null, next: string | null) => this.#take(this.#ipc.setAppPassphrase(old, next));
  createVault = (passphrase: string) => this.#take(this.#ipc.createVault(passphrase));
  changeVault = (old: string, next: string) => this.#take(this.#ipc.changeVaultPassphrase(old, next));
  closeVault = (passphrase: string) => this.#take(this.#ipc.closeVault(passphrase));
  eraseVault = () => this.#take(this.#ipc.eraseVault());
  keepForThisRun = (thisRun: boolean) => this.#take(this.#ipc.keepForThisRun(thisRun));

  async #take(asking: Promise<SecurityView>): Promise<void> {
    const view = await asking;
    this.#generation += 1;
    this.view = view;
  }
}

export const [getSecurity, setSecurity] = createContext<Security>();
