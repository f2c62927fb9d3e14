/** The versions of a configuration that are kept on this computer, and what differs between two of them. */
import type { ConfigChange, ConfigVersion, Failure, InstanceId } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type HistoryIpc = Pick<Ipc, 'listConfigVersions' | 'getConfigVersion' | 'compareConfigVersions'>;

export class ConfigHistory {
  /** Newest first. */
  versions = $state.raw<ConfigVersion[] | null>(null);
  failure = $state.raw<Failure | null>(null);
  from = $state<number | null>(null);
  to = $state<number | null>(null);
  changes = $state.raw<ConfigChange[] | null>(null);
  comparing = $state(false);
  readonly #ipc: HistoryIpc;
  readonly #id: InstanceId;
  #asked = 0;

  constructor(ipc: HistoryIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  async load(): Promise<void> {
    this.failure = null;
    try {
      const versions = (await this.#ipc.listConfigVersions(this.#id)).toSorted((a, b) => b.id - a.id);
      this.versions = versions;
      if (versions.length < 2) return;
      await this.compare(versions[1]?.id ?? null, versions[0]?.id ?? null);
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  /** Compares two versions; the order is the person's. */
  async compare(from: number | null, to: number | null): Promise<void> {
    const asked = ++this.#asked;
    this.from = from;
    this.to = to;
    this.changes = null;
    if (from === null || to === null) return;
    this.comparing = true;
    this.failure = null;
    try {
      const changes = await this.#ipc.compareConfigVersions(this.#id, from, to);
      if (asked === this.#asked) this.changes = changes;
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    } finally {
      if (asked === this.#asked) this.comparing = false;
    }
  }

  /** A version's document, or null with the reason in `failure`. */
  async read(version: number): Promise<string | null> {
    try {
      return await this.#ipc.getConfigVersion(this.#id, version);
    } catch (thrown) {
      this.failure = asFailure(thrown);
      return null;
    }
  }
}
