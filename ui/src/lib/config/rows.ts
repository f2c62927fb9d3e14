/**
 * The form as a list of rows, made lazily: what is closed is never looked into. Belongs here: what is open, what is folded
 * away, and the rows of a section, of what changed, of what was found. Does not belong here: words and looks.
 */
import { isBranch, type BranchKind, type Outline, type Place } from './outline';
import { isList, isObject } from './value';

export type Row =
  | { readonly type: 'section'; readonly id: string; readonly place: Place; readonly depth: 0 }
  | { readonly type: 'branch'; readonly id: string; readonly place: Place & { kind: BranchKind }; readonly depth: number; readonly open: boolean }
  | { readonly type: 'field'; readonly id: string; readonly place: Place; readonly depth: number }
  | { readonly type: 'fold'; readonly id: string; readonly place: Place; readonly depth: number; readonly count: number; readonly open: boolean }
  | { readonly type: 'add'; readonly id: string; readonly place: Place & { kind: BranchKind }; readonly depth: number };

/** A branch opens by itself where it is not deep, not long, and not one of many. */
const DEEP = 3;
const LONG = 30;
const MANY = 12;

/** Places to show wherever they are, and the way to them. */
export interface Found { hits: ReadonlySet<string>; around: ReadonlySet<string> }

interface Known { place: Place; depth: number; version: number; crowded: boolean; rows: Row[] }

export class FormRows {
  readonly #outline: Outline;
  readonly #open = new Map<string, boolean>();
  readonly #known = new Map<string, Known>();
  #version = 0;

  constructor(outline: Outline, before?: FormRows) {
    this.#outline = outline;
    // What a person opened stays open when the document is another one.
    if (before) this.#open = new Map(before.#open);
  }

  /** Opens or closes a branch, or a fold by its row's id. */
  turn(id: string, open: boolean): void {
    this.#open.set(id, open);
    this.#version += 1;
  }

  /** Opens what is around a place. */
  reveal(path: readonly string[]): void {
    let place: Place | undefined = this.#outline.root;
    for (const key of path) {
      const inner: Place | undefined = this.#outline.children(place).find((one) => one.key === key);
      if (!inner) break;
      if (isFolded(inner)) this.#open.set(`${place.id}#fold`, true);
      if (place.id !== '') this.#open.set(place.id, true);
      place = inner;
    }
    this.#version += 1;
  }

  /** The rows of a section, without its heading. */
  section(key: string): Row[] {
    const place = this.#outline.children(this.#outline.root).find((one) => one.key === key);
    if (!place) return [];
    return isBranch(place) ? this.#inside(place, 0) : [field(place, 0)];
  }

  /** The rows that were found, each section under its heading. */
  found(found: Found): Row[] {
    const rows: Row[] = [];
    for (const place of this.#outline.children(this.#outline.root)) {
      if (!found.hits.has(place.id) && !found.around.has(place.id)) continue;
      rows.push({ type: 'section', id: `${place.id}#section`, place, depth: 0 });
      if (!isBranch(place)) rows.push(field(place, 0));
      else if (found.hits.has(place.id)) rows.push(...this.#inside(place, 0));
      else rows.push(...this.#foundInside(place, 0, found));
    }
    return rows;
  }

  #foundInside(place: Place, depth: number, found: Found): Row[] {
    const rows: Row[] = [];
    for (const inner of this.#outline.children(place)) {
      if (found.hits.has(inner.id)) rows.push(...this.#of(inner, depth, true));
      else if (found.around.has(inner.id) && isBranch(inner)) rows.push({ type: 'branch', id: inner.id, place: inner, depth, open: true }, ...this.#foundInside(inner, depth + 1, found));
    }
    return rows;
  }

  /** A place with what is open in it. */
  #of(place: Place, depth: number, crowded: boolean): Row[] {
    if (!isBranch(place)) return [field(place, depth)];
    const known = this.#known.get(place.id);
    if (known && known.place === place && known.depth === depth && known.version === this.#version && known.crowded === crowded) return known.rows;
    const open = this.#open.get(place.id) ?? opensItself(place, depth, crowded);
    const rows: Row[] = [{ type: 'branch', id: place.id, place, depth, open }];
    if (open) for (const row of this.#inside(place, depth + 1)) rows.push(row);
    this.#known.set(place.id, { place, depth, version: this.#version, crowded, rows });
    return rows;
  }

  #inside(place: Place & { kind: BranchKind }, depth: number): Row[] {
    const children = this.#outline.children(place);
    const crowded = children.filter((inner) => isBranch(inner) && inner.value !== undefined).length > MANY;
    const folded = children.filter(isFolded);
    // Where everything would be folded away, nothing is.
    const folds = folded.length > 0 && folded.length < children.length;
    const rows: Row[] = [];
    for (const inner of folds ? children.filter((one) => !isFolded(one)) : children) for (const row of this.#of(inner, depth, crowded)) rows.push(row);
    if (place.kind !== 'object') rows.push({ type: 'add', id: `${place.id}#add`, place, depth });
    if (!folds) return rows;
    const id = `${place.id}#fold`;
    const open = this.#open.get(id) ?? false;
    rows.push({ type: 'fold', id, place, depth, count: folded.length, open });
    if (open) for (const inner of folded) for (const row of this.#of(inner, depth, true)) rows.push(row);
    return rows;
  }
}

const field = (place: Place, depth: number): Row => ({ type: 'field', id: place.id, place, depth });

/** For those who know, or a whole group that nobody has set. What was changed is always in sight. */
export function isFolded(place: Place): boolean {
  if (place.value !== place.before) return false;
  return place.isAdvanced || (place.value === undefined && !place.isRequired && isBranch(place));
}

export function sizeOf({ value }: Place): number {
  return isList(value) ? value.length : isObject(value) ? Object.keys(value).length : 0;
}

function opensItself(place: Place, depth: number, crowded: boolean): boolean {
  return place.value !== undefined && !crowded && depth < DEEP && sizeOf(place) > 0 && sizeOf(place) <= LONG;
}
