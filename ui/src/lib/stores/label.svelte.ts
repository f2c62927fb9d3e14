/**
 * What is noted of one instance on this computer: its star, its tags, its note.
 * Belongs here: reading and changing it, and when the note is written. Does not belong here: words, what a tag may be (the core).
 */
import type { Failure, InstanceId, LabelView } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';
import { Draft } from './drafts.svelte';
import { getSession } from './session.svelte';

type LabelIpc = Pick<Ipc, 'getLabel' | 'setStar' | 'setNote' | 'tagInstances' | 'onEvent'>;

/** Why a tag was not taken: the core’s refusal, or that there are as many as there may be. */
export type TagRefusal = { type: 'noTag' } | { type: 'full' } | { type: 'failed'; failure: Failure };

export class InstanceLabel {
  view = $state.raw<LabelView | null>(null);
  /** Why it could not be read. */
  failure = $state.raw<Failure | null>(null);
  /** The note as it is typed; none until what was noted is known, so that nothing is typed over it. */
  note = $state.raw<Draft | null>(null);
  /** The panel of tags is open, whoever opened it. */
  tagging = $state(false);

  readonly #ipc: LabelIpc;
  readonly #id: InstanceId;
  #asked = 0;

  constructor(ipc: LabelIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  get starred(): boolean {
    return this.view?.label.starred ?? false;
  }

  get tags(): readonly string[] {
    return this.view?.label.tags ?? [];
  }

  /** The tags of others, the most used first. */
  get suggestions(): readonly { tag: string; count: number }[] {
    return (this.view?.known ?? []).filter(({ tag }) => !this.tags.includes(tag));
  }

  /** Reads it, and again whenever something was noted elsewhere; returns how to end that. */
  follow(): () => void {
    void this.load();
    const end = this.#ipc.onEvent((event) => {
      if (event.type === 'labelsChanged') void this.load();
    });
    return () => {
      end();
      void this.note?.save();
    };
  }

  async load(): Promise<void> {
    const failure = await this.#take(() => this.#ipc.getLabel(this.#id));
    if (this.view === null) this.failure = failure;
  }

  setStar = (starred: boolean): Promise<Failure | null> => this.#take(() => this.#ipc.setStar(this.#id, starred));

  /** Null when it has the tag, otherwise why not. */
  addTag = (text: string): Promise<TagRefusal | null> => this.#retag([text], []);
  removeTag = (tag: string): Promise<TagRefusal | null> => this.#retag([], [tag]);

  async #retag(add: string[], remove: string[]): Promise<TagRefusal | null> {
    try {
      const { full } = await this.#ipc.tagInstances([this.#id], add, remove);
      if (full.length > 0) return { type: 'full' };
    } catch (thrown) {
      const failure = asFailure(thrown);
      return failure.code.type === 'invalid' ? { type: 'noTag' } : { type: 'failed', failure };
    }
    await this.load();
    return null;
  }

  /** An answer that was overtaken is dropped. */
  async #take(act: () => Promise<LabelView>): Promise<Failure | null> {
    const asked = ++this.#asked;
    try {
      const view = await act();
      if (asked === this.#asked) this.#show(view);
      return null;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }

  /** What is being typed stays; a note that was changed elsewhere takes the place of one that is not. */
  #show(view: LabelView): void {
    const before = this.view?.label.note;
    this.view = view;
    this.failure = null;
    const idle = this.note !== null && !this.note.unsaved && this.note.text === before;
    if (this.note === null || (idle && view.label.note !== before)) this.note = this.#noteOf(view.label.note);
  }

  #noteOf(kept: string): Draft {
    const ipc = this.#ipc;
    const id = this.#id;
    return new Draft({
      getDraft: () => Promise.resolve(kept === '' ? null : kept),
      setDraft: async (_name, text) => { await ipc.setNote(id, text ?? ''); },
    }, `note:${id}`);
  }
}

const known = new WeakMap<Ipc, Map<string, InstanceLabel>>();

/** What is noted of an instance: the same for its header and its screens. Another profile's is another one. */
export function useLabel(id: InstanceId): InstanceLabel {
  const ipc = getIpc();
  const all = known.get(ipc) ?? new Map<string, InstanceLabel>();
  known.set(ipc, all);
  const key = `${getSession().profile?.id ?? ''} ${id}`;
  const label = all.get(key) ?? new InstanceLabel(ipc, id);
  all.set(key, label);
  return label;
}
