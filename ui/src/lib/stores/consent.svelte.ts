/**
 * Whether the platform may read the conversations of one instance, as it was last answered: nobody can ask for it.
 * Belongs here: what is known, and changing it. Does not belong here: the conversations (conversations.svelte.ts), words.
 * It outlives every screen, so what follows from its state is a getter: a `$derived` ends with the screen that made it.
 */
import { getIpc } from '$lib/ipc/context';
import type { ConsentState, ConsentView, Failure, InstanceId } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { getSession } from './session.svelte';

type ConsentIpc = Pick<Ipc, 'getConsent' | 'setConsent'>;

/** How long it may be on before this app reminds of it, in milliseconds. */
export const REMIND_AFTER = 3_600_000;

export class Consent {
  /** `null` until the core has answered for the first time. */
  view = $state.raw<ConsentView | null>(null);
  /** Why the core itself could not answer. */
  refusal = $state.raw<Failure | null>(null);
  /** Which way it is being changed. */
  changing = $state<'grant' | 'revoke' | null>(null);
  /** Why the last change did not happen. */
  failure = $state.raw<Failure | null>(null);
  /** The platform took the change and answered that it is as before. */
  contradicted = $state(false);
  /** Cached conversations that went when the platform closed the door. */
  purged = $state(0);

  readonly #ipc: ConsentIpc;
  readonly #id: InstanceId;
  #asked = 0;

  constructor(ipc: ConsentIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  get state(): ConsentState | null {
    return this.view?.state ?? null;
  }

  /** Since when it is on, as far as this app knows. */
  get since(): string | null {
    return this.state === 'granted' ? (this.view?.grantedAt ?? null) : null;
  }

  /** It was switched on here, more than an hour ago. */
  overdue(now: number): boolean {
    const since = this.since === null ? Number.NaN : Date.parse(this.since);
    return now - since >= REMIND_AFTER;
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const view = await this.#ipc.getConsent(this.#id);
      if (asked === this.#asked) this.#take(view);
    } catch (thrown) {
      if (asked === this.#asked) this.refusal = asFailure(thrown);
    }
  }

  /** Lets the platform read, for a purpose that is kept here. */
  grant = (purpose: string) => this.#change(true, purpose.trim());
  /** Locks again; what was cached goes. */
  revoke = () => this.#change(false, '');

  /** Null when it is done, otherwise why not. */
  async #change(granted: boolean, purpose: string): Promise<Failure | null> {
    if (this.changing) return null;
    this.changing = granted ? 'grant' : 'revoke';
    this.failure = null;
    this.contradicted = false;
    try {
      const view = await this.#ipc.setConsent(this.#id, granted, purpose);
      // It is newer than the answer to any question that is still open.
      this.#asked += 1;
      this.#take(view);
      this.contradicted = (view.state === 'granted') !== granted;
      return null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
      // It may have arrived all the same: what the core knows now is what holds.
      void this.load();
      return this.failure;
    } finally {
      this.changing = null;
    }
  }

  #take(view: ConsentView): void {
    this.view = view;
    this.refusal = null;
    const purged = view.purged ?? 0;
    if (view.state === 'granted') this.purged = 0;
    else if (purged > 0) this.purged = purged;
  }
}

const known = new WeakMap<Ipc, Map<string, Consent>>();

/** The consent of an instance: the same one for its header and its screens. Another profile's is another one. */
export function useConsent(id: InstanceId): Consent {
  const ipc = getIpc();
  const all = known.get(ipc) ?? new Map<string, Consent>();
  known.set(ipc, all);
  const key = `${getSession().profile?.id ?? ''} ${id}`;
  const consent = all.get(key) ?? new Consent(ipc, id);
  all.set(key, consent);
  return consent;
}
