/** The minute after a save: how the agent was, how it is, and whether the way back should be taken. The clock is the caller's. */
import { judge, LOOK, WATCH, type Pulse, type Verdict } from '$lib/config/health';
import type { ConfigSaved } from '$lib/ipc/bindings';

export class ConfigWatch {
  saved = $state.raw<ConfigSaved | null>(null);
  /** The version to go back to. */
  back = $state<number | null>(null);
  before = $state.raw<Pulse | null>(null);
  now = $state.raw<Pulse | null>(null);
  verdict = $state<Verdict>('watching');
  #startedAt = 0;
  #lookedAt = 0;
  #elapsed = $state(0);

  start(saved: ConfigSaved, back: number | null, before: Pulse, now: number): void {
    this.saved = saved;
    this.back = back;
    this.before = before;
    this.now = before;
    this.verdict = 'watching';
    this.#elapsed = 0;
    this.#startedAt = now;
    this.#lookedAt = now;
  }

  /** Seconds that are left. */
  get left(): number {
    return Math.max(0, Math.ceil((WATCH - this.#elapsed) / 1000));
  }

  /** What is known at a moment. True: it is time to ask the platform. */
  look(pulse: Pulse, now: number): boolean {
    if (!this.before || this.verdict !== 'watching') return false;
    this.#elapsed = Math.max(0, now - this.#startedAt);
    this.now = pulse;
    this.verdict = judge(this.before, pulse, this.#elapsed);
    if (this.verdict !== 'watching' || now - this.#lookedAt < LOOK) return false;
    this.#lookedAt = now;
    return true;
  }

  stop(): void {
    this.saved = null;
    this.before = null;
    this.now = null;
  }
}
