/**
 * What the form shows of a draft: the chosen section, what changed, or what was found. Belongs here: sections, rows, search and
 * where the focus is wanted. Does not belong here: how rows are made (`lib/config/rows`), editing (`configDraft`).
 */
import { placesOf } from '$lib/config/diff';
import { Outline, type Place } from '$lib/config/outline';
import { idOf, type Path } from '$lib/config/place';
import { FormRows, type Row } from '$lib/config/rows';
import { search, type Hits } from '$lib/config/search';
import { groupOf, labelOf } from '$lib/schema/nodes';
import type { Schema } from '$lib/schema/schema';
import { createContext, untrack } from 'svelte';
import type { ConfigDraft } from './configDraft.svelte';

export interface Section { key: string; label: string; group: string | null; isSet: boolean; changes: number; hits: number | null }

/** How long one slice of a search may take, in milliseconds. */
const SLICE = 8;
/** How long a person may go on typing before the search begins. */
const REST = 150;

export class ConfigForm {
  query = $state('');
  onlyChanged = $state(false);
  hits = $state.raw<Hits | null>(null);
  searching = $state(false);
  /** The row that is to be shown and focused as soon as it is there. */
  wanted = $state<string | null>(null);
  #chosen = $state<string | null>(null);
  #turned = $state(0);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #draft: ConfigDraft;
  readonly #schema: () => Schema;

  readonly #outline = $derived.by(() => new Outline(this.#schema(), this.#draft.base?.tree ?? {}));
  #last: FormRows | undefined;
  readonly #forms = $derived.by(() => (this.#last = new FormRows(this.#outline, untrack(() => this.#last))));

  constructor(draft: ConfigDraft, schema: () => Schema) {
    this.#draft = draft;
    this.#schema = schema;
  }

  /** The outline of the document as it is now. */
  get #now(): Outline {
    const outline = this.#outline;
    outline.follow(this.#draft.tree);
    return outline;
  }

  readonly sections = $derived.by<Section[]>(() => {
    const count = new Map<string, number>();
    for (const { path } of this.#draft.changes) count.set(path[0] ?? '', (count.get(path[0] ?? '') ?? 0) + 1);
    const found = this.hits && this.query.trim() !== '' ? countBySection(this.hits.hits) : null;
    const outline = this.#now;
    return outline.children(outline.root).map(({ id, key, schema, value }) => ({
      key, label: labelOf(schema, key), group: groupOf(schema), isSet: value !== undefined, changes: count.get(key) ?? 0, hits: found ? (found.get(id) ?? 0) : null,
    }));
  });

  get section(): string {
    const chosen = this.sections.find(({ key }) => key === this.#chosen);
    return (chosen ?? this.sections.find(({ isSet }) => isSet) ?? this.sections[0])?.key ?? '';
  }

  /** The place of the chosen section. */
  readonly place = $derived.by<Place | undefined>(() => {
    const outline = this.#now;
    return outline.children(outline.root).find(({ key }) => key === this.section);
  });

  /** Whether rows of many sections are shown. */
  get scattered(): boolean {
    return this.onlyChanged || (this.query.trim() !== '' && this.hits !== null);
  }

  readonly rows = $derived.by<Row[]>(() => {
    void this.#turned;
    const forms = this.#forms;
    void this.#now;
    if (this.onlyChanged) return forms.found(placesOf(this.#draft.changes));
    if (this.query.trim() !== '' && this.hits) return forms.found(this.hits);
    return forms.section(this.section);
  });

  choose(key: string): void {
    this.#chosen = key;
    this.onlyChanged = false;
    this.ask('');
  }

  turn(id: string, open: boolean): void {
    this.#forms.turn(id, open);
    this.#turned += 1;
  }

  /** Shows a place, wherever it is, with the focus on it. */
  show(path: Path): void {
    this.choose(path[0] ?? '');
    void this.#now;
    this.#forms.reveal(path);
    this.#turned += 1;
    this.wanted = idOf(path);
  }

  /** What a new entry of a place would be. */
  schemaOfNew(place: Place, key: string): Schema {
    return this.#now.schemaOfNew(place, key);
  }

  /** Searches when the hand rests. */
  ask(query: string): void {
    this.query = query;
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.searching = query.trim() !== '';
    if (this.searching) this.#timer = setTimeout(() => void this.#search(query), REST);
    else this.hits = null;
  }

  async #search(query: string): Promise<void> {
    const asked = ++this.#asked;
    const steps = search(this.#now, query);
    for (let slice = performance.now(); ;) {
      const step = steps.next();
      if (step.done) {
        this.hits = step.value;
        break;
      }
      if (performance.now() - slice < SLICE) continue;
      await new Promise((next) => setTimeout(next));
      if (asked !== this.#asked) return;
      slice = performance.now();
    }
    this.searching = false;
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }
}

function countBySection(ids: ReadonlySet<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const end = id.indexOf('/', 1);
    const section = end < 0 ? id : id.slice(0, end);
    counts.set(section, (counts.get(section) ?? 0) + 1);
  }
  return counts;
}

export const [getConfigForm, setConfigForm] = createContext<ConfigForm>();
