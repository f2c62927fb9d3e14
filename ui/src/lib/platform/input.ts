/** What was typed into a field or as JSON becomes a value that can be sent, or says why it can not. Pure; the words are the screen's. */
import { isMask } from '$lib/config/masks';
import { NotJson, readJson } from '$lib/config/read';
import { Exact, isList, isObject, type Json } from '$lib/config/value';
import { maskPaths, withSecrets } from './secrets';

/** Why a text is no value: nothing can be sent while it stands there. */
export type Trouble = 'notANumber' | 'inexact' | 'notJson' | 'mask';
export type Typed = { value: Json } | { trouble: Trouble };

/** A number's text as a number that says the same, if there is one. */
function plainNumber(text: string): number | null {
  const digits = text.replace(/[eE].*$/, '').replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
  const value = Number(text);
  return digits.length <= 15 && Number.isFinite(value) && (digits === '' || value !== 0) ? value : null;
}

export function readNumber(text: string): Typed {
  const bare = text.trim();
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(bare)) return { trouble: 'notANumber' };
  const value = plainNumber(bare);
  return value === null ? { trouble: 'inexact' } : { value };
}

export function readSecret(text: string): Typed {
  return isMask(text) ? { trouble: 'mask' } : { value: text };
}

/** JSON text that was shown without its secrets. Null-proto and big numbers are refused rather than changed. */
export function readText(text: string, before: Json | undefined): Typed {
  try {
    const value = plainJson(readJson(text));
    if (value === null) return { trouble: 'inexact' };
    const whole = withSecrets(value.value, before);
    const known = new Set(maskPaths(before).map((path) => path.join('\n')));
    return maskPaths(whole).some((path) => !known.has(path.join('\n'))) ? { trouble: 'mask' } : { value: whole };
  } catch (thrown) {
    if (thrown instanceof NotJson) return { trouble: 'notJson' };
    throw thrown;
  }
}

function plainJson(value: Json): { value: Json } | null {
  if (value instanceof Exact) {
    const number = plainNumber(value.text);
    return number === null ? null : { value: number };
  }
  if (isList(value)) {
    const entries = value.map(plainJson);
    return entries.includes(null) ? null : { value: entries.map((entry) => entry?.value ?? null) };
  }
  if (!isObject(value)) return { value };
  const entries = Object.entries(value).map(([key, inner]) => [key, plainJson(inner)] as const);
  return entries.some(([, inner]) => inner === null) ? null : { value: Object.fromEntries(entries.map(([key, inner]) => [key, inner?.value ?? null])) };
}

/** A workflow file's own rule. The platform documents none for an instance: a warning, never a wall. */
export const isSlug = (text: string): boolean => text.length <= 100 && /^[a-z0-9][a-z0-9_-]*$/.test(text);
