/**
 * Acts of administration: applying updates, rotating an agent's key, cleaning up what is dead.
 * Belongs here: what is known before, how far it is, how it ended. Does not belong here: words, dialogs.
 */
import { getIpc } from '$lib/ipc/context';
import type { CleanupCandidate, CleanupDone, CleanupPlan, Failure, HistoryEntry, InstanceHistory, InstanceId, KeyRotated, RuntimeStatus, UpdatesApplied } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { getSession } from './session.svelte';

// --- updates

/** Acts that leave something for the agent to take over. */
const PENDING: ReadonlySet<string> = new Set(['update_config', 'patch_platform_config', 'update_model_policy']);

/** What this app saw change since updates were last applied, the newest first; and when that was. */
export function changesSinceApply(history: InstanceHistory): { since: string | null; changes: HistoryEntry[] } {
  const newest = history.changes.toSorted((a, b) => b.at.localeCompare(a.at) || b.id - a.id);
  const applied = newest.findIndex(({ kind, to }) => kind === 'act' && to === 'apply_updates');
  const after = applied < 0 ? newest : newest.slice(0, applied);
  return {
    since: newest[applied]?.at ?? null,
    changes: after.filter(({ kind, to }) => kind === 'config' || kind === 'version' || (kind === 'act' && PENDING.has(to ?? ''))),
  };
}

export class Updates {
  known = $state.raw<ReturnType<typeof changesSinceApply> | null>(null);
  /** Why what was seen can not be told. */
  unknown = $state.raw<Failure | null>(null);
  applying = $state(false);
  /** When it was sent, in milliseconds. */
  sentAt = $state<number | null>(null);
  done = $state.raw<UpdatesApplied | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #ipc: Pick<Ipc, 'getHistory' | 'applyUpdates'>;
  readonly #id: InstanceId;

  constructor(ipc: Pick<Ipc, 'getHistory' | 'applyUpdates'>, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  async load(): Promise<void> {
    try {
      this.known = changesSinceApply(await this.#ipc.getHistory(this.#id));
      this.unknown = null;
    } catch (thrown) {
      this.unknown = asFailure(thrown);
    }
  }

  async apply(): Promise<void> {
    if (this.applying) return;
    this.applying = true;
    this.sentAt = Date.now();
    this.failure = null;
    try {
      this.done = await this.#ipc.applyUpdates(this.#id);
    } catch (thrown) {
      this.failure = asFailure(thrown);
    } finally {
      this.applying = false;
    }
  }
}

// --- an agent's key

/** A rotation and the wait for its proof. Outlives its dialog, so that it may be closed meanwhile. */
export class Rotation {
  step = $state<'explained' | 'sending' | 'waiting' | 'proven'>('explained');
  sentAt = $state<string | null>(null);
  status = $state<string | null>(null);
  /** The first heartbeat with the new key. */
  provenAt = $state<string | null>(null);
  failure = $state.raw<Failure | null>(null);
  #heartbeat: string | null = null;
  readonly #ipc: Pick<Ipc, 'rotateKey'>;
  readonly #id: InstanceId;

  constructor(ipc: Pick<Ipc, 'rotateKey'>, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  /** Sends it. `heartbeat`: the last one before, which proves nothing. Null when it is done, otherwise why not. */
  async send(heartbeat: string | null): Promise<Failure | null> {
    this.step = 'sending';
    this.failure = null;
    this.provenAt = null;
    this.#heartbeat = heartbeat;
    const sentAt = new Date().toISOString();
    try {
      const { status }: KeyRotated = await this.#ipc.rotateKey(this.#id);
      this.#wait(sentAt, status);
      return null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
      // If it arrived, the agent will prove it.
      if (this.failure.code.type === 'mayHaveArrived') this.#wait(sentAt, null);
      else this.step = 'explained';
      return this.failure;
    }
  }

  #wait(sentAt: string, status: string | null): void {
    this.sentAt = sentAt;
    this.status = status;
    this.step = 'waiting';
  }

  /** A heartbeat after the rotation, and not one that was known before: clocks of two computers differ. */
  look(runtime: RuntimeStatus | null): void {
    if (this.step !== 'waiting' || this.sentAt === null) return;
    const beat = Date.parse(runtime?.last_heartbeat ?? '');
    const before = Math.max(Date.parse(this.sentAt), Date.parse(this.#heartbeat ?? '') || 0);
    if (Number.isNaN(beat) || beat <= before) return;
    this.provenAt = runtime?.last_heartbeat ?? null;
    this.step = 'proven';
  }

  /** From the beginning. */
  again(): void {
    if (this.step !== 'sending') this.step = 'explained';
    this.failure = null;
  }
}

const rotations = new WeakMap<Ipc, Map<string, Rotation>>();

/** The rotation of an instance's key: the same one wherever it is looked at, and another for another profile. */
export function useRotation(id: InstanceId): Rotation {
  const ipc = getIpc();
  const all = rotations.get(ipc) ?? new Map<string, Rotation>();
  rotations.set(ipc, all);
  const key = `${getSession().profile?.id ?? ''} ${id}`;
  const rotation = all.get(key) ?? new Rotation(ipc, id);
  all.set(key, rotation);
  return rotation;
}

// --- the dead

/** What became of one of them. */
export type CleanupState = 'todo' | 'now' | 'gone' | 'deleting' | 'alreadyGone' | 'stillThere' | 'failed' | 'left' | 'unknown';
export interface CleanupResult { candidate: CleanupCandidate; state: CleanupState; failure: Failure | null }

type CleanupIpc = Pick<Ipc, 'planCleanup' | 'runCleanup' | 'deleteInstance'>;

export class Cleanup {
  plan = $state.raw<CleanupPlan | null>(null);
  failure = $state.raw<Failure | null>(null);
  loading = $state(false);
  excluded = $state.raw<ReadonlySet<InstanceId>>(new Set());
  /** One for each that was to go; none before. */
  results = $state.raw<readonly CleanupResult[] | null>(null);
  /** The platform's own words and counts, where it did it all at once. */
  done = $state.raw<CleanupDone | null>(null);
  running = $state<'all' | 'oneByOne' | null>(null);
  stopping = $state(false);
  startedAt = $state<number | null>(null);

  readonly candidates = $derived(this.plan?.candidates ?? []);
  readonly selected = $derived(this.candidates.filter(({ id }) => !this.excluded.has(id)));
  /** Some are to stay: the platform's own clean-up would take them as well. */
  readonly partial = $derived(this.excluded.size > 0);
  readonly settled = $derived(this.results?.filter(({ state }) => state !== 'todo' && state !== 'now').length ?? 0);

  readonly #ipc: CleanupIpc;

  constructor(ipc: CleanupIpc) {
    this.#ipc = ipc;
  }

  /** Looks what is dead. Nothing is changed by it. */
  async load(): Promise<void> {
    if (this.loading || this.running) return;
    this.loading = true;
    try {
      this.plan = await this.#ipc.planCleanup();
      this.failure = null;
      this.results = null;
      this.done = null;
      const here = new Set(this.candidates.map(({ id }) => id));
      this.excluded = new Set([...this.excluded].filter((id) => here.has(id)));
    } catch (thrown) {
      this.failure = asFailure(thrown);
    } finally {
      this.loading = false;
    }
  }

  include(id: InstanceId, wanted: boolean): void {
    const excluded = new Set(this.excluded);
    if (wanted) excluded.delete(id);
    else excluded.add(id);
    this.excluded = excluded;
  }

  includeAll(wanted: boolean): void {
    this.excluded = new Set(wanted ? [] : this.candidates.map(({ id }) => id));
  }

  /** Has the platform delete all of them. Null when it is done, otherwise why not. */
  async runAll(): Promise<Failure | null> {
    const { candidates } = this;
    this.#begin('all');
    try {
      const done = await this.#ipc.runCleanup(candidates.map(({ id }) => id));
      this.done = done;
      const outcomes = new Map(done.results.map(({ id, outcome }) => [id, outcome]));
      this.results = candidates.map((candidate) => ({ candidate, state: outcomes.get(candidate.id) ?? 'unknown', failure: null }));
      return null;
    } catch (thrown) {
      this.results = null;
      return (this.failure = asFailure(thrown));
    } finally {
      this.running = null;
    }
  }

  /** Deletes the chosen ones, one after the other; one that is refused does not stop the rest. */
  async runOneByOne(): Promise<void> {
    const chosen = this.selected;
    this.#begin('oneByOne');
    this.results = chosen.map((candidate) => ({ candidate, state: 'todo', failure: null }));
    for (const [place, { id }] of chosen.entries()) {
      if (this.stopping) {
        this.results = this.results.map((result) => (result.state === 'todo' ? { ...result, state: 'left' } : result));
        break;
      }
      this.#mark(place, 'now');
      try {
        const { already_deleted } = await this.#ipc.deleteInstance(id);
        this.#mark(place, already_deleted ? 'alreadyGone' : 'deleting');
      } catch (thrown) {
        this.#mark(place, 'failed', asFailure(thrown));
      }
    }
    this.running = null;
  }

  /** After the one under way, no more. */
  stop(): void {
    this.stopping = true;
  }

  #begin(way: 'all' | 'oneByOne'): void {
    this.running = way;
    this.stopping = false;
    this.startedAt = Date.now();
    this.failure = null;
    this.done = null;
  }

  #mark(place: number, state: CleanupState, failure: Failure | null = null): void {
    this.results = this.results?.map((result, at) => (at === place ? { ...result, state, failure } : result)) ?? null;
  }
}
