/**
 * The keys of actions: what a press is called, which keys can be given to an action, and who has them already. Pure.
 * Belongs here: decisions about keys. Does not belong here: their names on a keyboard (`parts/keys.ts`), who keeps them.
 */
import { isMac } from './parts/keys';

/** Keys that a person gave to actions, by the action's id, in place of the usual ones. */
export type Shortcuts = Readonly<Record<string, readonly string[]>>;

/** An action as far as its keys are concerned. */
export interface Keyed {
  id: string;
  title: string;
  keys?: readonly string[];
  /** Without any change. */
  usual?: readonly string[];
}

/** Lists, fields, dialogs and screen readers live by them: an action that has one keeps it, and none gets one. */
const FIXED = /^(mod\+)?(shift\+)?(arrow\w+|page(up|down)|home|end|insert|enter|escape|tab|space|backspace|delete|contextmenu|f1[0-2]?)$/;
/** What every text is edited with, and what ends or hides a program on one system or another. */
const TAKEN = ['a', 'c', 'v', 'x', 'y', 'z', 'shift+z', 'shift+v', 'q', 'w', 'h', 'm'].map((key) => `mod+${key}`);

export const isFixed = (keys: string): boolean => FIXED.test(keys);

/** Signs that the table writes otherwise: its own separators. */
const NAMES: Readonly<Record<string, string>> = { ' ': 'space', '+': 'plus' };

/** The key in the words of the table, `null` for keys that only change others. */
export function keyOf(event: KeyboardEvent): string | null {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process', 'Unidentified'].includes(event.key)) return null;
  const name = NAMES[event.key] ?? event.key.toLowerCase();
  const mod = isMac ? event.metaKey : event.ctrlKey;
  if ((isMac ? event.ctrlKey : event.metaKey) || event.altKey) return null;
  // The shift of a sign such as `?` is part of the sign.
  const shift = event.shiftKey && (event.key.length > 1 || mod || event.key !== event.key.toLowerCase());
  return `${mod ? 'mod+' : ''}${shift ? 'shift+' : ''}${name}`;
}

/** Why these keys can not be given to any action. */
export function refusalOf(keys: string): 'fixed' | 'editing' | null {
  const parts = keys.split(' ');
  if (parts.some(isFixed)) return 'fixed';
  return parts.some((part) => TAKEN.includes(part)) ? 'editing' : null;
}

/** What was pressed so far, with one more press: two single keys make a pair, anything else stands alone. */
export function pressed(before: string, key: string): string {
  const pairs = before !== '' && !before.includes(' ') && !before.startsWith('mod+') && !key.startsWith('mod+');
  return pairs ? `${before} ${key}` : key;
}

/** The keys of an action under these changes. What can not be given is left out, whoever wrote it down. */
export function keysUnder(shortcuts: Shortcuts, id: string, usual: readonly string[] = []): readonly string[] {
  const given = Object.hasOwn(shortcuts, id) ? shortcuts[id] : undefined;
  return given === undefined ? usual : [...usual.filter(isFixed), ...given.filter((keys) => refusalOf(keys) === null)];
}

/** Those of an action's keys that may be others. */
export const changeable = (action: Keyed): readonly string[] => (action.keys ?? []).filter((keys) => !isFixed(keys));

export interface Conflict<A> {
  action: A;
  /** `same`: these keys are its own. `part`: one of the two begins with the other, so that it could never be reached. */
  kind: 'same' | 'part';
}

/** Who has these keys. */
export function conflictOf<A extends Keyed>(keys: string, action: Keyed, all: readonly A[]): Conflict<A> | null {
  const others = all.filter(({ id }) => id !== action.id);
  const same = others.findLast((other) => other.keys?.includes(keys));
  if (same) return { action: same, kind: 'same' };
  const part = others.findLast((other) => other.keys?.some((own) => own.startsWith(`${keys} `) || keys.startsWith(`${own} `)));
  return part ? { action: part, kind: 'part' } : null;
}

const without = (shortcuts: Shortcuts, gone: string): Shortcuts => Object.fromEntries(Object.entries(shortcuts).filter(([id]) => id !== gone));

/** Gives an action these keys in place of its changeable ones; the usual ones are no change. */
export function withKeys(shortcuts: Shortcuts, action: Keyed, keys: string): Shortcuts {
  const rest = without(shortcuts, action.id);
  const usual = (action.usual ?? []).filter((own) => !isFixed(own));
  return usual.length === 1 && usual[0] === keys ? rest : { ...rest, [action.id]: [keys] };
}

/** As `withKeys`; the one that had them gets those that become free. */
export function swapped(shortcuts: Shortcuts, action: Keyed, keys: string, other: Keyed): Shortcuts {
  const free = changeable(action).slice(0, 1);
  const rest = changeable(other).flatMap((own) => (own === keys ? free : [own]));
  return { ...withKeys(shortcuts, action, keys), [other.id]: rest };
}

/** Gives an action its usual keys again; others that hold one of them by a change get theirs again, too. */
export function reset(shortcuts: Shortcuts, action: Keyed, all: readonly Keyed[]): Shortcuts {
  const rest = without(shortcuts, action.id);
  const holder = all.find(({ id, keys }) => Object.hasOwn(rest, id) && keys?.some((own) => action.usual?.includes(own)));
  return holder ? reset(rest, holder, all) : rest;
}
