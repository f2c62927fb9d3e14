/**
 * Entries whose shape nobody documents: a name, or an object with one. They are changed in copies, so that what is not
 * understood stays. Pure. Belongs here: how an entry is named, added, taken out, put back, moved, switched.
 * Does not belong here: secrets inside of entries (`secrets.ts`), where a list comes from.
 */
import { child, isList, isObject, isSame, textOf, type Json, type JsonList } from '$lib/config/value';

/** Keys that name an entry, the likeliest first. The same order as in the core. */
const NAMES = ['name', 'slug', 'id'] as const;
/** Keys that say whether an entry is on. */
const SWITCHES = ['enabled', 'is_enabled', 'active'] as const;
const STATES = ['status', 'state'] as const;

export const listOf = (value: Json | undefined): JsonList => (isList(value) ? value : []);

function nameKey(entry: Json | undefined): (typeof NAMES)[number] | null {
  return NAMES.find((key) => typeof child(entry, key) === 'string' && child(entry, key) !== '') ?? null;
}

/** What an entry is called; null where nothing names it. */
export function nameOf(entry: Json | undefined): string | null {
  if (typeof entry === 'string') return entry;
  const key = nameKey(entry);
  return key === null ? null : (child(entry, key) as string);
}

/** An entry for eyes: its name, else its text. */
export const labelOf = (entry: Json): string => nameOf(entry) ?? textOf(entry).slice(0, 120);

export const has = (list: JsonList, name: string): boolean => list.some((entry) => nameOf(entry) === name);

/** A new entry in the shape of those that are there: an object only where every other one is an object. */
export function newEntry(list: JsonList, name: string): Json {
  const keys = list.map(nameKey);
  const key = keys[0];
  return list.length > 0 && key !== null && key !== undefined && keys.every((other) => other !== null) ? { [key]: name } : name;
}

/** The list with one more; the same list where it is in already. */
export function install(list: JsonList, name: string): JsonList {
  const wanted = name.trim();
  return wanted === '' || has(list, wanted) ? list : [...list, newEntry(list, wanted)];
}

export const removeAt = (list: JsonList, index: number): JsonList => (index in list ? list.toSpliced(index, 1) : list);

export function moveTo(list: JsonList, from: number, to: number): JsonList {
  const entry = list[from];
  if (entry === undefined || from === to || !(to in list)) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, entry);
}

/** Whether two entries stand for the same thing. */
export const isSameEntry = (one: Json, other: Json): boolean => (nameOf(one) === null ? isSame(one, other) : nameOf(one) === nameOf(other));

/** What was in and is out now. */
export const removedFrom = (before: JsonList, after: JsonList): JsonList => before.filter((entry) => !after.some((other) => isSameEntry(entry, other)));

/** Puts an entry back whole, behind the nearest one that stood before it. */
export function putBack(before: JsonList, after: JsonList, entry: Json): JsonList {
  const place = before.indexOf(entry);
  const ahead = before.slice(0, Math.max(0, place)).findLast((other) => after.some((one) => isSameEntry(one, other)));
  const at = ahead === undefined ? 0 : after.findIndex((one) => isSameEntry(one, ahead)) + 1;
  return after.toSpliced(at, 0, entry);
}

/** Whether something is switched on; null where it does not say. */
export function isOn(entry: Json | undefined): boolean | null {
  if (typeof entry === 'boolean') return entry;
  const said = SWITCHES.map((key) => child(entry, key)).find((value) => typeof value === 'boolean');
  return typeof said === 'boolean' ? said : null;
}

/** Switched, with everything else kept. Undefined: it has no switch that is understood. */
export function switched(entry: Json | undefined, on: boolean): Json | undefined {
  if (entry === undefined || entry === null) return { enabled: on };
  if (typeof entry === 'boolean') return on;
  if (!isObject(entry)) return undefined;
  const key = SWITCHES.find((one) => typeof child(entry, one) === 'boolean') ?? 'enabled';
  return { ...entry, [key]: on };
}

/** The key that switches an entry: shown as its switch, not once more among its settings. */
export const switchKey = (entry: Json | undefined): string | null => SWITCHES.find((key) => typeof child(entry, key) === 'boolean') ?? null;

/** Keys that an entry's row shows already: what it is called and how it is. */
export const rowKeys = (entry: Json): string[] => [nameKey(entry), STATES.find((key) => typeof child(entry, key) === 'string')].filter((key) => key !== null && key !== undefined);

/** The entry's own word for its state. */
export function stateOf(entry: Json): string | null {
  const said = STATES.map((key) => child(entry, key)).find((value) => typeof value === 'string' && value.trim() !== '');
  return typeof said === 'string' ? said.trim() : null;
}
