/**
 * One configuration while it is edited: the server's document, what was made of it, and the draft that survives a crash.
 * Belongs here: edits along a path, form and raw text of the same document, keeping and restoring. Does not belong here: merging
 * and sending (the core, `configSave`), what a schema says, which rows are shown.
 */
import { applyEdits, differences, editsOf, type Difference } from '$lib/config/diff';
import type { Trouble } from '$lib/config/input';
import { isMask } from '$lib/config/masks';
import { at, idOf, move, put, rename, share, shareAlong, type Path } from '$lib/config/place';
import { NotJson, placeIn, readJson, type Mistake } from '$lib/config/read';
import { isObject, isSame, type Json } from '$lib/config/value';
import type { ConfigDraft as Drafted, ConfigView, Failure, InstanceId } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { isSecretKey } from '$lib/schema/nodes';
import { asFailure } from '$lib/text/failure';
import { createContext } from 'svelte';
import { Draft } from './drafts.svelte';

type DraftIpc = Pick<Ipc, 'openConfig' | 'renderConfig' | 'getConfigVersion' | 'getDraft' | 'setDraft'>;

/** How long a person may go on typing before it is written down, or the raw text is read. */
const REST = 400;
/** From so many characters on a document is large. */
const LARGE = 200_000;

export interface Base { version: number; tree: Json; text: string }
/** What was typed into a field and is no value yet. */
export interface Unfinished { path: Path; text: string; trouble: Trouble; value: Json | undefined }
/** Where the raw text stops being a configuration. */
export interface TextMistake { kind: Mistake | 'notAnObject'; offset: number; line: number; column: number }

interface Kept extends Drafted { at: string; typed?: { path: string[]; text: string; trouble: Trouble }[] }

export class ConfigDraft {
  readonly id: InstanceId;
  /** The newest document of the server, as far as is known. */
  view = $state.raw<ConfigView | null>(null);
  failure = $state.raw<Failure | null>(null);
  loading = $state(false);
  /** What the edits stand on; it stays when the server's document moves on. */
  base = $state.raw<Base | null>(null);
  tree = $state.raw<Json>({});
  mode = $state<'form' | 'raw'>('form');
  text = $state.raw('');
  /** Counts the texts that came from outside the editor: each is another document to undo in. */
  textRound = $state(0);
  mistake = $state.raw<TextMistake | null>(null);
  typed = $state.raw<ReadonlyMap<string, Unfinished>>(new Map());
  /** When the draft that was found was made. */
  restoredFrom = $state.raw<string | null>(null);
  /** The version under the found draft is not kept any more: it stands on the newest one. */
  baseLost = $state(false);
  #unread = $state(false);

  readonly changes = $derived<Difference[]>(this.base ? differences(this.base.tree, this.tree) : []);
  readonly secrets = $derived(this.changes.filter(({ path, before, after }) => isSecretKey(path.at(-1) ?? '') || isMask(before) || isMask(after)).length);
  readonly dirty = $derived(this.base !== null && (this.changes.length > 0 || this.typed.size > 0 || this.#unread || (this.mode === 'raw' && this.mistake !== null)));

  readonly #ipc: DraftIpc;
  readonly #kept: Draft;
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #reading: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(ipc: DraftIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.id = id;
    this.#kept = new Draft(ipc, `config:${id}`);
  }

  /** The last write of the draft was refused: it lives only here. */
  get unsaved(): boolean {
    return this.#kept.unsaved;
  }

  /** The server's document is another one than the draft was made from. */
  get outdated(): boolean {
    return this.base !== null && this.view !== null && this.view.version.id !== this.base.version;
  }

  /** Reads the server's document. Edits stay on what they were made from. */
  async open(): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    try {
      const view = await this.#ipc.openConfig(this.id);
      await this.#kept.read;
      // Receiving a large document was a task of some length: reading it is another.
      if (view.document.length > LARGE) await new Promise((done) => setTimeout(done));
      if (asked !== this.#asked) return;
      const isFirst = this.base === null;
      this.view = view;
      this.failure = null;
      if (isFirst || !this.dirty) this.#adopt(view);
      if (isFirst) await this.#restore();
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }

  #adopt(view: ConfigView): void {
    // A large document takes long to read: not twice.
    const tree = this.base?.text === view.document ? this.base.tree : share(this.base?.tree, readJson(view.document));
    this.base = { version: view.version.id, tree, text: view.document };
    this.#show(tree, view.document);
  }

  /** Shows a document with nothing typed over it. */
  #show(tree: Json, text: string): void {
    clearTimeout(this.#reading);
    this.tree = tree;
    this.typed = new Map();
    this.mistake = null;
    this.#unread = false;
    this.#setText(text);
  }

  #setText(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.textRound += 1;
  }

  // --- editing in the form

  set(path: Path, value: Json | undefined): void {
    this.#change(put(this.tree, path, value), path);
  }

  remove(path: Path): void {
    this.#change(put(this.tree, path, undefined), path);
  }

  /** Back to what the server has. */
  revert(path: Path): void {
    if (this.base) this.#change(put(this.tree, path, at(this.base.tree, path)), path);
  }

  /** False: there is another entry of that name. */
  rename(path: Path, to: string): boolean {
    const next = rename(this.tree, path, to);
    if (next === this.tree) return false;
    this.#change(next, path.slice(0, -1));
    return true;
  }

  move(path: Path, to: number): void {
    this.#change(move(this.tree, path, to), path.slice(0, -1));
  }

  /** Text that is no value yet: kept where it stands, and nothing can be saved meanwhile. */
  hold(path: Path, text: string, trouble: Trouble): void {
    this.typed = new Map(this.typed).set(idOf(path), { path, text, trouble, value: at(this.tree, path) });
    this.#touch();
  }

  /** Forgets a text that is no value. */
  release(path: Path): void {
    if (!this.typed.has(idOf(path))) return;
    this.typed = new Map([...this.typed].filter(([id]) => id !== idOf(path)));
    this.#touch();
  }

  #change(next: Json, path: Path): void {
    this.tree = shareAlong(this.base?.tree, next, path);
    if (this.typed.size > 0) this.#dropTyped(idOf(path));
    this.#touch();
  }

  /** A text that is no value has had its time when there is a value, or another one than it was typed over. */
  #dropTyped(replaced: string | null): void {
    const still = [...this.typed].filter(([id, { path, value }]) => id !== replaced && isSame(at(this.tree, path), value));
    if (still.length < this.typed.size) this.typed = new Map(still);
  }

  // --- raw text

  /** Shows the same document as text. Null, or why not. */
  async toRaw(): Promise<Failure | null> {
    if (this.mode === 'raw' || !this.base) return null;
    try {
      this.#setText(this.tree === this.base.tree ? this.base.text : await this.#ipc.renderConfig(this.id, this.asDraft()));
      this.mode = 'raw';
      return null;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }

  /** Shows the text in the form. False: it is no configuration, `mistake` says where. */
  toForm(): boolean {
    if (!this.readText()) return false;
    this.mode = 'form';
    this.#touch();
    return true;
  }

  writeText(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.#unread = true;
    clearTimeout(this.#reading);
    this.#reading = setTimeout(() => this.readText(), REST);
    this.#touch();
  }

  /** Reads the raw text now. False: it is no configuration. */
  readText(): boolean {
    clearTimeout(this.#reading);
    if (this.mode === 'form' || !this.#unread) return this.mistake === null;
    this.#unread = false;
    try {
      const tree = readJson(this.text);
      this.mistake = isObject(tree) ? null : { kind: 'notAnObject', offset: 0, line: 1, column: 1 };
      if (this.mistake === null) this.tree = share(this.base?.tree, tree);
    } catch (thrown) {
      const { mistake, offset } = thrown instanceof NotJson ? thrown : new NotJson('unexpected', 0);
      this.mistake = { kind: mistake, offset, ...placeIn(this.text, offset) };
    }
    this.#dropTyped(null);
    return this.mistake === null;
  }

  // --- the draft

  /** What the core is given: edits on the base, or the text as it was typed. */
  asDraft(): Drafted {
    const base = this.base?.version ?? 0;
    const isText = this.mode === 'raw' && (this.#unread || this.mistake !== null || this.changes.length > 0);
    return isText ? { base, text: this.text, edits: [] } : { base, text: null, edits: this.base ? editsOf(this.base.tree, this.tree) : [] };
  }

  /** Another document in place of this one, as a draft on the newest version. */
  async replaceWith(text: string): Promise<void> {
    if (this.view) this.#adopt(this.view);
    const tree = share(this.base?.tree, readJson(text));
    this.#show(tree, this.base?.text ?? text);
    if (this.mode === 'raw' && this.base) this.#setText(await this.#ipc.renderConfig(this.id, { base: this.base.version, text: null, edits: editsOf(this.base.tree, tree) }));
    this.restoredFrom = null;
    this.#touch();
  }

  /** Back to the server's document. */
  discard(): void {
    if (this.view) this.#adopt(this.view);
    this.restoredFrom = null;
    this.baseLost = false;
    void this.keep();
  }

  /** What was edited is on the server: the draft has had its time. */
  async settle(): Promise<void> {
    this.base = null;
    this.#show({}, '');
    this.restoredFrom = null;
    this.baseLost = false;
    this.#kept.text = '';
    await this.#kept.save();
    await this.open();
  }

  #touch(): void {
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => void this.keep(), REST);
  }

  /** Writes the draft down now. */
  keep(): Promise<void> {
    clearTimeout(this.#keeping);
    if (!this.base) return Promise.resolve();
    const typed = [...this.typed.values()].map(({ path, text, trouble }) => ({ path: [...path], text, trouble }));
    const kept: Kept = { ...this.asDraft(), at: new Date().toISOString(), ...(typed.length > 0 ? { typed } : {}) };
    this.#kept.text = this.dirty ? JSON.stringify(kept) : '';
    return this.#kept.save();
  }

  /** Leaves the screen; what is typed is written down. */
  leave(): Promise<void> {
    clearTimeout(this.#reading);
    return this.dirty || this.#kept.text !== '' ? this.keep() : Promise.resolve();
  }

  async #restore(): Promise<void> {
    const kept = readKept(this.#kept.text);
    if (!kept || !this.base) return;
    if (kept.base !== this.base.version) await this.#standOn(kept.base);
    if (kept.text !== null) {
      this.mode = 'raw';
      this.#setText(kept.text);
      this.#unread = true;
      this.readText();
    } else this.tree = share(this.base.tree, applyEdits(this.base.tree, kept.edits));
    this.typed = new Map((kept.typed ?? []).map(({ path, text, trouble }) => [idOf(path), { path, text, trouble, value: at(this.tree, path) }]));
    if (this.dirty) this.restoredFrom = kept.at;
    else await this.keep();
  }

  async #standOn(version: number): Promise<void> {
    try {
      const text = await this.#ipc.getConfigVersion(this.id, version);
      const tree = readJson(text);
      this.base = { version, tree, text };
      this.#show(tree, text);
    } catch {
      this.baseLost = true;
    }
  }
}

function readKept(text: string): Kept | null {
  try {
    const kept = JSON.parse(text) as Kept;
    return typeof kept.base === 'number' && Array.isArray(kept.edits) ? kept : null;
  } catch {
    return null;
  }
}

export const [getConfigDraft, setConfigDraft] = createContext<ConfigDraft>();
