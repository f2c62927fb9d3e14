/** Places in a document, and documents changed at a place: always a new one, with everything else shared. Pure. */
import { child, isList, isObject, isSame, type Json, type JsonObject } from './value';

/** Keys from the root; in a list the key is the index. */
export type Path = readonly string[];

const PLAIN = /^[A-Za-z_$][\w$-]*$/;

/** One text for one place, for maps and elements: a JSON pointer. */
export const idOf = (path: Path): string => path.map(stepOf).join('');
export const stepOf = (key: string): string => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** As a person writes it: `channels.telegram.accounts[0]["a b"]`. */
export function pathText(path: Path, document?: Json): string {
  let value = document;
  let text = '';
  for (const key of path) {
    const isIndex = document === undefined ? false : isList(value);
    text += isIndex ? `[${key}]` : PLAIN.test(key) || (/^\d+$/.test(key) && document === undefined) ? `${text ? '.' : ''}${key}` : `[${JSON.stringify(key)}]`;
    value = child(value, key);
  }
  return text;
}

export function at(document: Json | undefined, path: Path): Json | undefined {
  let value = document;
  for (const key of path) value = child(value, key);
  return value;
}

/**
 * The document with a value at a place, or without it. Objects that are missing on the way are made; a place that can not be
 * reached leaves the document as it is. Does what the core does with an edit.
 */
export function put(document: Json, path: Path, value: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? document;
  const inner = child(document, key);
  if (isList(document)) {
    const index = Number(key);
    if (!/^\d+$/.test(key) || index > document.length || (index === document.length && (rest.length > 0 || value === undefined))) return document;
    if (rest.length === 0 && value === undefined) return document.toSpliced(index, 1);
    const next = rest.length === 0 ? value : inner === undefined ? undefined : put(inner, rest, value);
    return next === undefined || next === inner ? document : index === document.length ? [...document, next] : document.with(index, next);
  }
  if (!isObject(document)) return document;
  if (inner === undefined && value === undefined) return document;
  if (rest.length === 0 && value === undefined) return without(document, key);
  const next = rest.length === 0 ? (value as Json) : put(inner ?? {}, rest, value);
  return next === inner ? document : { ...document, [key]: next };
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** Gives an entry of a map another name, in its place. */
export function rename(document: Json, path: Path, to: string): Json {
  const parent = at(document, path.slice(0, -1));
  const from = path.at(-1);
  if (!isObject(parent) || from === undefined || from === to || Object.hasOwn(parent, to)) return document;
  return put(document, path.slice(0, -1), Object.fromEntries(Object.entries(parent).map(([key, value]) => [key === from ? to : key, value])));
}

/** Moves an entry of a list. */
export function move(document: Json, path: Path, to: number): Json {
  const list = at(document, path.slice(0, -1));
  const from = Number(path.at(-1));
  if (!isList(list) || !(from in list) || !(to in list) || from === to) return document;
  const entry = list[from] as Json;
  return put(document, path.slice(0, -1), list.toSpliced(from, 1).toSpliced(to, 0, entry));
}

/** The fresh document with every part that the known one has as well taken from there: then `===` tells what differs. */
export function share(known: Json | undefined, fresh: Json): Json {
  if (known === undefined || known === fresh) return fresh;
  if (isList(fresh) && isList(known)) {
    const entries = fresh.map((value, index) => share(known[index], value));
    return entries.length === known.length && entries.every((value, index) => value === known[index]) ? known : entries;
  }
  if (isObject(fresh) && isObject(known)) {
    const keys = Object.keys(fresh);
    const entries = keys.map((key) => [key, share(child(known, key), fresh[key] as Json)] as const);
    const all = keys.length === Object.keys(known).length && entries.every(([key, value]) => Object.hasOwn(known, key) && value === known[key]);
    return all ? known : Object.fromEntries(entries);
  }
  return isSame(known, fresh) ? known : fresh;
}

/** As `share`, where only what lies on the way to a place can be the same again: what is typed back is no change. */
export function shareAlong(known: Json | undefined, fresh: Json, path: Path): Json {
  if (known === undefined || known === fresh) return fresh;
  const [key, ...rest] = path;
  if (key === undefined) return share(known, fresh);
  const inner = child(fresh, key);
  const settled = inner === undefined ? fresh : put(fresh, [key], shareAlong(child(known, key), inner, rest));
  return isShallowSame(known, settled) ? known : settled;
}

function isShallowSame(one: Json, other: Json): boolean {
  if (isList(one) && isList(other)) return one.length === other.length && one.every((value, index) => value === other[index]);
  if (!isObject(one) || !isObject(other)) return isSame(one, other);
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && one[key] === other[key]);
}
