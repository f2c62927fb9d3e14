/**
 * A filter while a person works on it: finished terms are chips, the rest is text in a field.
 * Belongs here: what becomes a chip and when, what of the text has a problem, what completion puts in.
 * Does not belong here: what a filter means (the core), the field, its caret and its list (the screen).
 */
import type { FilterProblem, FilterReading, FilterTerm, Suggestion } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';

type FilterIpc = Pick<Ipc, 'readFilter' | 'completeFilter'>;

/** Where the core counts characters, the page counts UTF-16 units. */
export const charsBefore = (text: string, unit: number): number => [...text.slice(0, unit)].length;
const unitsBefore = (text: string, char: number): number => [...text].slice(0, char).join('').length;

/** A piece of the text in the field, and whether something is wrong with it. */
export interface Stretch { text: string; problem: boolean }

const touches = ({ from, to }: FilterTerm, problem: FilterProblem) => problem.from < to && problem.from + problem.length > from;

export class FilterDraft {
  /** Finished terms, as the core writes them. */
  chips = $state.raw<readonly string[]>([]);
  /** What is in the field. */
  typed = $state('');
  /** What is wrong in the field; places count its characters. */
  problems = $state.raw<readonly FilterProblem[]>([]);
  /** What could follow where the caret is. */
  offers = $state.raw<readonly Suggestion[]>([]);

  readonly #ipc: FilterIpc;
  readonly #changed: (text: string) => void;
  readonly #moved: (unit: number) => void;
  #edits = 0;

  /** `changed`: the whole filter is another one. `moved`: text left the field, and the caret belongs here now. */
  constructor(ipc: FilterIpc, changed: (text: string) => void, moved: (unit: number) => void) {
    this.#ipc = ipc;
    this.#changed = changed;
    this.#moved = moved;
  }

  /** The whole filter. */
  get text(): string {
    return [...this.chips, this.typed].filter((part) => part !== '').join(' ');
  }

  /** The text of the field, cut where problems begin and end. */
  get stretches(): Stretch[] {
    const letters = [...this.typed];
    const wrong = letters.map((_, at) => this.problems.some(({ from, length }) => at >= from && at < from + length));
    const stretches: Stretch[] = [];
    letters.forEach((letter, at) => {
      const last = stretches.at(-1);
      if (last && last.problem === wrong[at]) last.text += letter;
      else stretches.push({ text: letter, problem: wrong[at] ?? false });
    });
    return stretches;
  }

  /** A filter that comes from elsewhere: an address, a view, an example. */
  async take(text: string): Promise<void> {
    if (text === this.text) return;
    this.chips = [];
    this.#put(text);
    await this.#read(null);
  }

  /** The field was edited; `caret` in units of its text. None while text is being composed: then nothing moves, and nobody is asked. */
  async edit(typed: string, caret: number | null): Promise<void> {
    this.#put(typed);
    if (caret === null) return;
    this.#changed(this.text);
    await Promise.all([this.#read(caret), this.offer(caret)]);
  }

  /** Asks what could follow at the caret. */
  async offer(caret: number): Promise<void> {
    const edits = this.#edits;
    const offers = await this.#ipc.completeFilter(this.typed, charsBefore(this.typed, caret)).catch(() => []);
    if (edits === this.#edits) this.offers = offers;
  }

  /** Puts an offer in; returns where the caret goes. */
  accept({ text, from, to }: Suggestion): { typed: string; caret: number } {
    const [start, end] = [unitsBefore(this.typed, from), unitsBefore(this.typed, to)];
    const rest = this.typed.slice(end);
    // A field waits for its value; a value is finished.
    const space = text.endsWith(':') || /^\s/.test(rest) ? '' : ' ';
    const before = this.typed.slice(0, start) + text + space;
    return { typed: before + rest, caret: before.length + (space === '' && /^\s/.test(rest) ? 1 : 0) };
  }

  /** Whoever leaves the field has finished its terms. */
  async finish(): Promise<void> {
    this.offers = [];
    await this.#read(null);
  }

  remove(at: number): void {
    this.chips = this.chips.filter((_, index) => index !== at);
    this.#changed(this.text);
  }

  /** A chip becomes text again, behind what is in the field. */
  open(at: number): void {
    const chip = this.chips[at];
    if (chip === undefined) return;
    this.chips = this.chips.filter((_, index) => index !== at);
    this.#put([this.typed.trim(), chip].filter((part) => part !== '').join(' '));
    this.#changed(this.text);
    this.#moved(this.typed.length);
  }

  clear(): void {
    this.chips = [];
    this.#put('');
    this.#changed('');
  }

  #put(typed: string): void {
    this.#edits += 1;
    this.typed = typed;
    this.problems = [];
    this.offers = [];
  }

  /** Has the field read; terms about a field that are finished become chips. Without a caret all are. */
  async #read(caret: number | null): Promise<void> {
    const edits = this.#edits;
    const reading = await this.#ipc.readFilter(this.typed).catch((): FilterReading => ({ terms: [], problems: [] }));
    if (edits !== this.#edits) return;
    this.problems = reading.problems;
    const letters = [...this.typed];
    const at = caret === null ? Infinity : charsBefore(this.typed, caret);
    const finished = reading.terms.filter((term) => term.field !== null && (caret === null || (at > term.to && /\s/.test(letters[term.to] ?? ''))) && !reading.problems.some((problem) => touches(term, problem)));
    if (finished.length === 0) return;
    let left = '';
    let moved = caret === null ? null : at;
    letters.forEach((letter, place) => {
      // A term goes with the space behind it.
      if (!finished.some(({ from, to }) => place >= from && place <= to)) left += letter;
      else if (moved !== null && place < at) moved -= 1;
    });
    this.chips = [...this.chips, ...finished.map(({ text }) => text)];
    const offers = this.offers;
    this.#put(caret === null ? left.trim() : left);
    this.offers = caret === null ? [] : offers;
    this.#changed(this.text);
    if (moved !== null) this.#moved(unitsBefore(this.typed, moved));
    // What is wrong in the rest stands elsewhere now.
    if (reading.problems.length > 0) await this.#read(moved === null ? null : unitsBefore(this.typed, moved));
  }
}
