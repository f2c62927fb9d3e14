/** What differs between two documents, place by place, and the edits that lead from one to the other. Cheap where parts are shared. */
import type { ConfigEdit } from '$lib/ipc/bindings';
import { idOf, put, type Path } from './place';
import { readJson } from './read';
import { isList, isObject, isSame, textOf, type Json } from './value';

/** One place that differs. Undefined: not there. */
export interface Difference {
  path: Path;
  before: Json | undefined;
  after: Json | undefined;
}

/** Lists of the same length are compared entry by entry, others as one value: what a moved entry means nobody can know. */
export function differences(before: Json | undefined, after: Json | undefined): Difference[] {
  const found: Difference[] = [];
  walk(before, after, [], found);
  return found;
}

function walk(before: Json | undefined, after: Json | undefined, path: Path, found: Difference[]): void {
  if (before === after) return;
  if (isObject(before) && isObject(after)) {
    for (const key of Object.keys(after)) walk(Object.hasOwn(before, key) ? before[key] : undefined, after[key], [...path, key], found);
    for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) found.push({ path: [...path, key], before: before[key], after: undefined });
  } else if (isList(before) && isList(after) && before.length === after.length) {
    before.forEach((value, index) => walk(value, after[index], [...path, String(index)], found));
  } else if (!isSame(before, after)) found.push({ path, before, after });
}

export function editsOf(before: Json, after: Json): ConfigEdit[] {
  return differences(before, after).map(({ path, after: value }) => ({ path: [...path], value: value === undefined ? null : textOf(value) }));
}

/** The document with edits on it. A value that is no JSON is passed over: the core refuses such a draft with its place. */
export function applyEdits(document: Json, edits: readonly ConfigEdit[]): Json {
  return edits.reduce((now, { path, value }) => {
    try {
      return put(now, path, value === null ? undefined : readJson(value));
    } catch {
      return now;
    }
  }, document);
}

/** The places that differ and those around them. */
export function placesOf(found: readonly Difference[]): { hits: Set<string>; around: Set<string> } {
  const hits = new Set<string>();
  const around = new Set<string>();
  for (const { path } of found) {
    hits.add(idOf(path));
    for (let length = path.length - 1; length >= 0; length--) around.add(idOf(path.slice(0, length)));
  }
  return { hits, around };
}
