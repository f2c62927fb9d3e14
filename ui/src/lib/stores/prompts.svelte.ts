/**
 * The prompts of this computer. Belongs here: reading, keeping, deleting, bringing back.
 * Does not belong here: their blanks and limits (lib/chat/prompts.ts), the dialog.
 */
import type { Failure, Prompt } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type PromptsIpc = Pick<Ipc, 'listPrompts' | 'savePrompt' | 'deletePrompt'>;

export class Prompts {
  list = $state.raw<readonly Prompt[]>([]);
  loaded = $state(false);
  /** Why they could not be read. */
  failure = $state.raw<Failure | null>(null);
  readonly #ipc: PromptsIpc;
  #asked = 0;

  constructor(ipc: PromptsIpc) {
    this.#ipc = ipc;
  }

  async load(): Promise<void> {
    this.failure = await this.#take(() => this.#ipc.listPrompts());
  }

  /** Keeps a prompt: a new one without an id. Null when it is kept, otherwise why not. */
  save(prompt: { id?: string; title: string; text: string }): Promise<Failure | null> {
    const { id = crypto.randomUUID(), title, text } = prompt;
    return this.#take(() => this.#ipc.savePrompt({ id, title: title.trim(), text, updatedAt: new Date().toISOString() }));
  }

  delete(id: string): Promise<Failure | null> {
    return this.#take(() => this.#ipc.deletePrompt(id));
  }

  /** Each act answers with the whole list; an answer that was overtaken is dropped. */
  async #take(act: () => Promise<Prompt[]>): Promise<Failure | null> {
    const asked = ++this.#asked;
    try {
      const list = await act();
      if (asked === this.#asked) {
        this.list = list;
        this.loaded = true;
        this.failure = null;
      }
      return null;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }
}

const known = new WeakMap<Ipc, Prompts>();

/** The prompts of the door in context: the same for every field. */
export function usePrompts(ipc: Ipc = getIpc()): Prompts {
  const prompts = known.get(ipc) ?? new Prompts(ipc);
  known.set(ipc, prompts);
  return prompts;
}
