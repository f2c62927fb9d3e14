/**
 * The way of edits to the server: read anew, reviewed by a person, sent once, and looked at where nobody knows what became of it.
 * Whatever happens, the draft stays until the server has it. Belongs here: the steps. Does not belong here: which calls they are.
 */
import type { JsonObject } from '$lib/config/value';
import type { Failure, SpokenAct } from '$lib/ipc/bindings';
import { asFailure } from '$lib/text/failure';
import type { FieldEdits } from './platformConfigEdits.svelte';

/** `notSeen`: looked, and it is not there. */
export type Arrival = 'arrived' | 'notSeen';
/** Why what is reviewed can not be sent. */
export type Obstacle = 'nothing' | 'unfinished' | 'contested' | 'masks' | 'inexact' | 'checking' | 'notLive';

export abstract class Sending {
  step = $state<'edit' | 'review' | 'sending'>('edit');
  /** Why the newest look at the server failed. */
  failure = $state.raw<Failure | null>(null);
  loading = $state(false);
  /** Why the sending failed. */
  refused = $state.raw<Failure | null>(null);
  /** What a look found after a sending whose outcome nobody knew. */
  arrival = $state.raw<Arrival | null>(null);
  abstract readonly edits: FieldEdits;
  /** What is shown was answered just now, and not remembered. */
  abstract readonly live: boolean;
  #asked = 0;

  /** Reads what the server has; null where that is not known. */
  protected abstract read(): Promise<JsonObject | null>;
  /** Sends, and says what the server has now. */
  protected abstract write(): Promise<JsonObject>;
  /** What is sent, for a terminal. */
  abstract get act(): SpokenAct;
  /** Whether what was read holds what was to be sent. */
  protected abstract holds(server: JsonObject): boolean;

  get obstacle(): Obstacle | null {
    const { edits } = this;
    if (edits.typed.size > 0) return 'unfinished';
    if (this.loading) return 'checking';
    if (edits.contested.size > 0) return 'contested';
    if (edits.touched.length === 0) return 'nothing';
    if (edits.masks.length > 0) return 'masks';
    if (edits.inexact.length > 0) return 'inexact';
    return this.live ? null : 'notLive';
  }

  get ready(): boolean {
    return this.step === 'review' && this.obstacle === null;
  }

  async open(): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    try {
      const server = await this.read();
      if (asked !== this.#asked) return;
      this.failure = null;
      if (server) await this.edits.adopt(server);
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }

  /** Shows what would be sent, on what the server has now. */
  async review(): Promise<void> {
    if (!this.edits.dirty || this.step === 'sending') return;
    this.step = 'review';
    this.refused = null;
    this.arrival = null;
    await this.edits.keep();
    await this.open();
  }

  close(): void {
    if (this.step !== 'sending') this.step = 'edit';
  }

  /** Sends what is shown. True: the server answered that it has it. */
  async send(): Promise<boolean> {
    if (!this.ready) return false;
    this.step = 'sending';
    this.refused = null;
    this.arrival = null;
    try {
      await this.edits.settle(await this.write());
      this.step = 'edit';
      return true;
    } catch (thrown) {
      this.refused = asFailure(thrown);
      this.step = 'review';
      return false;
    }
  }

  /** After an outcome that nobody knows: does the server have it? */
  async look(): Promise<void> {
    const mine = this.edits.tree;
    this.loading = true;
    try {
      const server = await this.read();
      this.failure = null;
      if (!server || !this.live) return;
      if (this.holds(server) && this.edits.tree === mine) {
        await this.edits.settle(server);
        this.arrival = 'arrived';
        this.refused = null;
        this.step = 'edit';
      } else {
        await this.edits.adopt(server);
        this.arrival = 'notSeen';
        this.refused = null;
      }
    } catch (thrown) {
      this.failure = asFailure(thrown);
    } finally {
      this.loading = false;
    }
  }
}
