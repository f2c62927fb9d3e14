/** Which acts there are now, and which one a key press means. The acts themselves are in `actions.ts` and the screens. */
import type { Action } from '$lib/actions';
import { isMac } from '$lib/parts/keys';
import { createContext } from 'svelte';

/** Two keys that belong together follow within this time, in milliseconds. */
const TOGETHER = 1_200;

export class Actions {
  /** Plain, with a sign beside it: a screen that goes would read state as it was before the screen that came. */
  readonly #sources = new Set<() => Action[]>();
  #changed = $state.raw({});

  /** Every act that can be done now; a screen's come after the frame's. */
  get all(): Action[] {
    void this.#changed;
    return [...this.#sources].flatMap((make) => make()).filter((action) => action.when?.() ?? true);
  }

  /** Adds a source of acts; returns what takes it away again. */
  add(make: () => Action[]): () => void {
    this.#sources.add(make);
    this.#changed = {};
    return () => {
      this.#sources.delete(make);
      this.#changed = {};
    };
  }

  #before = { key: '', at: -Infinity };

  /** Does what the key press means; true if it meant something. The newest act with these keys wins. */
  press(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing || event.repeat && !isMovement(event.key)) return false;
    const key = keyOf(event);
    if (key === null || isTaken(event, key)) return false;
    const sequence = event.timeStamp - this.#before.at < TOGETHER ? `${this.#before.key} ${key}` : null;
    this.#before = { key, at: event.timeStamp };
    const now = this.all;
    const action = (sequence && now.findLast((candidate) => candidate.keys?.includes(sequence)))
      || now.findLast((candidate) => candidate.keys?.includes(key));
    if (!action) return false;
    this.#before = { key: '', at: -Infinity };
    event.preventDefault();
    action.run();
    return true;
  }
}

export const [getActions, setActions] = createContext<Actions>();

const isMovement = (key: string) => key.startsWith('Arrow') || key === 'j' || key === 'k' || key.startsWith('Page');

/** The key in the words of the table, `null` for keys that only change others. */
function keyOf(event: KeyboardEvent): string | null {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead'].includes(event.key)) return null;
  const name = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const mod = isMac ? event.metaKey : event.ctrlKey;
  if ((isMac ? event.ctrlKey : event.metaKey) || event.altKey) return null;
  // The shift of a sign such as `?` is part of the sign.
  const shift = event.shiftKey && (event.key.length > 1 || mod);
  return `${mod ? 'mod+' : ''}${shift ? 'shift+' : ''}${name}`;
}

/** Whether something nearer has a claim on the key: a field that is typed in, an open dialog or menu, a focused button. */
function isTaken(event: KeyboardEvent, key: string): boolean {
  if (key.startsWith('mod+')) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true], [role=combobox]')) return true;
  if (['enter', 'space'].includes(key) && target?.closest('a, button, summary, [role=button], input')) return true;
  if (key.startsWith('arrow') && target?.closest('[role=radiogroup], [role=menu], [role=tablist], [role=separator]')) return true;
  return document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;
}
