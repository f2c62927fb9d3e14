/**
 * Edits of a document whose fields are sent whole: what the server has, what was made of it, and the draft that survives a crash.
 * Belongs here: edits along a path, which fields were touched, standing on a newer server, keeping and restoring.
 * Does not belong here: reading and sending (`platformConfigSending`), what the fields mean.
 */
import { at, idOf, put, type Path } from '$lib/config/place';
import { isObject, isSame, type Json, type JsonObject } from '$lib/config/value';
import type { ConfigChange } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { changesOf, countByField } from '$lib/platform/changes';
import type { Trouble } from '$lib/platform/input';
import { rebase } from '$lib/platform/rebase';
import { inexactPaths, maskPaths } from '$lib/platform/secrets';
import { Draft } from './drafts.svelte';

/** What was typed and is no value yet. */
export interface Unfinished { path: Path; text: string; trouble: Trouble }
interface Kept { at: string; base: JsonObject; mine: JsonObject; typed: Unfinished[]; contested: string[] }

const REST = 400;

const pick = (document: JsonObject, fields: readonly string[]): JsonObject =>
  Object.fromEntries(fields.flatMap((field) => (Object.hasOwn(document, field) ? [[field, document[field] as Json] as const] : [])));

export class FieldEdits {
  readonly #ordered: ReadonlySet<string>;
  readonly #whole: boolean;
  readonly #kept: Draft;
  /** What the server has, as far as is known: edits stand on it. */
  base = $state.raw<JsonObject | null>(null);
  tree = $state.raw<JsonObject>({});
  typed = $state.raw<ReadonlyMap<string, Unfinished>>(new Map());
  /** Fields that became others on the server at a place that was edited here, and nobody has decided yet. */
  contested = $state.raw<ReadonlySet<string>>(new Set());
  /** When the draft that was found was made. */
  restoredFrom = $state.raw<string | null>(null);

  readonly touched = $derived.by<string[]>(() => {
    const { base, tree } = this;
    return base === null ? [] : [...new Set([...Object.keys(base), ...Object.keys(tree)])].filter((field) => !isSame(base[field], tree[field]));
  });
  readonly dirty = $derived(this.touched.length > 0 || this.typed.size > 0);
  readonly changes = $derived.by<ConfigChange[]>(() => (this.base ? changesOf(this.base, this.tree, this.#ordered) : []));
  readonly counts = $derived(countByField(this.changes));

  #keeping: ReturnType<typeof setTimeout> | undefined;
  /** Two reads at once share one restoring: the second stands on what the first found. */
  #restoring: Promise<void> | null = null;

  /** `ordered`: fields whose order counts. `whole`: all fields are sent, not the touched ones alone. */
  constructor(ipc: Pick<Ipc, 'getDraft' | 'setDraft'>, name: string, ordered: readonly string[], whole = false) {
    this.#ordered = new Set(ordered);
    this.#whole = whole;
    this.#kept = new Draft(ipc, name);
  }

  /** The last write of the draft was refused: it lives only here. */
  get unsaved(): boolean {
    return this.#kept.unsaved;
  }

  /** The fields that would be sent. */
  readonly sent = $derived.by<readonly string[]>(() => (this.#whole ? Object.keys(this.tree) : this.touched));
  /** Masks in what would be sent: they must be typed anew, or go. */
  readonly masks = $derived(this.sent.flatMap((field) => maskPaths(this.tree[field], [field])));
  readonly inexact = $derived(this.sent.flatMap((field) => inexactPaths(this.tree[field], [field])));

  /** Takes over what the server has now; edits stay, on top of it. */
  async adopt(server: JsonObject): Promise<void> {
    this.#restoring ??= this.#restore(server);
    await this.#restoring;
    this.#standOn(server);
    if (!this.dirty) this.restoredFrom = null;
  }

  async #restore(server: JsonObject): Promise<void> {
    await this.#kept.read;
    const kept = readKept(this.#kept.text);
    this.base = server;
    this.tree = server;
    if (!kept) return;
    this.base = { ...server, ...kept.base };
    this.tree = { ...server, ...kept.mine };
    this.contested = new Set(kept.contested);
    this.typed = new Map(kept.typed.map((one) => [idOf(one.path), one]));
    this.restoredFrom = kept.at;
  }

  #standOn(server: JsonObject): void {
    const { base, tree, touched } = this;
    if (base === null || isSame(base, server)) return;
    const contested = new Set([...this.contested].filter((field) => touched.includes(field)));
    const mine = new Map<string, Json | undefined>();
    for (const field of touched) {
      const merged = rebase(base[field], tree[field], server[field], this.#ordered.has(field));
      mine.set(field, merged.value);
      if (merged.contested) contested.add(field);
    }
    this.base = server;
    let next: JsonObject = server;
    for (const [field, value] of mine) next = put(next, [field], value) as JsonObject;
    this.tree = next;
    this.contested = new Set([...contested].filter((field) => this.touched.includes(field)));
    if (touched.length > 0) this.#touch();
  }

  // --- editing

  set(path: Path, value: Json | undefined): void {
    const next = put(this.tree, path, value);
    if (!isObject(next)) return;
    this.tree = next;
    this.#settleTyped(path);
    this.#touch();
  }

  /** Back to what the server has. */
  revert(path: Path): void {
    this.release(path);
    if (this.base) this.set(path, at(this.base, path));
    if (path.length === 1) this.#decided(path[0] ?? '');
  }

  /** Text that is no value yet: it stays where it stands, and nothing can be sent meanwhile. */
  hold(path: Path, text: string, trouble: Trouble): void {
    this.typed = new Map(this.typed).set(idOf(path), { path: [...path], text, trouble });
    this.#touch();
  }

  release(path: Path): void {
    if (!this.typed.has(idOf(path))) return;
    this.typed = new Map([...this.typed].filter(([id]) => id !== idOf(path)));
    this.#touch();
  }

  /** A value, or the lack of its place, ends what was typed there and below. */
  #settleTyped(path: Path): void {
    const id = idOf(path);
    const left = [...this.typed].filter(([key]) => key !== id && !key.startsWith(`${id}/`));
    if (left.length < this.typed.size) this.typed = new Map(left);
  }

  /** A contested field: mine is sent, or theirs stands. */
  keepMine(field: string): void {
    this.#decided(field);
    this.#touch();
  }

  #decided(field: string): void {
    this.contested = new Set([...this.contested].filter((other) => other !== field));
  }

  discard(): void {
    this.tree = this.base ?? {};
    this.typed = new Map();
    this.contested = new Set();
    this.restoredFrom = null;
    void this.keep();
  }

  /** What was sent is on the server, and this is what it has now. */
  async settle(server: JsonObject): Promise<void> {
    this.base = server;
    this.discard();
    await this.keep();
  }

  // --- the draft

  #touch(): void {
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => void this.keep(), REST);
  }

  /** Writes the draft down now. */
  keep(): Promise<void> {
    clearTimeout(this.#keeping);
    if (!this.base) return Promise.resolve();
    // A field that is gone from mine is kept as null: the edit must not be lost with the key.
    const gone = this.touched.filter((field) => !Object.hasOwn(this.tree, field));
    const kept: Kept = {
      at: this.restoredFrom ?? new Date().toISOString(),
      base: pick(this.base, this.touched), mine: { ...pick(this.tree, this.touched), ...Object.fromEntries(gone.map((field) => [field, null])) },
      typed: [...this.typed.values()], contested: [...this.contested],
    };
    this.#kept.text = this.dirty ? JSON.stringify(kept) : '';
    return this.#kept.save();
  }

  /** Leaves the screen; what is typed is written down. */
  leave(): Promise<void> {
    return this.keep();
  }
}

function readKept(text: string): Kept | null {
  try {
    const kept = JSON.parse(text) as Kept;
    return isObject(kept.base) && isObject(kept.mine) && Array.isArray(kept.typed) && Array.isArray(kept.contested) ? kept : null;
  } catch {
    return null;
  }
}
