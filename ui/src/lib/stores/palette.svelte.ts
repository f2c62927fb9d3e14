/**
 * The palette while it is open: what was typed, at which step, what was found, which of it is at hand.
 * Belongs here: asking the sources and putting their answers in order. Does not belong here: what they find, how it looks.
 */
import { m } from '$lib/paraglide/messages';
import { findFuzzy } from '$lib/palette/fuzzy';
import type { PaletteItem, PaletteSource, PaletteStep } from '$lib/palette/item';
import { SHOWN, withChosen } from '$lib/palette/recent';

/** How long the list waits for what was chosen lately, in milliseconds. */
const PATIENCE = 150;

export interface PaletteGroup {
  title: string;
  items: PaletteItem[];
  /** Its source could not look. */
  failed?: boolean;
}

/** What was chosen lately, kept outside. */
export interface Recents {
  list: () => readonly string[];
  keep: (recent: string[]) => unknown;
}

export class Palette {
  open = $state(false);
  text = $state('');
  groups = $state.raw<PaletteGroup[]>([]);
  /** Steps that were entered, each with the id of the item that led there. */
  steps = $state.raw<{ step: PaletteStep; root: string }[]>([]);
  at = $state(0);
  /** Somebody was asked and has not answered yet. */
  searching = $state(false);

  readonly step = $derived(this.steps.at(-1)?.step ?? null);
  readonly items = $derived(this.groups.flatMap((group) => group.items));
  readonly chosen = $derived<PaletteItem | null>(this.items[this.at] ?? null);
  readonly failed = $derived(this.groups.some((group) => group.failed));

  readonly #sources: readonly PaletteSource[];
  readonly #recents: Recents;
  /** Answers to what was typed before are dropped. */
  #generation = 0;
  #settled: Promise<unknown> = Promise.resolve();
  #moved = false;
  #answers: (PaletteGroup | null)[] = [];

  constructor(sources: readonly PaletteSource[], recents: Recents) {
    this.#sources = sources;
    this.#recents = recents;
  }

  show(step?: PaletteStep, root = 'passing:step'): void {
    this.open = true;
    this.text = '';
    this.groups = [];
    this.#answers = [];
    this.steps = step ? [{ step, root }] : [];
    this.#look();
  }

  close(): void {
    this.open = false;
    this.#generation += 1;
  }

  type(text: string): void {
    this.text = text;
    this.#look();
  }

  /** Leaves the newest step; false where there is none. */
  back(): boolean {
    if (this.steps.length === 0) return false;
    this.steps = this.steps.slice(0, -1);
    this.text = '';
    this.groups = [];
    this.#look();
    return true;
  }

  move(by: number): void {
    const count = this.items.length;
    if (count > 0) this.point((this.at + by + count) % count);
  }

  /** Goes to a place in the list. */
  point(at: number): void {
    this.at = Math.max(0, Math.min(at, this.items.length - 1));
    this.#moved = true;
  }

  /** Resolves when what was typed has been answered by all. */
  settled = (): Promise<unknown> => this.#settled;

  /** What is to be done for an item: `null` where it stays open, for a next step or since it can not be done. */
  take(item: PaletteItem | null): (() => unknown) | null {
    if (!item || item.silent || item.may?.allowed === false) return null;
    const root = this.steps[0]?.root ?? item.remember ?? item.id;
    if (item.step) {
      this.steps = [...this.steps, { step: item.step, root }];
      this.text = '';
      this.groups = [];
      this.#look();
      return null;
    }
    if (!root.startsWith('passing:')) this.#recents.keep(withChosen(this.#recents.list(), root));
    this.close();
    return item.run ?? null;
  }

  #look(): void {
    const generation = ++this.#generation;
    const text = this.text.trim();
    this.at = 0;
    this.#moved = false;
    const current = () => generation === this.#generation;
    this.searching = true;
    const looking = this.step ? this.#ask(this.step, text, current) : this.#search(text, current);
    this.#settled = looking.then(() => {
      if (current()) this.searching = false;
    });
  }

  async #ask(step: PaletteStep, text: string, current: () => boolean): Promise<void> {
    const group = await answer(step.title, step.find(text));
    if (current()) this.#put([group]);
  }

  async #search(text: string, current: () => boolean): Promise<void> {
    // What a source said of the letters before stays, as far as it fits, until it says something of these.
    const answers = this.#sources.map((_, place): PaletteGroup | null => {
      const before = text === '' ? null : this.#answers[place];
      return before ? { ...before, items: findFuzzy(before.items, text) } : null;
    });
    this.#answers = answers;
    let recent: PaletteItem[] = [];
    const put = () => {
      if (current()) this.#put(arranged(answers.flatMap((group) => group ?? []), recent, text));
    };
    const recalling = text === '' ? this.#recall().then((found) => { recent = found; put(); }) : Promise.resolve();
    // What comes on top is waited for, so that nothing moves under the hand; but not for long.
    if (text === '') await Promise.race([recalling, new Promise((done) => setTimeout(done, PATIENCE))]);
    // Each is shown as it comes: a slow core keeps nobody from an action.
    await Promise.all(this.#sources.map(async (source, place) => {
      answers[place] = await answer(source.title, source.find(text));
      put();
    }));
    await recalling;
  }

  async #recall(): Promise<PaletteItem[]> {
    const found = await Promise.all(this.#recents.list().map(async (id) => {
      const all = await Promise.all(this.#sources.map((source) => source.recall(id).catch(() => null)));
      return all.find((item) => item !== null) ?? null;
    }));
    return found.flatMap((item) => item ?? []).slice(0, SHOWN);
  }

  /** What was pointed at stays at hand, wherever it went. */
  #put(groups: PaletteGroup[]): void {
    const held = this.#moved ? this.chosen?.id : undefined;
    this.groups = groups;
    const place = held === undefined ? -1 : this.items.findIndex(({ id }) => id === held);
    this.at = Math.max(0, place);
  }
}

async function answer(title: string, finding: Promise<PaletteItem[]>): Promise<PaletteGroup> {
  try {
    return { title, items: await finding };
  } catch {
    return { title, items: [], failed: true };
  }
}

/** What was chosen lately first, each thing once; for a text the group with the nearest item leads. */
function arranged(answers: PaletteGroup[], recent: PaletteItem[], text: string): PaletteGroup[] {
  const known = new Set(recent.map(({ id }) => id));
  const groups: PaletteGroup[] = recent.length > 0 ? [{ title: m.palette_section_recent(), items: recent }] : [];
  for (const { title, items, failed } of answers) {
    for (const item of items.filter(({ id }) => !known.has(id))) {
      known.add(item.id);
      const name = item.section ?? title;
      const group = groups.find((one) => one.title === name);
      if (group) group.items.push(item);
      else groups.push({ title: name, items: [item] });
    }
    if (failed) groups.push({ title, items: [], failed });
  }
  if (text === '') return groups;
  const nearest = (group: PaletteGroup) => Math.min(...group.items.map(({ near }) => near ?? 4), 5);
  return groups.sort((a, b) => nearest(a) - nearest(b));
}
