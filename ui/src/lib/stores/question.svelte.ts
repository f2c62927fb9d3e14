/** The one question that may stand before a change. Belongs here: who waits for its answer. Not: when it is asked (`permissions/safety`). */
import type { Question as Asked } from '$lib/permissions/safety';

export class Questions {
  /** What is being asked now. */
  current = $state.raw<Asked | null>(null);
  #answer: ((yes: boolean) => void) | null = null;

  /** Asks; a question that stood before is answered with no. */
  ask = (question: Asked): Promise<boolean> => {
    this.answer(false);
    this.current = question;
    return new Promise((done) => (this.#answer = done));
  };

  answer(yes: boolean): void {
    this.#answer?.(yes);
    this.#answer = null;
    this.current = null;
  }
}
