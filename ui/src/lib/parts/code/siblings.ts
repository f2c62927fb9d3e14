/**
 * The keys an object has, read token by token: while a key is being typed the text is not JSON, and a syntax tree
 * takes the next key for its value. A key is what stands before a colon.
 */
import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import { createScanner } from 'jsonc-parser';

/** Objects that are longer are read so far. */
const READ = 200_000;
/** The scanner's tokens; its own names for them are not there at run time. */
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COLON, STRING, END] = [1, 2, 3, 4, 6, 10, 17];

/** The keys of the object whose text begins the given one. */
export function keysOf(text: string): Set<string> {
  const scanner = createScanner(text, true);
  const keys = new Set<string>();
  let depth = 0;
  let before = '';
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    if (token === OPEN_BRACE || token === OPEN_BRACKET) depth += 1;
    else if (token === CLOSE_BRACE || token === CLOSE_BRACKET) depth -= 1;
    else if (token === COLON && depth === 1) keys.add(before);
    if (token === STRING) before = scanner.getTokenValue();
    if (depth === 0) break;
  }
  return keys;
}

/** The keys of the object around an offset. */
export function siblingsAt(state: EditorState, offset: number): ReadonlySet<string> {
  let node: ReturnType<ReturnType<typeof syntaxTree>['resolveInner']> | null = syntaxTree(state).resolveInner(offset, -1);
  while (node && node.name !== 'Object') node = node.parent;
  return node ? keysOf(state.sliceDoc(node.from, node.from + READ)) : new Set();
}
