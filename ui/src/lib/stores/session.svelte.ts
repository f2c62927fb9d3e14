/** Who the window is for: the open profile, the others, and what its key may do. Follows the core's `sessionChanged`. */
import type { CredentialKind, Failure, Profile, SessionView } from '$lib/ipc/bindings';
import type { Ipc, ProfileId } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { createContext } from 'svelte';

export class Session {
  /** `null` until the core has answered for the first time. */
  view = $state.raw<SessionView | null>(null);
  profiles = $state.raw<Profile[]>([]);
  failure = $state.raw<Failure | null>(null);

  readonly profile = $derived(this.view?.profile ?? null);

  readonly #ipc: Ipc;
  /** Answers that were overtaken by a newer one are dropped. */
  #generation = 0;

  constructor(ipc: Ipc) {
    this.#ipc = ipc;
  }

  /** Whether an operation (its route's name) was refused with 403 for this key. */
  denies(operation: string): boolean {
    return this.view?.denied.some((denied) => denied.operation === operation) ?? false;
  }

  async load(): Promise<void> {
    const generation = ++this.#generation;
    try {
      const [view, profiles] = await Promise.all([this.#ipc.getSession(), this.#ipc.listProfiles()]);
      if (generation !== this.#generation) return;
      this.view = view;
      this.profiles = profiles;
      this.failure = null;
    } catch (thrown) {
      if (generation === this.#generation) this.failure = asFailure(thrown);
    }
  }

  /** Follows the core; returns what ends it. */
  follow(): () => void {
    return this.#ipc.onEvent((event) => {
      if (event.type === 'sessionChanged') void this.load();
    });
  }

  tryDemo = () => this.#enter(this.#ipc.tryDemo());
  connect = (baseUrl: string, name: string, kind: CredentialKind, secret: string) =>
    this.#enter(this.#ipc.connectPlatform(baseUrl, name, kind, secret));
  open = (id: ProfileId) => this.#enter(this.#ipc.openProfile(id));
  renew = (id: ProfileId, kind: CredentialKind, secret: string) => this.#enter(this.#ipc.renewCredential(id, kind, secret));

  async close(): Promise<void> {
    await this.#ipc.closeSession();
    await this.load();
  }

  async forget(id: ProfileId): Promise<void> {
    await this.#ipc.forgetProfile(id);
    await this.load();
  }

  async #enter(entering: Promise<SessionView>): Promise<SessionView> {
    const view = await entering;
    // Known before anybody navigates: the answer of `load` may be overtaken by that of a newer one.
    this.#generation += 1;
    this.view = view;
    await this.load();
    return this.view;
  }
}

export const [getSession, setSession] = createContext<Session>();
