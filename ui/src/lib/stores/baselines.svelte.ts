/**
 * Baselines: settings that somebody called right, who follows them, and how far one instance is from its own.
 * Belongs here: reading, saving, following, the draft that leads back. Does not belong here: comparing (the core), words.
 */
import type { Baseline, BulkTargets, DriftView, Failure, InstanceId } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { whenProfileChanges } from './chat.svelte';

type BaselinesIpc = Pick<Ipc, 'listBaselines' | 'saveBaseline' | 'deleteBaseline' | 'followBaseline' | 'getSession' | 'onEvent'>;
type DriftIpc = Pick<Ipc, 'getDrift' | 'draftDrift' | 'openConfig' | 'getPlatformConfig' | 'getDraft' | 'setDraft' | 'onEvent'>;

export class Baselines {
  /** Null until they were read. */
  list = $state.raw<readonly Baseline[] | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #ipc: BaselinesIpc;
  #asked = 0;

  constructor(ipc: BaselinesIpc) {
    this.#ipc = ipc;
    whenProfileChanges(ipc, () => { this.list = null; void this.load(); });
    ipc.onEvent((event) => { if (event.type === 'baselinesChanged' && this.list !== null) void this.load(); });
  }

  load = async (): Promise<void> => { this.failure = await this.#take(() => this.#ipc.listBaselines()); };

  /** Keeps an instance's settings: as a new baseline, or as what a known one says from now on. Null when it is kept. */
  save = (name: string, from: InstanceId, known?: Baseline): Promise<Failure | null> =>
    this.#take(() => this.#ipc.saveBaseline(known?.id ?? crypto.randomUUID(), name.trim(), from));
  delete = (id: string): Promise<Failure | null> => this.#take(() => this.#ipc.deleteBaseline(id));
  /** Null: they follow nothing any more. */
  follow = (id: string | null, targets: BulkTargets): Promise<Failure | null> => this.#take(() => this.#ipc.followBaseline(id, targets));

  /** Each act answers with the whole list; an answer that was overtaken is dropped. */
  async #take(act: () => Promise<Baseline[]>): Promise<Failure | null> {
    const asked = ++this.#asked;
    try {
      const list = await act();
      if (asked === this.#asked) this.list = list;
      return null;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }
}

/** How far one instance is from its baseline. */
export class Drift {
  /** Undefined until it was read; null where it follows none. */
  view = $state.raw<DriftView | null | undefined>(undefined);
  failure = $state.raw<Failure | null>(null);
  reading = $state(false);
  readonly #ipc: DriftIpc;
  readonly #id: InstanceId;

  constructor(ipc: DriftIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  /** Follows what is known; returns what ends it. */
  follow(): () => void {
    void this.load();
    return this.#ipc.onEvent((event) => { if (event.type === 'baselinesChanged') void this.load(); });
  }

  async load(): Promise<void> {
    try {
      this.view = await this.#ipc.getDrift(this.#id);
      this.failure = null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  /** Reads the instance's settings anew. What can not be read keeps its age. */
  async read(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    const looks = await Promise.allSettled([this.#ipc.openConfig(this.#id), this.#ipc.getPlatformConfig(this.#id)]);
    const refused = looks.flatMap((look) => (look.status === 'rejected' ? [asFailure(look.reason)] : look.value.failure ? [look.value.failure] : []));
    await this.load();
    this.failure = refused[0] ?? this.failure;
    this.reading = false;
  }

  /** Lays the way back into the editor as a draft; nothing is sent. `busy`: there is a draft that must not be lost. */
  async draft(): Promise<'laid' | 'busy' | Failure> {
    try {
      const name = `config:${this.#id}`;
      if (await this.#ipc.getDraft(name)) return 'busy';
      const { draft } = await this.#ipc.draftDrift(this.#id);
      await this.#ipc.setDraft(name, JSON.stringify({ ...draft, at: new Date().toISOString() }));
      return 'laid';
    } catch (thrown) {
      return asFailure(thrown);
    }
  }
}

const known = new WeakMap<Ipc, Baselines>();

/** The baselines of the door in context. */
export function useBaselines(ipc: Ipc = getIpc()): Baselines {
  const baselines = known.get(ipc) ?? new Baselines(ipc);
  known.set(ipc, baselines);
  return baselines;
}
