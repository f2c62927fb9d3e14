/**
 * The conversation with one agent. It outlives its screen: leaving in mid-answer loses nothing.
 * Belongs here: the turns in order, sending, stopping, and what becomes of the typed text.
 * Does not belong here: how text is read or shown, whether a platform would accept it (the core).
 */
import type { Exchange, Failure, InstanceId } from '$lib/ipc/bindings';

import { getIpc } from '$lib/ipc/context';
import { asFailure } from '$lib/text/failure';
import type { Ipc } from '$lib/ipc/ipc';
import { Draft } from './drafts.svelte';
import { Turn } from './turn.svelte';

/** Longest message in characters, counted as the platform counts them. */
export const MESSAGE_LIMIT = 8_000;
/** From here on the count warns. */
export const MESSAGE_WARNING = 7_500;
/** A frame that took this long earns a rest of eight times as long, up to the longest. */
const REST_FACTOR = 8;
const LONGEST_REST = 1_500;

type ChatIpc = Pick<Ipc, 'getTranscript' | 'sendMessage' | 'stopWaiting' | 'clearTranscript' | 'getDraft' | 'setDraft'>;
/** When parts are shown: given from outside, since a test has no frames. */
export type Frames = { next: (show: () => void) => void; now: () => number; after: (ms: number, show: () => void) => void };

const BROWSER: Frames = {
  next: (show) => void requestAnimationFrame(show),
  now: () => performance.now(),
  after: (ms, show) => void setTimeout(show, ms),
};

/** How many characters a message has: code points, not halves of them. */
export function countCharacters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    if ((text.codePointAt(at) ?? 0) > 0xffff) at += 1;
    count += 1;
  }
  return count;
}

export class Chat {
  turns = $state.raw<readonly Turn[]>([]);
  /** Whether the kept conversation has been read. */
  loaded = $state(false);
  /** Why the kept conversation could not be read. */
  failure = $state.raw<Failure | null>(null);
  /** Wishes to stop that the core has not yet answered. */
  stopping = $state(false);
  /** What is announced to those who listen: the end of a turn, once. */
  announced = $state.raw<{ turn: Turn } | null>(null);
  readonly draft: Draft;
  readonly #ipc: ChatIpc;
  readonly #id: InstanceId;
  readonly #frames: Frames;
  #scheduled = false;

  constructor(ipc: ChatIpc, id: InstanceId, frames: Frames = BROWSER) {
    this.#ipc = ipc;
    this.#id = id;
    this.#frames = frames;
    this.draft = new Draft(ipc, `chat:${id}`);
  }

  /** The turn that still goes on, if any. */
  get open(): Turn | null {
    return this.turns.findLast((turn) => turn.open) ?? null;
  }

  /** When an agent last proved that it answers. */
  get provenAt(): string | null {
    const turn = this.turns.findLast((one) => one.state.type === 'complete');
    if (turn === undefined) return null;
    const sent = Date.parse(turn.sentAt);
    return Number.isNaN(sent) ? null : new Date(sent + (turn.tookMs ?? 0)).toISOString();
  }

  /** Reads the kept conversation. Turns under way here are newer than what was kept. */
  async load(): Promise<void> {
    try {
      const kept = await this.#ipc.getTranscript(this.#id);
      const known = new Map(this.turns.map((turn) => [turn.id, turn]));
      const turns = kept.map((exchange) => this.#keep(exchange, known));
      const ids = new Set(kept.map((exchange) => exchange.id));
      this.turns = turns.concat(this.turns.filter((turn) => !ids.has(turn.id) && turn.ours));
      this.loaded = true;
      this.failure = null;
    } catch (problem) {
      this.failure = asFailure(problem);
    }
  }

  /** Sends what is in the field. The field empties once the message is among the turns. */
  async sendDraft(): Promise<void> {
    const text = this.draft.text;
    if (!canSend(text) || this.open !== null) return;
    const sent = this.send(text);
    this.draft.text = '';
    void this.draft.save();
    await sent;
  }

  /** Sends a text as a turn of its own. Resolves when the turn has ended, whatever its end. */
  async send(text: string): Promise<void> {
    const started = this.start(text);
    await started?.ended;
    if (started?.turn.neverSent) await this.#giveBack(started.turn);
  }

  /** The same for one who keeps the text: nothing is put back into the field. Null: it can not be sent now. */
  start(text: string): { turn: Turn; ended: Promise<void> } | null {
    if (!canSend(text) || this.open !== null) return null;
    const turn = new Turn({ id: crypto.randomUUID(), sentAt: new Date().toISOString(), message: text, reply: '', state: { type: 'sending' }, tookMs: null, tokens: null }, true);
    this.turns = [...this.turns, turn];
    return { turn, ended: this.#take(turn) };
  }

  async #take(turn: Turn): Promise<void> {
    const start = this.#frames.now();
    try {
      turn.take(await this.#ipc.sendMessage(this.#id, turn.id, turn.message, (part) => {
        if (!turn.open) return;
        turn.hear(part, this.#frames.now() - start);
        this.#schedule();
      }));
    } catch (problem) {
      turn.fail(asFailure(problem));
    }
    this.stopping = false;
    this.announced = { turn };
  }

  /** Stops waiting for the answer. The agent may go on. */
  async stop(): Promise<void> {
    if (this.open === null || this.stopping) return;
    this.stopping = true;
    try {
      await this.#ipc.stopWaiting(this.#id);
    } catch {
      // Nothing was stopped: the turn goes on, and the button can be pressed again.
      this.stopping = false;
    }
  }

  /** Forgets this computer's copy. */
  async clear(): Promise<Failure | null> {
    try {
      await this.#ipc.clearTranscript(this.#id);
      this.turns = this.turns.filter((turn) => turn.open);
      return null;
    } catch (problem) {
      return asFailure(problem);
    }
  }

  #keep(exchange: Exchange, known: Map<string, Turn>): Turn {
    const turn = known.get(exchange.id);
    if (turn === undefined) return new Turn(exchange, false);
    if (!turn.ours) turn.take(exchange);
    return turn;
  }

  /** Puts the text of a message that never left back into the field, unless something else is there by now. */
  async #giveBack(turn: Turn): Promise<void> {
    await this.draft.read;
    if (this.draft.text !== '') return;
    this.draft.text = turn.message;
    turn.returned = true;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#frames.next(() => {
      const start = this.#frames.now();
      for (const turn of this.turns) if (turn.open) turn.show();
      // What the change costs is known by the frame after it; a dear one is followed by a rest.
      this.#frames.next(() => {
        const rest = Math.min(LONGEST_REST, (this.#frames.now() - start - 17) * REST_FACTOR);
        const again = (): void => {
          this.#scheduled = false;
          if (this.turns.some((turn) => turn.open && turn.waits)) this.#schedule();
        };
        if (rest > 0) this.#frames.after(rest, again);
        else again();
      });
    });
  }
}

/** Whether a text is a message: not empty, not too long. */
export function canSend(text: string): boolean {
  return text.trim() !== '' && countCharacters(text) <= MESSAGE_LIMIT;
}

const chats = new WeakMap<Ipc, Map<InstanceId, Chat>>();

/** The conversation with an instance: the same one for every screen, for as long as the profile stays. */
export function useChat(id: InstanceId, ipc: Ipc = getIpc()): Chat {
  const known = chats.get(ipc) ?? keepPerProfile(ipc);
  const chat = known.get(id) ?? new Chat(ipc, id);
  known.set(id, chat);
  return chat;
}

/** Another profile has other conversations: those of the one before are let go. */
function keepPerProfile(ipc: Ipc): Map<InstanceId, Chat> {
  const known = new Map<InstanceId, Chat>();
  chats.set(ipc, known);
  whenProfileChanges(ipc, () => known.clear());
  return known;
}

/** Tells when another profile is opened than the one before. */
export function whenProfileChanges(ipc: Pick<Ipc, 'getSession' | 'onEvent'>, act: () => void): void {
  let profile: string | null | undefined;
  const look = async (): Promise<void> => {
    const now = await ipc.getSession().then((session) => session.profile?.id ?? null, () => undefined);
    if (now !== undefined && profile !== undefined && now !== profile) act();
    if (now !== undefined) profile = now;
  };
  void look();
  ipc.onEvent((event) => {
    if (event.type === 'sessionChanged') void look();
  });
}
