/**
 * The way of a draft to the server: planned by the core, reviewed by a person, sent as it was shown. Nothing typed is touched
 * here: whatever happens, the draft stays until the server has it. Does not belong here: what merges and what is sent (the core).
 */
import { idOf, type Path } from '$lib/config/place';
import type { ConfigChoice, ConfigDraft as Drafted, ConfigPlan, ConfigSaved, ConfigSide, Failure, InstanceId } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type SaveIpc = Pick<Ipc, 'planConfig' | 'saveConfig'>;

/** `closed`: nothing is reviewed; `planning`: the first plan is on its way; `review`: a plan, or why there is none. */
export type SaveStep = 'closed' | 'planning' | 'review' | 'sending';

export class ConfigSave {
  step = $state<SaveStep>('closed');
  plan = $state.raw<ConfigPlan | null>(null);
  /** A newer plan is on its way: the shown one can not be sent. */
  planning = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** Somebody wrote between the plan and the save: this is a new plan. */
  rewritten = $state(false);
  /** The person agreed that the document loses more than half. */
  agreed = $state(false);
  /** When the sending began, and how long the last one took. */
  startedAt = $state(0);
  lastTook = $state<number | null>(null);
  #choices = $state.raw<ReadonlyMap<string, ConfigChoice>>(new Map());
  #drafted: () => Drafted = () => ({ base: 0, text: null, edits: [] });
  #asked = 0;
  readonly #ipc: SaveIpc;
  readonly #id: InstanceId;

  constructor(ipc: SaveIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  /** Conflicts with what was chosen, at once. */
  get conflicts() {
    return (this.plan?.conflicts ?? []).map((conflict) => ({ ...conflict, chosen: this.#choices.get(idOf(conflict.path))?.side ?? conflict.chosen }));
  }

  /** Whether what is shown can be sent. */
  get ready(): boolean {
    return this.step === 'review' && this.plan !== null && this.plan.obstacle === null && !this.planning && this.failure === null && (!this.plan.shrinks || this.agreed);
  }

  /** Opens the review of a draft. */
  async begin(drafted: () => Drafted): Promise<void> {
    this.#drafted = drafted;
    this.#choices = new Map();
    this.plan = null;
    this.rewritten = false;
    this.agreed = false;
    this.step = 'planning';
    await this.again();
  }

  /** Reads the server's document anew and plans with the choices made so far. */
  async again(): Promise<void> {
    const asked = ++this.#asked;
    this.planning = true;
    this.failure = null;
    try {
      const plan = await this.#ipc.planConfig(this.#id, this.#drafted(), [...this.#choices.values()]);
      if (asked === this.#asked && this.step !== 'closed') this.plan = plan;
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    } finally {
      if (asked === this.#asked) {
        this.planning = false;
        if (this.step !== 'closed') this.step = 'review';
      }
    }
  }

  choose(path: Path, side: ConfigSide): Promise<void> {
    this.#choices = new Map(this.#choices).set(idOf(path), { path: [...path], side });
    return this.again();
  }

  chooseAll(side: ConfigSide): Promise<void> {
    this.#choices = new Map((this.plan?.conflicts ?? []).map(({ path }) => [idOf(path), { path: [...path], side }]));
    return this.again();
  }

  /** Sends what is shown. Null: it was not saved; `failure`, or a new plan, says why. */
  async send(): Promise<ConfigSaved | null> {
    const { plan } = this;
    if (!plan || !this.ready) return null;
    this.step = 'sending';
    this.startedAt = Date.now();
    try {
      const saved = await this.#ipc.saveConfig(this.#id, plan.id);
      this.lastTook = Date.now() - this.startedAt;
      this.close();
      return saved;
    } catch (thrown) {
      const failure = asFailure(thrown);
      this.step = 'review';
      if (failure.code.type !== 'conflict') {
        this.failure = failure;
        return null;
      }
      this.rewritten = true;
      this.agreed = false;
      await this.again();
      return null;
    }
  }

  close(): void {
    this.#asked += 1;
    this.step = 'closed';
    this.planning = false;
    this.plan = null;
    this.failure = null;
  }
}
