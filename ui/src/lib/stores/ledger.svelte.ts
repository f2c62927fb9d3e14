/**
 * What was done from this computer, newest first, as far as it was asked for; and whether the record is whole.
 * Belongs here: reading, going on to older lines, checking. Does not belong here: words, addresses, files (the screen).
 */
import type { Failure, LedgerLine, LedgerPage, LedgerQuery, LedgerVerdict } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type LedgerIpc = Pick<Ipc, 'showLedger' | 'getLedgerVerdict' | 'verifyLedger' | 'onEvent'>;

/** Lines read at a time. */
export const PAGE = 100;
/** What happens is often followed by more at once: read again after this time, in milliseconds. */
const SOON = 300;

export const EVERYTHING: LedgerQuery = { acts: [], outcomes: [], profile: null, target: null, from: null, until: null, text: '' };

export class Ledger {
  lines = $state.raw<readonly LedgerLine[]>([]);
  /** Counts and what can be chosen from; null until it was read for the first time. */
  facts = $state.raw<Omit<LedgerPage, 'lines'> | null>(null);
  /** Why the newest reading failed. What was read before stays. */
  failure = $state.raw<Failure | null>(null);
  verdict = $state.raw<LedgerVerdict | null>(null);
  verifying = $state(false);
  reading = $state(false);

  readonly #ipc: LedgerIpc;
  #query: LedgerQuery = EVERYTHING;
  #generation = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ipc: LedgerIpc) {
    this.#ipc = ipc;
  }

  /** Reads again when something happened; returns what ends it. */
  follow(): () => void {
    const end = this.#ipc.onEvent(({ type }) => {
      if (!['instanceChanged', 'instanceGone', 'deployChanged', 'sessionChanged'].includes(type)) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.read(), SOON);
    });
    void this.#ipc.getLedgerVerdict().then(
      (verdict) => { if (verdict) this.verdict ??= verdict; else void this.verify().catch(() => undefined); },
      () => undefined, // The button asks again.
    );
    return () => {
      clearTimeout(this.#timer);
      this.#generation += 1;
      end();
    };
  }

  /** Another question; an answer to the one before is dropped. */
  ask(query: LedgerQuery): Promise<void> {
    if (JSON.stringify(query) !== JSON.stringify(this.#query)) this.lines = [];
    this.#query = query;
    return this.read();
  }

  /** The newest lines, as many as are here. */
  read(): Promise<void> {
    return this.#load(0, Math.min(500, Math.max(PAGE, this.lines.length)));
  }

  /** Older lines, behind those that are here. */
  more(): Promise<void> {
    return this.#load(this.lines.length, PAGE);
  }

  async verify(): Promise<LedgerVerdict> {
    this.verifying = true;
    try {
      this.verdict = await this.#ipc.verifyLedger();
      return this.verdict;
    } finally {
      this.verifying = false;
    }
  }

  async #load(offset: number, limit: number): Promise<void> {
    const generation = ++this.#generation;
    this.reading = true;
    try {
      const { lines, ...facts } = await this.#ipc.showLedger(this.#query, offset, limit);
      if (generation !== this.#generation) return;
      // What was read before stays in front; lines that came meanwhile moved the older ones: none is there twice.
      const known = new Set(this.lines.map(({ seq }) => seq));
      this.lines = offset === 0 ? lines : [...this.lines, ...lines.filter(({ seq }) => !known.has(seq))];
      this.facts = facts;
      this.failure = null;
    } catch (thrown) {
      if (generation === this.#generation) this.failure = asFailure(thrown);
    } finally {
      if (generation === this.#generation) this.reading = false;
    }
  }
}
