/**
 * A configuration document in memory: plain JSON values, and numbers that JavaScript would round kept as they are written.
 * Values are never changed in place, so `===` is a cheap "nothing differs here". Belongs here: what a value is, and its text.
 * Does not belong here: places in a document (`place.ts`), what a schema says.
 */

export type Json = null | boolean | number | string | Exact | JsonList | JsonObject;
export type JsonList = readonly Json[];
export interface JsonObject { readonly [key: string]: Json }

/** A number whose text says more than a JavaScript number can hold: `12345678901234567890`, `1.0`. */
export class Exact {
  constructor(readonly text: string) {}
}

export const isList = (value: unknown): value is JsonList => Array.isArray(value);

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Exact);
}

/** The value for those who know nothing of exact numbers. Only for values, not for what is inside them. */
export const plain = (value: Json | undefined): unknown => (value instanceof Exact ? Number(value.text) : value);

/** What stands at a key; undefined where there is nothing. */
export function child(value: Json | undefined, key: string): Json | undefined {
  if (isList(value)) return /^(0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Whether two values say the same. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (one instanceof Exact && other instanceof Exact) return one.text === other.text;
  if (isList(one) && isList(other)) return one.length === other.length && one.every((value, index) => isSame(value, other[index]));
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]));
}

/** JSON text, each number as it was. With `indent` as a person reads it. */
export function textOf(value: Json, indent = 0): string {
  return write(value, indent, '');
}

function write(value: Json, indent: number, before: string): string {
  if (value instanceof Exact) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = before + ' '.repeat(indent);
  const [open, close] = isList(value) ? '[]' : '{}';
  const parts = isList(value)
    ? value.map((entry) => write(entry, indent, inner))
    : Object.keys(value).map((key) => `${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}${write((value as JsonObject)[key] ?? null, indent, inner)}`);
  if (parts.length === 0) return `${open}${close}`;
  return indent > 0 ? `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${before}${close}` : `${open}${parts.join(',')}${close}`;
}
