/**
 * Which presses stay in the editor. From outside its shadow root a press seems to come from a plain element, so that
 * the app's single-key shortcuts would take what is typed. Belongs here: that decision; not what a key does.
 */
const MOVES = new Set(['Enter', 'Backspace', 'Delete', 'Home', 'End', 'PageUp', 'PageDown', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Escape']);

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented'>;

/** Whether nobody outside the editor should hear of it: what types, moves or was used here. Tab and shortcuts go on. */
export function staysInside(press: Press): boolean {
  if (press.defaultPrevented) return true;
  if (press.ctrlKey || press.metaKey) return false;
  if (press.altKey) return press.key.length === 1;
  return press.key.length === 1 || press.key === 'Dead' || press.key === 'Process' || MOVES.has(press.key);
}
