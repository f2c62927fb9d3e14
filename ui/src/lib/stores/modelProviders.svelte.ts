/**
 * Where real agents on this computer think. Belongs here: the list, and the acts on it. Keys pass through and stay nowhere.
 * Does not belong here: words, what was typed (`ProviderForm`).
 */
import type { Failure, ModelProvider, ModelTest, NewModelProvider } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type ProvidersIpc = Pick<Ipc, 'listModelProviders' | 'putModelProvider' | 'deleteModelProvider' | 'testModelProvider'>;

export type Trial = { step: 'none' } | { step: 'asking'; since: number } | { step: 'told'; test: ModelTest; /** The one that was asked; null where only the server was. */ model: string | null } | { step: 'failed'; failure: Failure };

export class ModelProvidersStore {
  /** `null` until the core has answered, and where the platform has no such thing. */
  all = $state.raw<readonly ModelProvider[] | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #ipc: ProvidersIpc;

  constructor(ipc: ProvidersIpc) {
    this.#ipc = ipc;
  }

  /** Those that are kept. */
  get kept(): readonly ModelProvider[] {
    return (this.all ?? []).filter(({ found }) => !found);
  }

  /** The kept and the found: what runs here already comes first, since it takes nothing but a click. */
  get offered(): readonly ModelProvider[] {
    const all = this.all ?? [];
    return [...all.filter(({ found }) => found), ...all.filter(({ found }) => !found)];
  }

  find(name: string): ModelProvider | null {
    return this.all?.find((provider) => provider.name === name) ?? null;
  }

  async load(): Promise<void> {
    try {
      this.all = (await this.#ipc.listModelProviders())?.providers ?? [];
      this.failure = null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  /** Keeps one. Null when it is done, otherwise why not. */
  async put(name: string, provider: NewModelProvider): Promise<Failure | null> {
    try {
      const kept = await this.#ipc.putModelProvider(name, provider);
      const others = (this.all ?? []).filter((one) => one.name !== kept.name);
      this.all = [...others.filter(({ found }) => !found), kept, ...others.filter(({ found }) => found)];
      return null;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }

  /** Forgets one and its key. Null when it is done, otherwise why not. */
  async delete(name: string): Promise<Failure | null> {
    try {
      this.all = (await this.#ipc.deleteModelProvider(name)).providers;
      return null;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }

  /** Asks a model one short question. */
  async test(name: string, provider: NewModelProvider): Promise<Exclude<Trial, { step: 'none' | 'asking' }>> {
    try {
      return { step: 'told', test: await this.#ipc.testModelProvider(name, provider), model: provider.models[0]?.id ?? null };
    } catch (thrown) {
      return { step: 'failed', failure: asFailure(thrown) };
    }
  }
}
