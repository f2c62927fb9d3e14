/**
 * The usage of one instance while its screen is open. Belongs here: asking for a range and for the days before it.
 * Does not belong here: which range (the address), reckoning and words (lib/usage).
 */
import type { Failure, InstanceId, UsageDay, UsageView } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { before, type Bounds } from '$lib/usage/range';

type UsageIpc = Pick<Ipc, 'getUsage'>;

export class Usage {
  /** The range that was last answered. It stays while another one is on its way. */
  view = $state.raw<UsageView | null>(null);
  /** The days before it, one for one; null: not asked for, or not known. */
  daysBefore = $state.raw<readonly UsageDay[] | null>(null);
  /** Why there is no answer at all. What was read before stays, unless it may no longer be read. */
  refusal = $state.raw<Failure | null>(null);
  loading = $state(false);

  readonly #ipc: UsageIpc;
  readonly #id: InstanceId;
  readonly #onread: () => void;
  #asked = 0;
  #bounds: Bounds | null = null;
  #compared = false;

  /** `onread` is told after each answer: budgets may have moved. */
  constructor(ipc: UsageIpc, id: InstanceId, onread: () => void = () => undefined) {
    this.#ipc = ipc;
    this.#id = id;
    this.#onread = onread;
  }

  /** Why what is shown is old or missing. */
  get failure(): Failure | null {
    return this.refusal ?? this.view?.failure ?? null;
  }

  /** Shows a range; asking for the one that is already shown or on its way does nothing. */
  async show(bounds: Bounds, compared: boolean): Promise<void> {
    const same = this.#bounds?.from === bounds.from && this.#bounds.to === bounds.to;
    if (same && (this.#compared === compared || !compared)) {
      this.#compared = compared;
      return;
    }
    this.#bounds = bounds;
    this.#compared = compared;
    await this.load();
  }

  /** Asks again. An answer that was overtaken is dropped. */
  async load(): Promise<void> {
    const bounds = this.#bounds;
    if (bounds === null) return;
    const asked = ++this.#asked;
    this.loading = true;
    try {
      const view = await this.#ipc.getUsage(this.#id, bounds.from, bounds.to);
      if (asked !== this.#asked) return;
      if (view.from !== this.view?.from || view.to !== this.view.to) this.daysBefore = null;
      this.view = view;
      this.refusal = null;
      this.#onread();
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.refusal = asFailure(thrown);
      // Whoever may not read it does not go on seeing it.
      if (this.refusal.code.type === 'notAllowed') this.view = this.daysBefore = null;
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
    if (this.view !== null && this.refusal === null && this.#compared) await this.#loadBefore(asked, before(bounds));
  }

  /** A comparison that can not be had is left out; the range itself says why something fails. */
  async #loadBefore(asked: number, bounds: Bounds): Promise<void> {
    const view = await this.#ipc.getUsage(this.#id, bounds.from, bounds.to).catch(() => null);
    if (asked === this.#asked) this.daysBefore = view?.days ?? null;
  }
}
