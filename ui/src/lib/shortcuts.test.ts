import { describe, expect, it } from 'vitest';
import { ariaKeys, keyNames, keyText } from './parts/keys';
import { conflictOf, keyOf, keysUnder, pressed, refusalOf, reset, swapped, withKeys, type Keyed, type Shortcuts } from './shortcuts';
import { Actions } from './stores/actions.svelte';

const usual: Keyed[] = [
  { id: 'fleet', title: 'Go to the fleet', keys: ['g f'] }, { id: 'new', title: 'Deploy', keys: ['n'] }, { id: 'look', title: 'Look now', keys: ['r'] },
  { id: 'next', title: 'Next row', keys: ['arrowdown', 'j'] }, { id: 'theme', title: 'Theme', keys: [] },
];
const under = (shortcuts: Shortcuts): Keyed[] => usual.map((action) => ({ ...action, keys: keysUnder(shortcuts, action.id, action.keys), usual: action.keys ?? [] }));
const keysOf = (shortcuts: Shortcuts) => Object.fromEntries(under(shortcuts).map(({ id, keys }) => [id, keys?.join(', ')]));
const one = (id: string, shortcuts: Shortcuts = {}): Keyed => under(shortcuts).find((action) => action.id === id) ?? { id, title: id };
const press = (key: string, init: KeyboardEventInit = {}) => keyOf(new KeyboardEvent('keydown', { key, ...init }));

describe('a press', () => {
  it('is called as in the table', () => {
    expect([press('k', { ctrlKey: true }), press('?', { shiftKey: true }), press('C', { shiftKey: true }), press(' '), press('+', { shiftKey: true }), press('É')]).toEqual(['mod+k', '?', 'shift+c', 'space', 'plus', 'é']);
  });
  it('of Caps Lock is the letter', () => expect(press('C')).toBe('c'));
  it('that only changes others, or composes, is none', () => expect([press('Shift'), press('Dead'), press('a', { altKey: true })]).toEqual([null, null, null]));
  it('after a single one makes a pair; a third begins anew', () => {
    expect([pressed('', 'g'), pressed('g', 'x'), pressed('g x', 'y'), pressed('mod+k', 'y'), pressed('g', 'mod+k')]).toEqual(['g', 'g x', 'y', 'y', 'mod+k']);
  });
});

describe('keys that can not be given', () => {
  it('are those that lists, fields and dialogs live by', () => {
    for (const keys of ['escape', 'tab', 'shift+tab', 'enter', 'mod+enter', 'space', 'arrowdown', 'g enter', 'backspace', 'home']) expect(refusalOf(keys), keys).toBe('fixed');
  });
  it('are those that edit text or end a program', () => {
    for (const keys of ['mod+c', 'mod+v', 'mod+z', 'mod+shift+z', 'mod+a', 'mod+q']) expect(refusalOf(keys), keys).toBe('editing');
  });
  it('are no others', () => {
    for (const keys of ['b', '?', 'mod+b', 'g x', 'shift+c', 'f2']) expect(refusalOf(keys), keys).toBeNull();
  });
});

describe('other keys', () => {
  it('take the place of the usual ones, and leave those of lists', () => {
    expect(keysOf(withKeys({}, one('new'), 'b'))).toMatchObject({ new: 'b', look: 'r' });
    expect(keysOf(withKeys({}, one('next'), 'w'))).toMatchObject({ next: 'arrowdown, w' });
  });
  it('that are the usual ones are no change', () => expect(withKeys({ new: ['b'] }, one('new', { new: ['b'] }), 'n')).toEqual({}));
  it('are refused by name where somebody has them', () => {
    expect(conflictOf('r', one('new'), under({}))).toMatchObject({ kind: 'same', action: { title: 'Look now' } });
    expect(conflictOf('g', one('new'), under({}))).toMatchObject({ kind: 'part', action: { title: 'Go to the fleet' } });
    expect(conflictOf('n x', one('look'), under({}))).toMatchObject({ kind: 'part', action: { title: 'Deploy' } });
    expect([conflictOf('n', one('new'), under({})), conflictOf('g x', one('new'), under({}))]).toEqual([null, null]);
  });
  it('can be swapped', () => {
    expect(keysOf(swapped({}, one('new'), 'r', one('look')))).toMatchObject({ new: 'r', look: 'n' });
    expect(keysOf(swapped({}, one('theme'), 'r', one('look')))).toMatchObject({ theme: 'r', look: '' });
  });
  it('are reset together with whoever holds one of the usual ones', () => {
    const changed = swapped({}, one('new'), 'r', one('look'));
    expect(reset({ ...changed, theme: ['b'] }, one('new', changed), under({ ...changed, theme: ['b'] }))).toEqual({ theme: ['b'] });
  });
  it('that nobody may give are left out, whoever wrote them down', () => {
    expect(keysUnder({ new: ['escape', 'mod+v', 'b'] }, 'new', ['n'])).toEqual(['b']);
    expect(keysUnder({}, 'constructor', ['n'])).toEqual(['n']);
  });
});

it('one table: a press, a hint and the palette follow the same change', () => {
  let shortcuts: Shortcuts = {};
  let done = 0;
  const actions = new Actions(() => shortcuts);
  actions.add(() => [{ id: 'new', title: 'Deploy', group: 'act', keys: ['n'], run: () => (done += 1) }]);
  const type = (key: string) => actions.press(new KeyboardEvent('keydown', { key, cancelable: true }));
  expect([type('b'), type('n'), done]).toEqual([false, true, 1]);
  shortcuts = { new: ['b'] };
  expect([type('n'), type('b'), done]).toEqual([false, true, 2]);
  expect([actions.keysOf('new'), actions.ariaOf('new'), actions.all[0]?.keys, actions.all[0]?.usual]).toEqual([['b'], 'B', ['b'], ['n']]);
});

it('keys have names for the eye and for the ear', () => {
  expect([keyText('g f'), keyText('mod+k'), keyText('shift+c'), keyNames('plus')]).toEqual(['G F', 'Ctrl+K', 'Shift+C', ['+']]);
  expect([ariaKeys(['mod+k', 'g f', '/']), ariaKeys(['g f'])]).toEqual(['Control+K /', undefined]);
});
