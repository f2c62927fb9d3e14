/** Who the window is for: the open profile, the others, and what its key may do. Follows the core's `sessionChanged`. */
import type { CredentialKind, Failure, InstanceId, Profile, ProfileEdit, SessionView } from '$lib/ipc/bindings';
import type { Ipc, ProfileId } from '$lib/ipc/ipc';
import { type May, mayDo, mayDoAny, refusalKey } from '$lib/permissions/mayDo';
import { isOperation, type Operation } from '$lib/permissions/operations';
import { asFailure } from '$lib/text/failure';
import { createContext } from 'svelte';

export class Session {
  /** `null` until the core has answered for the first time. */
  view = $state.raw<SessionView | null>(null);
  profiles = $state.raw<Profile[]>([]);
  failure = $state.raw<Failure | null>(null);
  /** The profile whose credential was just typed in: its screen says what the key may do. */
  arrived = $state<ProfileId | null>(null);
  /** Which single instances answered 403 to what, and with which words. */
  #refusals = $state.raw<ReadonlyMap<string, string | null>>(new Map());

  readonly profile = $derived(this.view?.profile ?? null);
  /** Whether the platform can be asked anything: without a key, a new look can show nothing new. */
  readonly mayAsk = $derived((this.view?.keyless ?? null) === null);

  readonly #ipc: Ipc;
  /** Answers that were overtaken by a newer one are dropped. */
  #generation = 0;

  constructor(ipc: Ipc) {
    this.#ipc = ipc;
  }

  /** Whether the key may do this, here or at all. */
  may(operation: Operation, instance: InstanceId | null = null): May {
    return mayDo({ view: this.view, refusals: this.#refusals }, operation, instance);
  }

  /** Whether one of several ways to do it is open; nothing to ask for is open. */
  mayAny(operations: readonly Operation[], instance: InstanceId | null = null): May {
    return mayDoAny({ view: this.view, refusals: this.#refusals }, operations, instance);
  }

  /** As `may`, for what needs no reason. */
  denies(operation: string): boolean {
    return isOperation(operation) && !this.may(operation).allowed;
  }

  /** Remembers that an instance answered 403; any other failure is none of it. The key of this computer may do everything there: a 403 is about what was sent. */
  noteRefusal(operation: Operation, instance: InstanceId, failure: Failure | null): void {
    if (failure?.code.type !== 'notAllowed' || this.profile?.kind === 'thisComputer') return;
    this.#refusals = new Map([...this.#refusals, [refusalKey(operation, instance), failure.code.message?.trim() || null]]);
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

  openThisComputer = (demo: boolean) => this.#enter(this.#ipc.openThisComputer(demo));
  connect = (baseUrl: string, name: string, kind: CredentialKind, secret: string, edit: ProfileEdit | null = null) =>
    this.#enter(this.#ipc.connectPlatform(baseUrl, name, kind, secret, edit), true);
  open = (id: ProfileId) => this.#enter(this.#ipc.openProfile(id));
  renew = (id: ProfileId, kind: CredentialKind, secret: string) => this.#enter(this.#ipc.renewCredential(id, kind, secret), true);

  async close(): Promise<void> {
    await this.#ipc.closeSession();
    await this.load();
  }

  async forget(id: ProfileId): Promise<void> {
    await this.#ipc.forgetProfile(id);
    await this.load();
  }

  async edit(id: ProfileId, edit: ProfileEdit): Promise<void> {
    await this.#ipc.updateProfile(id, edit);
    await this.load();
  }

  /** Moves a profile by some places; shown at once, and as the core has it when it refuses. */
  async move(id: ProfileId, by: number): Promise<void> {
    const from = this.profiles.findIndex((profile) => profile.id === id);
    const to = from + by;
    const moved = this.profiles[from];
    if (!moved || to < 0 || to >= this.profiles.length) return;
    const next = this.profiles.filter((profile) => profile.id !== id);
    next.splice(to, 0, moved);
    this.profiles = next;
    try {
      await this.#ipc.orderProfiles(next.map((profile) => profile.id));
    } finally {
      await this.load();
    }
  }

  async #enter(entering: Promise<SessionView>, typed = false): Promise<SessionView> {
    const view = await entering;
    // Another credential has other rights.
    this.#refusals = new Map();
    this.arrived = typed ? (view.profile?.id ?? null) : null;
    // Known before anybody navigates: the answer of `load` may be overtaken by that of a newer one.
    this.#generation += 1;
    this.view = view;
    await this.load();
    return this.view;
  }
}

export const [getSession, setSession] = createContext<Session>();
