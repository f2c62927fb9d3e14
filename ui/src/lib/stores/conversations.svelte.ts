/**
 * The conversations of one instance while its tab is open, and one of them while it is read.
 * Belongs here: asking, searching what came, dropping it all when the door closes.
 * Does not belong here: whether it may be read (consent.svelte.ts), how a message looks, files.
 */
import { matchingMessages, matchingRows } from '$lib/conversations/search';
import type { ConversationRow, ConversationsView, Failure, InstanceId, TranscriptView } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { createContext } from 'svelte';
import type { Consent } from './consent.svelte';
import { RowCursor, rowAfterKey } from './rowCursor.svelte';

/** How many the platform may be asked for; it takes 1 to 100. */
export const LIMITS = [20, 50, 100] as const;
export type Limit = (typeof LIMITS)[number];

/** The limit that a text asks for, or the smallest. */
export const limitOf = (text: string | null): Limit => LIMITS.find((limit) => String(limit) === text) ?? LIMITS[0];

type ListIpc = Pick<Ipc, 'listConversations'>;
type ReaderIpc = Pick<Ipc, 'getConversation'>;

export class Conversations {
  view = $state.raw<ConversationsView | null>(null);
  failure = $state.raw<Failure | null>(null);
  loading = $state(false);
  limit = $state<Limit>(LIMITS[0]);
  query = $state('');
  readonly cursor = new RowCursor();

  readonly rows = $derived<ConversationRow[]>(matchingRows(this.view?.rows ?? [], this.query));
  /** The answer is no list that we know: it is shown as it is. */
  readonly foreign = $derived(this.view !== null && this.view.rows.length === 0 && this.view.other !== null && this.view.other !== undefined);

  readonly #ipc: ListIpc;
  readonly #id: InstanceId;
  readonly #consent: Consent;
  #asked = 0;

  constructor(ipc: ListIpc, id: InstanceId, consent: Consent) {
    this.#ipc = ipc;
    this.#id = id;
    this.#consent = consent;
  }

  /** Asks the platform. Whether it answered or refused also says whether it may be read. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    if (this.view === null) this.failure = null;
    try {
      const view = await this.#ipc.listConversations(this.#id, this.limit);
      if (asked !== this.#asked) return;
      this.view = view;
      this.failure = null;
      this.cursor.follow(this, this.rows.length);
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.failure = asFailure(thrown);
      if (this.failure.code.type === 'notAllowed') this.view = null;
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
    await this.#consent.load();
  }

  ask(limit: Limit): void {
    if (limit === this.limit && (this.view !== null || this.loading)) return;
    this.limit = limit;
    void this.load();
  }

  /** Forgets what was read. */
  drop(): void {
    this.#asked += 1;
    this.loading = false;
    this.view = null;
    this.failure = null;
  }

  row = (index: number): ConversationRow | undefined => this.rows[index];

  indexOf = (id: string): number | null => {
    const index = this.rows.findIndex((row) => row.id === id);
    return index < 0 ? null : index;
  };

  /** Moves the row under the keyboard; false when the key is none of lists. */
  press(key: string, page: number): boolean {
    const to = rowAfterKey(key, this.cursor.index, this.rows.length, page);
    if (to !== null) this.cursor.move(to, this, this.rows.length);
    return to !== null;
  }
}

export class Transcript {
  view = $state.raw<TranscriptView | null>(null);
  failure = $state.raw<Failure | null>(null);
  loading = $state(false);
  query = $state('');
  /** Which of the hits is looked at. */
  at = $state(0);

  readonly hits = $derived(matchingMessages(this.view?.messages ?? [], this.query));
  /** The message that is looked at. */
  readonly hit = $derived<number | null>(this.hits[this.at] ?? null);

  readonly #ipc: ReaderIpc;
  readonly #id: InstanceId;
  readonly #conversation: string;
  readonly #consent: Consent;

  constructor(ipc: ReaderIpc, id: InstanceId, conversation: string, consent: Consent) {
    this.#ipc = ipc;
    this.#id = id;
    this.#conversation = conversation;
    this.#consent = consent;
  }

  async load(): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    try {
      this.view = await this.#ipc.getConversation(this.#id, this.#conversation);
      this.failure = null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
      if (this.failure.code.type === 'notAllowed') {
        this.view = null;
        await this.#consent.load();
      }
    } finally {
      this.loading = false;
    }
  }

  search(text: string): void {
    this.query = text;
    this.at = 0;
  }

  /** To the next hit (1) or the one before (-1), round and round. */
  step(by: 1 | -1): void {
    const count = this.hits.length;
    if (count > 0) this.at = (this.at + by + count) % count;
  }
}

/** The list of the open tab: the reader goes back to it as it was. */
export const [getConversations, setConversations] = createContext<Conversations>();
