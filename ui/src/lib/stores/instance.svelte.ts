/**
 * One instance while its screens are open. Belongs here: watching it, what is known of it, deleting it.
 * Does not belong here: its logs and its conversation (stores of their own), words and looks.
 */
import type { Deleted, Failure, InstanceDetail, InstanceId, InstanceSummary, InstanceView, Phase, RuntimeStatus, Seen } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { createContext } from 'svelte';

type InstanceIpc = Pick<Ipc, 'watchInstance' | 'unwatchInstance' | 'getInstance' | 'refreshInstance' | 'deleteInstance' | 'onEvent'>;

const PHASES: ReadonlyMap<string, Phase> = new Map([
  ['running', 'running'], ['provisioning', 'onItsWay'], ['failed', 'failed'], ['error', 'failed'], ['deleting', 'deleting'], ['deleted', 'gone'],
]);

/** What a status means; a word the platform has not documented means nothing certain. */
export function phaseOfStatus(status: string | null | undefined): Phase {
  return PHASES.get(status ?? '') ?? 'unknown';
}

export class Instance {
  readonly id: InstanceId;
  #view = $state.raw<InstanceView | null>(null);
  /** Why the core itself could not answer. */
  refusal = $state.raw<Failure | null>(null);
  refreshing = $state(false);
  deleting = $state(false);
  /** Deleted from this window: its screen has nothing more to say. */
  deleted = $state.raw<Deleted | null>(null);
  #gone = $state(false);
  readonly #ipc: InstanceIpc;
  #unsubscribe: (() => void) | null = null;
  #asked = 0;

  constructor(ipc: InstanceIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.id = id;
  }

  get detail(): Seen<InstanceDetail> | null {
    return this.#view?.detail ?? null;
  }

  get runtime(): Seen<RuntimeStatus> | null {
    return this.#view?.runtime ?? null;
  }

  /** Its row of the list: enough to name it before its detail has come. */
  get summary(): InstanceSummary | null {
    return this.#view?.summary ?? null;
  }

  /** Why what is shown may be old, or is not there. */
  get failure(): Failure | null {
    return this.refusal ?? this.#view?.failure ?? null;
  }

  get gone(): boolean {
    return this.#gone || this.#view?.gone === true;
  }

  /** Nothing is known yet and nothing has gone wrong yet. */
  get loading(): boolean {
    return this.detail === null && this.failure === null && !this.gone;
  }

  /** The platform says there is none, and there is nothing to remember it by. */
  get missing(): boolean {
    return this.detail === null && this.failure?.code.type === 'notFound';
  }

  /** What is shown is from the cache, or its last look failed. */
  get stale(): boolean {
    return this.detail !== null && (this.detail.source === 'cached' || this.failure !== null);
  }

  /** The newer of the two reports decides. */
  get status(): string | null {
    const { detail, runtime } = this;
    if (runtime !== null && runtime.value.status !== null && runtime.seenAt > (detail?.seenAt ?? '')) return runtime.value.status;
    return detail?.value.status ?? runtime?.value.status ?? this.summary?.status ?? null;
  }

  get phase(): Phase {
    return this.gone ? 'gone' : phaseOfStatus(this.status);
  }

  /** What a person calls it. */
  get name(): string {
    const { agent_name, hostname } = this.detail?.value ?? this.summary ?? {};
    return agent_name?.trim() || hostname?.trim() || this.id;
  }

  /** Starts to look: the core polls it for as long as somebody does. */
  async watch(): Promise<void> {
    this.#unsubscribe = this.#ipc.onEvent((event) => {
      if (event.type === 'instanceChanged' && event.id === this.id) void this.#ask(() => this.#ipc.getInstance(this.id));
      if (event.type === 'instanceSeen' && event.id === this.id) this.#see(event.at, event.withRuntime);
      if (event.type === 'instanceGone' && event.id === this.id) this.#gone = true;
    });
    await this.#ask(() => this.#ipc.watchInstance(this.id));
  }

  /** Stops to look. */
  leave(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#ipc.unwatchInstance(this.id).catch(() => undefined);
  }

  /** Has the core look at the platform now. */
  async refresh(): Promise<void> {
    if (this.refreshing) return;
    this.refreshing = true;
    await this.#ask(() => this.#ipc.refreshInstance(this.id));
    this.refreshing = false;
  }

  /** Deletes it. Null when it is done, otherwise why not. */
  async delete(): Promise<Failure | null> {
    this.deleting = true;
    try {
      this.deleted = await this.#ipc.deleteInstance(this.id);
      return null;
    } catch (problem) {
      return asFailure(problem);
    } finally {
      this.deleting = false;
    }
  }

  /** It is as it was: only its age is another. */
  #see(seenAt: string, withRuntime: boolean): void {
    if (this.#view === null) return;
    const { detail, runtime } = this.#view;
    this.#view = { ...this.#view, detail: detail && { ...detail, seenAt }, runtime: runtime && withRuntime ? { ...runtime, seenAt } : runtime };
  }

  /** Answers that come out of order do not replace newer ones. */
  async #ask(question: () => Promise<InstanceView>): Promise<void> {
    const asked = ++this.#asked;
    try {
      const view = await question();
      if (asked !== this.#asked) return;
      this.#view = view;
      this.refusal = null;
    } catch (problem) {
      if (asked === this.#asked) this.refusal = asFailure(problem);
    }
  }
}

/** The open instance, for the screens below its frame. */
export const [getInstance, setInstance] = createContext<Instance>();
