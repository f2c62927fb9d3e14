/**
 * Secrets inside of settings: written, never read. A mask is no value: it never leaves this computer as one. Pure.
 * Belongs here: where secrets and masks stand, a value without its secrets, and the way back.
 */
import { isMask } from '$lib/config/masks';
import { child, Exact, isList, isObject, isSame, type Json } from '$lib/config/value';
import type { Path } from '$lib/config/place';
import { namesSecret } from '$lib/schema/keys';

/** Stands in a text for a secret that is not shown. */
export const HIDDEN = '••••••••';

/** Whether what stands at a place is a secret. An empty text and what is no text hide nothing. */
export function isSecret(path: Path, value: Json | undefined): boolean {
  if (isMask(value)) return true;
  const key = path.findLast((step) => !/^\d+$/.test(step)) ?? '';
  return namesSecret(key) && typeof value === 'string' && value !== '';
}

/** The value with a sign in the place of each secret. */
export function withoutSecrets(value: Json, path: Path = []): Json {
  if (isList(value)) return value.map((entry, index) => withoutSecrets(entry, [...path, String(index)]));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner, [...path, key])]));
  return isSecret(path, value) ? HIDDEN : value;
}

/** An edited text's value with the secrets that were not touched put back. A sign without a secret stays one, and is a mask. */
export function withSecrets(edited: Json, before: Json | undefined, path: Path = []): Json {
  if (edited === HIDDEN) return before !== undefined && isSecret(path, before) ? before : edited;
  if (isObject(edited)) return Object.fromEntries(Object.entries(edited).map(([key, inner]) => [key, withSecrets(inner, child(before, key), [...path, key])]));
  if (!isList(edited)) return edited;
  const known = isList(before) ? before : [];
  const shown = known.map((entry, index) => withoutSecrets(entry, [...path, String(index)]));
  const length = edited.length === known.length;
  return edited.map((entry, index) => {
    if (index in known && isSame(shown[index], entry)) return known[index] as Json;
    const same = shown.flatMap((other, place) => (isSame(other, entry) ? [known[place] as Json] : []));
    const first = same[0];
    if (first !== undefined && same.every((other) => isSame(other, first))) return first;
    // An entry that was edited keeps its secrets only where no entry can have moved.
    const isAlone = length && edited.every((other, place) => place === index || isSame(shown[place], other));
    return withSecrets(entry, isAlone ? known[index] : undefined, [...path, String(index)]);
  });
}

/** Where masks stand. */
export function maskPaths(value: Json | undefined, path: Path = []): Path[] {
  if (isMask(value)) return [path];
  if (isList(value)) return value.flatMap((entry, index) => maskPaths(entry, [...path, String(index)]));
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => maskPaths(inner, [...path, key])) : [];
}

/** Whether two values say the same as far as masks let one see. */
export function agrees(mine: Json | undefined, shown: Json | undefined): boolean {
  if (isMask(shown)) return typeof mine === 'string' && mine !== '';
  if (isList(mine) && isList(shown)) return mine.length === shown.length && mine.every((entry, index) => agrees(entry, shown[index]));
  if (!isObject(mine) || !isObject(shown)) return isSame(mine, shown);
  const keys = new Set([...Object.keys(mine), ...Object.keys(shown)]);
  return [...keys].every((key) => agrees(child(mine, key), child(shown, key)));
}

/** Where numbers stand that this window can not hold exactly: they would go out as others. */
export function inexactPaths(value: Json | undefined, path: Path = []): Path[] {
  if (value instanceof Exact || (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))) return [path];
  if (isList(value)) return value.flatMap((entry, index) => inexactPaths(entry, [...path, String(index)]));
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => inexactPaths(inner, [...path, key])) : [];
}
