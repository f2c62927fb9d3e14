/**
 * One message and its reply, as it is on screen. Belongs here: how a turn grows and ends, part by part.
 * Does not belong here: sending, the list of turns (chat.svelte.ts).
 */
import type { Exchange, ExchangeState, Failure, ReplyPart } from '$lib/ipc/bindings';

/** Codes that say for certain that no agent has seen the message. */
const NEVER_SENT: ReadonlySet<Failure['code']['type']> = new Set([
  'offline', 'badAddress', 'credentialRefused', 'notAllowed', 'notFound', 'conflict', 'invalid', 'tooManyRequests', 'noSession', 'storage', 'keystore', 'readOnly', 'noKey',
]);

export class Turn {
  readonly id: string;
  readonly sentAt: string;
  readonly message: string;
  reply = $state('');
  state = $state.raw<ExchangeState>({ type: 'sending' });
  tookMs = $state<number | null>(null);
  tokens = $state<number | null>(null);
  /** From sending to the first word, in milliseconds; known only where the reply was heard as it came. */
  firstMs = $state<number | null>(null);
  /** Its text went back into the field: it is not offered a second time. */
  returned = $state(false);
  /** Sent by this window, which therefore gets its parts. */
  readonly ours: boolean;
  #waiting: ReplyPart[] = [];
  #firstMs: number | null = null;

  constructor(exchange: Exchange, ours: boolean) {
    this.id = exchange.id;
    this.sentAt = exchange.sentAt;
    this.message = exchange.message;
    this.ours = ours;
    this.take(exchange);
  }

  /** Takes over what the core knows. */
  take(exchange: Exchange): void {
    this.#waiting = [];
    this.firstMs = this.#firstMs;
    this.reply = exchange.reply;
    this.state = exchange.state;
    this.tookMs = exchange.tookMs;
    this.tokens = exchange.tokens;
  }

  /** Keeps a part until the next frame. `afterMs`: how long after sending it came. */
  hear(part: ReplyPart, afterMs: number): void {
    if ((part.type === 'text' || part.type === 'whole') && part.value !== '') this.#firstMs ??= Math.max(0, Math.round(afterMs));
    this.#waiting.push(part);
  }

  /** What the core would call it. */
  get exchange(): Exchange {
    const { id, sentAt, message, reply, state, tookMs, tokens } = this;
    return { id, sentAt, message, reply, state, tookMs, tokens };
  }

  /** Whether parts came that are not shown yet. */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  /** Shows all parts that came since the last frame, as one change. */
  show(): void {
    if (this.#waiting.length === 0) return;
    let reply = this.reply;
    for (const part of this.#waiting) {
      if (part.type === 'text') reply += part.value;
      else if (part.type === 'whole') reply = part.value;
      else if (part.type === 'tokens') this.tokens = part.value;
    }
    this.#waiting = [];
    this.firstMs = this.#firstMs;
    this.reply = reply;
    if (this.state.type === 'sending') this.state = { type: 'answering' };
  }

  /** The core refused before, or instead of, telling how the turn ended. */
  fail(failure: Failure): void {
    this.show();
    this.state = failure.code.type === 'mayHaveArrived' ? { type: 'mayHaveArrived' } : { type: 'failed', failure };
  }

  /** Whether it still goes on. */
  get open(): boolean {
    return this.state.type === 'sending' || this.state.type === 'answering';
  }

  /** Whether it failed and no agent can have seen it. */
  get neverSent(): boolean {
    return this.state.type === 'failed' && this.reply === '' && NEVER_SENT.has(this.state.failure.code.type);
  }
}
