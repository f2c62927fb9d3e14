/**
 * The same message to several instances. It outlives its screen, like the conversations it is made of.
 * Belongs here: who is asked, sending to all at once, stopping, asking again.
 * Does not belong here: the turns themselves (each instance's own Chat has them), the address, looks.
 */
import { FEWEST, MOST, wordsIn } from '$lib/chat/comparison';
import type { Failure, InstanceId, InstanceView, Phase } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { canSend, useChat, whenProfileChanges, type Chat } from './chat.svelte';
import { Draft } from './drafts.svelte';
import { phaseOfStatus } from './instance.svelte';
import type { Turn } from './turn.svelte';

/** What a column has to say about the question. */
export type Standing = { type: 'idle' } | { type: 'asked'; turn: Turn } | { type: 'leftOut'; why: 'busy' | 'blocked' };

const CLOSED: ReadonlySet<Phase> = new Set(['onItsWay', 'failed', 'deleting', 'gone']);

export class Column {
  readonly id: InstanceId;
  readonly chat: Chat;
  view = $state.raw<InstanceView | null>(null);
  /** Why nothing is known of it. */
  failure = $state.raw<Failure | null>(null);
  standing = $state.raw<Standing>({ type: 'idle' });

  constructor(id: InstanceId, chat: Chat) {
    this.id = id;
    this.chat = chat;
  }

  get name(): string {
    const known = this.view?.detail?.value ?? this.view?.summary;
    return known?.agent_name?.trim() || known?.hostname?.trim() || this.id.slice(0, 8);
  }

  get status(): string | null {
    return this.view?.detail?.value.status ?? this.view?.summary?.status ?? null;
  }

  get phase(): Phase {
    return this.missing || this.view?.gone ? 'gone' : phaseOfStatus(this.status);
  }

  /** The platform knows no such instance. */
  get missing(): boolean {
    if (this.failure?.code.type === 'notFound') return true;
    return this.view !== null && this.view.summary === null && this.view.detail === null && this.view.failure?.code.type === 'notFound';
  }

  get blocked(): boolean {
    return CLOSED.has(this.phase);
  }

  get turn(): Turn | null {
    return this.standing.type === 'asked' ? this.standing.turn : null;
  }

  get open(): boolean {
    return this.turn?.open ?? false;
  }

  /** Words of the whole reply; unknown while it still comes. */
  readonly words = (): number | null => (this.turn === null || this.turn.open || this.turn.reply === '' ? null : wordsIn(this.turn.reply));

  /** Sends the message, unless the instance can not take it. Resolves when its turn has ended. */
  ask(message: string): Promise<void> {
    const started = this.blocked ? null : this.chat.start(message);
    this.standing = started ? { type: 'asked', turn: started.turn } : { type: 'leftOut', why: this.blocked ? 'blocked' : 'busy' };
    return started?.ended ?? Promise.resolve();
  }
}

type CompareIpc = Pick<Ipc, 'getInstance' | 'getDraft' | 'setDraft' | 'getSession' | 'onEvent'>;

export class Compare {
  columns = $state.raw<readonly Column[]>([]);
  /** The message of the round on screen. */
  asked = $state<string | null>(null);
  askedAt = $state<string | null>(null);
  draft: Draft = $state.raw() as Draft;
  readonly #ipc: CompareIpc;
  readonly #chatOf: (id: InstanceId) => Chat;

  constructor(ipc: CompareIpc, chatOf: (id: InstanceId) => Chat) {
    this.#ipc = ipc;
    this.#chatOf = chatOf;
    this.draft = new Draft(ipc, 'compare');
    whenProfileChanges(ipc, () => this.#startOver());
    ipc.onEvent((event) => {
      if (event.type !== 'instanceChanged' && event.type !== 'instanceGone') return;
      const column = this.columns.find(({ id }) => id === event.id);
      if (column) void this.#look(column);
    });
  }

  get ids(): InstanceId[] {
    return this.columns.map(({ id }) => id);
  }

  /** Columns whose answer still comes. */
  get open(): number {
    return this.columns.filter((column) => column.open).length;
  }

  /** Columns that would get the next message. */
  get able(): number {
    return this.columns.filter((column) => !column.blocked && column.chat.open === null).length;
  }

  get enough(): boolean {
    return this.columns.length >= FEWEST;
  }

  get full(): boolean {
    return this.columns.length >= MOST;
  }

  /** Makes the columns those of an address. Who stays keeps what was asked. */
  choose(ids: readonly InstanceId[]): void {
    if (ids.join() === this.ids.join()) return;
    const before = new Map(this.columns.map((column) => [column.id, column]));
    this.columns = ids.slice(0, MOST).map((id) => before.get(id) ?? this.#begin(id));
    if (this.columns.every((column) => column.standing.type === 'idle')) this.asked = this.askedAt = null;
  }

  /**
   * Sends what is in the field. It empties once the message is on its way to at least one, and gets the text back where it
   * turns out that it reached nobody. False: nobody could be asked.
   */
  askDraft(): boolean {
    const { draft } = this;
    const text = draft.text;
    const ended = this.ask(text);
    if (ended === null) return false;
    draft.text = '';
    void draft.save();
    void ended.then(() => {
      const turns = this.columns.flatMap(({ turn }) => (turn ? [turn] : []));
      if (draft.text === '' && turns.length > 0 && turns.every((turn) => turn.neverSent)) draft.text = text;
    });
    return true;
  }

  /** Sends to all at once. Resolves when all have ended; null: nobody could be asked. */
  ask(text: string): Promise<unknown> | null {
    if (!canSend(text) || !this.enough || this.open > 0 || this.able === 0) return null;
    this.asked = text;
    this.askedAt = new Date().toISOString();
    return Promise.all(this.columns.map((column) => column.ask(text)));
  }

  /** The same message once more, to all or to one. */
  again(column?: Column): void {
    if (this.asked === null) return;
    if (column) void column.ask(this.asked);
    else void this.ask(this.asked);
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.columns.filter((column) => column.open).map((column) => column.chat.stop()));
  }

  #begin(id: InstanceId): Column {
    const column = new Column(id, this.#chatOf(id));
    void this.#look(column);
    return column;
  }

  async #look(column: Column): Promise<void> {
    try {
      column.view = await this.#ipc.getInstance(column.id);
      column.failure = null;
    } catch (thrown) {
      column.failure = asFailure(thrown);
    }
  }

  #startOver(): void {
    this.columns = [];
    this.asked = this.askedAt = null;
    this.draft = new Draft(this.#ipc, 'compare');
  }
}

const known = new WeakMap<Ipc, Compare>();

/** The comparison of the door in context: coming back shows it as it was left. */
export function useCompare(ipc: Ipc = getIpc()): Compare {
  const compare = known.get(ipc) ?? new Compare(ipc, (id) => useChat(id, ipc));
  known.set(ipc, compare);
  return compare;
}
