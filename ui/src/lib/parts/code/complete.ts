/**
 * What may be typed here, by the schema. Belongs here: from a text and a place in it to suggestions, and how one is put in.
 * Does not belong here: reading the schema (`schema.ts`).
 */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { getLocation, type Location } from 'jsonc-parser';
import { knownKeys, knownValues, schemasAt, typesOf, wordsOf, type Schema } from './schema';
import { typeWords } from './words';

/** Reading up to the cursor takes longer the longer the text is; beyond this it would be felt while typing. */
const READABLE = 1_000_000;

/** What is put in, and where in it the cursor stands afterwards (and selects to). */
export interface Insert { text: string; select: [number, number] }
export interface Suggestion { label: string; detail: string; info: string; insert: Insert; boost: number }
export interface Suggestions { from: number; to: number; options: Suggestion[] }

/** What a key's value starts as: its only or usual value, or an empty one of its type with the cursor inside. */
export function firstValue(schemas: readonly Schema[]): Insert {
  const values = knownValues(schemas);
  const usual = values.find((entry) => entry.isDefault) ?? (values.length === 1 ? values[0] : undefined);
  if (usual) {
    const text = JSON.stringify(usual.value);
    return { text, select: [0, text.length] };
  }
  switch (typesOf(schemas)[0]) {
    case 'string': return { text: '""', select: [1, 1] };
    case 'object': return { text: '{}', select: [1, 1] };
    case 'array': return { text: '[]', select: [1, 1] };
    case 'boolean': return { text: 'false', select: [0, 5] };
    default: return { text: '', select: [0, 0] };
  }
}

function keyInsert(key: string, schemas: readonly Schema[], after: string): Insert {
  const name = JSON.stringify(key);
  // The key is being renamed: its value is there already.
  if (/^\s*:/.test(after)) return { text: name, select: [name.length, name.length] };
  const value = firstValue(schemas);
  const before = `${name}: `;
  const comma = /^\s*"/.test(after) ? ',' : '';
  return { text: before + value.text + comma, select: [before.length + value.select[0], before.length + value.select[1]] };
}

/** The literal the cursor is in or behind, or the word that is not one yet. */
function replaced(text: string, offset: number, location: Location): { from: number; to: number } {
  const node = location.previousNode;
  if (node && node.offset <= offset && offset <= node.offset + node.length) return { from: node.offset, to: node.offset + node.length };
  let from = offset;
  while (from > 0 && /[\w$.+-]/.test(text[from - 1] ?? '')) from -= 1;
  return { from, to: offset };
}

function keys(text: string, offset: number, location: Location, root: unknown, siblings: ReadonlySet<string>): Suggestions {
  const place = replaced(text, offset, location);
  const current = location.previousNode?.value as unknown;
  const after = text.slice(place.to, place.to + 200);
  const options: Suggestion[] = [];
  for (const [key, known] of knownKeys(root, schemasAt(root, location.path.slice(0, -1)))) {
    if (siblings.has(key) && key !== current) continue;
    const { title, description } = wordsOf(known.schemas);
    options.push({ label: JSON.stringify(key), detail: known.required ? m.parts_code_required() : typeWords(known.schemas), info: description || title, insert: keyInsert(key, known.schemas, after), boost: known.required ? 1 : 0 });
  }
  return { ...place, options };
}

function values(text: string, offset: number, location: Location, root: unknown): Suggestions {
  const schemas = schemasAt(root, location.path);
  const options = knownValues(schemas).map(({ value, isDefault }): Suggestion => {
    const label = JSON.stringify(value);
    return { label, detail: isDefault ? m.parts_code_default() : '', info: '', insert: { text: label, select: [label.length, label.length] }, boost: isDefault ? 1 : 0 };
  });
  if (options.length === 0) {
    const { text: empty, select } = firstValue(schemas);
    if (empty) options.push({ label: empty, detail: typeWords(schemas), info: wordsOf(schemas).description, insert: { text: empty, select }, boost: 0 });
  }
  return { ...replaced(text, offset, location), options };
}

/** Suggestions for a place in a text; `siblings` are the keys its object has already. Null where nothing belongs. */
export function suggest(text: string, offset: number, root: unknown, siblings: ReadonlySet<string>): Suggestions | null {
  const location = getLocation(text, offset);
  if (location.isAtPropertyKey) return keys(text, offset, location, root, siblings);
  const before = text.slice(Math.max(0, offset - 200), offset);
  // Behind a finished value nothing belongs but a comma.
  if (/["}\]]\s*$|[\w]\s+$/.test(before) && !(location.previousNode && offset <= location.previousNode.offset + location.previousNode.length)) return null;
  return values(text, offset, location, root);
}

/** Puts a suggestion in place of what was typed and of `rest` characters behind the cursor. */
function apply({ text, select }: Insert, rest: number) {
  return (view: EditorView, _completion: Completion, from: number, to: number) => {
    view.dispatch({ changes: { from, to: to + rest, insert: text }, selection: { anchor: from + select[0], head: from + select[1] }, userEvent: 'input.complete', scrollIntoView: true });
  };
}

function told(words: string): HTMLElement {
  const element = document.createElement('p');
  element.textContent = showHidden(words);
  return element;
}

/** The suggestions as CodeMirror asks for them. `siblingsAt` reads the object around a place from the syntax tree. */
export function completion(context: CompletionContext, root: unknown, siblingsAt: (offset: number) => ReadonlySet<string>): CompletionResult | null {
  if (context.pos > READABLE) return null;
  const typed = context.matchBefore(/["\w$.:+-]$/);
  if (!context.explicit && !typed) return null;
  const found = suggest(context.state.doc.toString(), context.pos, root, siblingsAt(context.pos));
  if (!found || found.options.length === 0) return null;
  const options = found.options.map((option): Completion => ({
    label: option.label,
    detail: option.detail,
    boost: option.boost,
    apply: apply(option.insert, found.to - context.pos),
    ...(option.info ? { info: () => told(option.info) } : {}),
  }));
  // Asked for outright: all there is, also where a finished value stands.
  if (context.explicit) return { from: found.from, options, filter: false };
  return { from: found.from, options, validFor: /^"?[\w$.@/ -]*"?$/ };
}
