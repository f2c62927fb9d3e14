/** Which acts there are now, with the keys a person gave them, and which one a key press means. The acts are in `actions.ts` and the screens. */
import type { Action } from '$lib/actions';
import { ariaKeys } from '$lib/parts/keys';
import { keyOf, keysUnder, type Shortcuts } from '$lib/shortcuts';
import { createContext } from 'svelte';

/** Two keys that belong together follow within this time, in milliseconds. */
const TOGETHER = 1_200;

/** An act with its keys as they are; `usual` as they were without any change. */
export type Bound = Action & { keys: readonly string[]; usual: readonly string[] };

export class Actions {
  /** Plain, with a sign beside it: a screen that goes would read state as it was before the screen that came. */
  readonly #sources = new Set<() => Action[]>();
  #changed = $state.raw({});
  readonly #shortcuts: () => Shortcuts;

  constructor(shortcuts: () => Shortcuts = () => ({})) {
    this.#shortcuts = shortcuts;
  }

  /** Every act of the frame and the screen, whether or not it can be done now; a screen's come after the frame's. */
  get known(): Bound[] {
    void this.#changed;
    const shortcuts = this.#shortcuts();
    // While one screen follows another of its kind both are here for a moment: the newer one counts.
    const acts = new Map([...this.#sources].flatMap((make) => make()).map((action) => [action.id, action]));
    return [...acts.values()].map((action) => ({ ...action, keys: keysUnder(shortcuts, action.id, action.keys), usual: action.keys ?? [] }));
  }

  /** Every act that can be done now. */
  get all(): Bound[] {
    return this.known.filter((action) => action.when?.() ?? true);
  }

  /** The keys of an act, for a hint beside its button or in its menu. */
  keysOf(id: string): readonly string[] {
    return this.known.findLast((action) => action.id === id)?.keys ?? [];
  }

  /** The same for a screen reader. */
  ariaOf = (id: string): string | undefined => ariaKeys(this.keysOf(id));

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
    const action = (sequence && now.findLast((candidate) => candidate.keys.includes(sequence)))
      || now.findLast((candidate) => candidate.keys.includes(key));
    if (!action) return false;
    this.#before = { key: '', at: -Infinity };
    event.preventDefault();
    action.run();
    return true;
  }
}

export const [getActions, setActions] = createContext<Actions>();

const isMovement = (key: string) => key.startsWith('Arrow') || key === 'j' || key === 'k' || key.startsWith('Page');

/** Whether something nearer has a claim on the key: a field that is typed in, an open dialog or menu, a focused button. */
function isTaken(event: KeyboardEvent, key: string): boolean {
  if (key.startsWith('mod+')) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true], [role=combobox]')) return true;
  if (['enter', 'space'].includes(key) && target?.closest('a, button, summary, [role=button], input')) return true;
  if (key.startsWith('arrow') && target?.closest('[role=radiogroup], [role=menu], [role=tablist], [role=separator]')) return true;
  // One that is closing stays in the page for some frames, and has no claim any more.
  return document.querySelector(':is([role=dialog], [role=alertdialog], [role=menu]):not([data-state=closed])') !== null;
}
