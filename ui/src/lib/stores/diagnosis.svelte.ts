/**
 * One walk from this computer to an agent's channels. Belongs here: starting it, taking its steps as they come, and that
 * a walk begun anew silences the one before. Does not belong here: words and repairs (the screen), the walk itself (the core).
 */
import type { DiagnosisStep, Failure, InstanceId } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type DiagnosisIpc = Pick<Ipc, 'diagnoseInstance'>;

export class Diagnosis {
  /** What is known so far, in the order in which it came. */
  steps = $state.raw<readonly DiagnosisStep[]>([]);
  running = $state(false);
  /** When the newest walk began, and when it was done. */
  startedAt = $state<number | null>(null);
  doneAt = $state<number | null>(null);
  /** Why the walk broke off. */
  failure = $state.raw<Failure | null>(null);
  readonly #ipc: DiagnosisIpc;
  readonly #id: InstanceId;
  #walk = 0;

  constructor(ipc: DiagnosisIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  /** Walks once. Pressed again while it walks, nothing happens. */
  async run(now: () => number = Date.now): Promise<void> {
    if (this.running) return;
    const walk = ++this.#walk;
    this.steps = [];
    this.failure = null;
    this.running = true;
    this.startedAt = now();
    this.doneAt = null;
    try {
      const steps = await this.#ipc.diagnoseInstance(this.#id, (step) => {
        if (walk === this.#walk) this.#take(step);
      });
      if (walk === this.#walk) this.steps = steps;
    } catch (thrown) {
      if (walk === this.#walk) this.failure = asFailure(thrown);
    }
    if (walk !== this.#walk) return;
    this.running = false;
    this.doneAt = now();
  }

  /** Nobody looks any more: what still comes is dropped. */
  leave(): void {
    this.#walk += 1;
    this.running = false;
  }

  /** A step that comes twice is told better the second time. */
  #take(step: DiagnosisStep): void {
    const known = this.steps.findIndex((one) => one.step === step.step);
    this.steps = known < 0 ? [...this.steps, step] : this.steps.with(known, step);
  }
}
