/**
 * What went wrong inside the app: an error of the page, a part of the core that failed, a run that ended without a word.
 * Belongs here: hearing of it, having it written to the log under a reference. Does not belong here: words, looks.
 */
import type { UnexpectedEnd } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { createContext } from 'svelte';

type MishapIpc = Pick<Ipc, 'noteMishap' | 'getUnexpectedEnd' | 'onEvent'>;

export interface Mishap { /** What the log calls it; null where it could not be written. */ reference: string | null }

/** Browsers report these two although nothing is wrong. */
const HARMLESS = /ResizeObserver loop/;
/** One notice a cause: what comes within this time, in milliseconds, is the same accident. */
const TOGETHER = 2_000;

/** What was thrown, with where; never more than a log can take. */
export function thrownText(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}\n${thrown.stack ?? ''}` : typeof thrown === 'string' ? thrown : JSON.stringify(thrown);
  return (text ?? String(thrown)).slice(0, 4_000);
}

export class Mishaps {
  current = $state.raw<Mishap | null>(null);
  ended = $state.raw<UnexpectedEnd | null>(null);
  readonly #ipc: MishapIpc;
  readonly #now: () => number;
  #at = -Infinity;

  constructor(ipc: MishapIpc, now: () => number = Date.now) {
    this.#ipc = ipc;
    this.#now = now;
  }

  /** Listens to page and core; returns what ends it. */
  follow(frame: Window = window): () => void {
    const onError = (event: ErrorEvent) => { if (!HARMLESS.test(event.message)) void this.note(event.error ?? event.message); };
    const onRejection = (event: PromiseRejectionEvent) => void this.note(event.reason);
    frame.addEventListener('error', onError);
    frame.addEventListener('unhandledrejection', onRejection);
    const end = this.#ipc.onEvent((event) => { if (event.type === 'broke') this.current = { reference: event.reference }; });
    this.#ipc.getUnexpectedEnd().then((ended) => { this.ended = ended; }, () => undefined);
    return () => {
      frame.removeEventListener('error', onError);
      frame.removeEventListener('unhandledrejection', onRejection);
      end();
    };
  }

  /** Writes down what was thrown, and shows that it was; returns the reference. */
  async note(thrown: unknown): Promise<string | null> {
    const now = this.#now();
    if (now - this.#at < TOGETHER && this.current) return this.current.reference;
    this.#at = now;
    this.current = { reference: null };
    const reference = await this.#ipc.noteMishap(thrownText(thrown)).catch(() => null);
    this.current = { reference };
    return reference;
  }

  dismiss(): void {
    this.current = null;
    this.ended = null;
  }
}

export const [getMishaps, setMishaps] = createContext<Mishaps>();
