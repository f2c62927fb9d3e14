/**
 * A field that was edited here while it became another one on the server. Maps merge by key and lists of named entries by name;
 * where both changed the same, a person decides. Pure.
 */
import { child, isList, isObject, isSame, type Json, type JsonList, type JsonObject } from '$lib/config/value';
import { isSameEntry, nameOf } from './entries';

/** `contested`: both sides changed the same place; the value is mine. */
export interface Rebased { value: Json | undefined; contested: boolean }

/** `ordered`: the order of the list is part of what it says. */
export function rebase(base: Json | undefined, mine: Json | undefined, theirs: Json | undefined, ordered = false): Rebased {
  if (isSame(theirs, base) || isSame(mine, theirs)) return { value: mine, contested: false };
  if (isSame(mine, base)) return { value: theirs, contested: false };
  if (isObject(mine) && isObject(theirs)) return rebaseMap(isObject(base) ? base : {}, mine, theirs);
  if (!ordered && isList(base) && isList(mine) && isList(theirs)) return rebaseList(base, mine, theirs) ?? { value: mine, contested: true };
  return { value: mine, contested: true };
}

function rebaseMap(base: JsonObject, mine: JsonObject, theirs: JsonObject): Rebased {
  const keys = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const merged = keys.map((key) => [key, rebase(child(base, key), child(mine, key), child(theirs, key))] as const);
  return {
    value: Object.fromEntries(merged.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value] as const]))),
    contested: merged.some(([, { contested }]) => contested),
  };
}

/** Null: entries without a name, or two of one name: nobody can say which is which. */
function rebaseList(base: JsonList, mine: JsonList, theirs: JsonList): Rebased | null {
  const isNamed = (list: JsonList) => {
    const names = list.map(nameOf);
    return !names.includes(null) && new Set(names).size === names.length;
  };
  if (![base, mine, theirs].every(isNamed)) return null;
  const find = (list: JsonList, entry: Json) => list.find((other) => isSameEntry(other, entry));
  const known = theirs.map((entry) => rebase(find(base, entry), find(mine, entry), entry));
  const added = mine.filter((entry) => !find(theirs, entry)).map((entry) => rebase(find(base, entry), entry, undefined));
  const all = [...known, ...added];
  return { value: all.flatMap(({ value }) => (value === undefined ? [] : [value])), contested: all.some(({ contested }) => contested) };
}
