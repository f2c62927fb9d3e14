/**
 * What was typed and not yet sent, kept by the core so that nothing typed is ever lost. One Draft per name.
 * Belongs here: when a draft is read and written. Does not belong here: what the text is for.
 */
import type { Ipc } from '$lib/ipc/ipc';

type DraftIpc = Pick<Ipc, 'getDraft' | 'setDraft'>;

/** How long a person may go on typing before the draft is written. */
const REST = 400;

/** Drafts with something unwritten. */
const waiting = new Set<Draft>();

/** Writes everything that was typed a moment ago: before the app is locked. */
export async function flushDrafts(): Promise<void> {
  await Promise.all([...waiting].map((draft) => draft.save()));
}

export class Draft {
  #text = $state('');
  /** Whether the last write was refused: the text lives only here. */
  unsaved = $state(false);
  #touched = false;
  #saved = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  readonly #ipc: DraftIpc;
  readonly #name: string;
  /** Settles when the kept text has been read. */
  readonly read: Promise<void>;

  constructor(ipc: DraftIpc, name: string) {
    this.#ipc = ipc;
    this.#name = name;
    this.read = this.#load();
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#touched = true;
    this.#text = text;
    clearTimeout(this.#timer);
    waiting.add(this);
    this.#timer = setTimeout(() => void this.save(), REST);
  }

  /** Writes now what is not written yet. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    waiting.delete(this);
    const text = this.#text;
    if (text === this.#saved) return this.#writing;
    this.#saved = text;
    // One after the other, so that an older text never lands on a newer one.
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#ipc.setDraft(this.#name, text === '' ? null : text);
        this.unsaved = false;
      } catch {
        this.unsaved = true;
        if (this.#saved === text) this.#saved = '';
      }
    });
    return this.#writing;
  }

  async #load(): Promise<void> {
    try {
      const kept = await this.#ipc.getDraft(this.#name);
      // What was typed meanwhile is newer than what was kept.
      if (this.#touched || kept === null) return;
      this.#saved = kept;
      this.#text = kept;
    } catch {
      // Without a kept text there is an empty field: nothing to tell.
    }
  }
}
