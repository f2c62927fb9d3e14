/** What the schema says about the value under the pointer. Belongs here: finding the words and showing them as text. */
import { hoverTooltip, type Tooltip } from '@codemirror/view';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { getLocation } from 'jsonc-parser';
import { knownValues, schemasAt, wordsOf } from './schema';
import { typeWords } from './words';

const READABLE = 1_000_000;
/** Choices beyond these are found by completing. */
const SHOWN = 12;

export interface Explanation { path: string; title: string; description: string; type: string; values: string; from: number; to: number }

/** What is known of the key or value at an offset; null when the schema has no word about it. */
export function explain(text: string, offset: number, root: unknown): Explanation | null {
  const location = getLocation(text, offset);
  const node = location.previousNode;
  if (!node || offset < node.offset || offset > node.offset + node.length) return null;
  const schemas = schemasAt(root, location.path);
  const { title, description } = wordsOf(schemas);
  const type = typeWords(schemas);
  if (!title && !description && !type) return null;
  const named = knownValues(schemas).filter((entry) => typeof entry.value !== 'boolean' && entry.value !== null);
  const values = named.slice(0, SHOWN).map((entry) => JSON.stringify(entry.value) + (entry.isDefault ? ` (${m.parts_code_default()})` : '')).join(', ') + (named.length > SHOWN ? ', …' : '');
  return { path: location.path.join('.'), title, description, type, values, from: node.offset, to: node.offset + node.length };
}

function drawn({ path, title, description, type, values }: Explanation): HTMLElement {
  const box = document.createElement('div');
  box.className = 'cm-explanation';
  const line = (name: string, text: string) => {
    if (!text) return;
    const element = document.createElement('p');
    element.className = name;
    element.textContent = showHidden(text);
    box.append(element);
  };
  line('cm-explanation-title', title || path);
  line('cm-explanation-words', description);
  line('cm-explanation-type', type);
  line('cm-explanation-values', values);
  return box;
}

/** The explanation on hover, by whatever schema the editor has at that moment. */
export const explanations = (schemaOf: () => unknown) =>
  hoverTooltip((view, offset): Tooltip | null => {
    const schema = schemaOf();
    if (offset > READABLE || schema === undefined || schema === null) return null;
    const found = explain(view.state.doc.toString(), offset, schema);
    return found && { pos: found.from, end: found.to, above: true, create: () => ({ dom: drawn(found) }) };
  }, { hoverTime: 400 });
