/** Finds places by key, name, help or value, a slice at a time so that typing never waits. Secrets are not searched. */
import { helpOf, labelOf } from '$lib/schema/nodes';
import { isBranch, type Outline, type Place } from './outline';
import { Exact } from './value';

/** Most places that are shown. */
export const MOST = 200;
/** How far the search goes into groups that nobody has set. */
const UNSET = 2;

export interface Hits { hits: Set<string>; around: Set<string>; isComplete: boolean }

/** Yields between places; returns what was found. */
export function* search(outline: Outline, text: string): Generator<void, Hits> {
  const wanted = text.trim().toLowerCase();
  const found: Hits = { hits: new Set(), around: new Set(), isComplete: true };
  const queue: { place: Place; unset: number; around: string[] }[] = [{ place: outline.root, unset: 0, around: [] }];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { place, unset, around } = next;
    if (place.id !== '' && fits(place, wanted)) {
      if (found.hits.size >= MOST) return { ...found, isComplete: false };
      found.hits.add(place.id);
      for (const id of around) found.around.add(id);
    }
    if (isBranch(place) && unset <= UNSET) {
      const way = place.id === '' ? around : [...around, place.id];
      const children = outline.children(place);
      for (let index = children.length - 1; index >= 0; index--) {
        const inner = children[index];
        if (inner) queue.push({ place: inner, unset: inner.value === undefined ? unset + 1 : 0, around: way });
      }
    }
    yield;
  }
  return found;
}

function fits({ key, path, kind, schema, value }: Place, wanted: string): boolean {
  if (key.toLowerCase().includes(wanted) || (wanted.includes('.') && path.join('.').toLowerCase().includes(wanted))) return true;
  if (labelOf(schema, key).toLowerCase().includes(wanted) || (helpOf(schema)?.toLowerCase().includes(wanted) ?? false)) return true;
  if (kind === 'secret') return false;
  const shown = value instanceof Exact ? value.text : typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return shown.toLowerCase().includes(wanted);
}
