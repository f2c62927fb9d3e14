import { expect, it } from 'vitest';
import { staysInside } from './keys';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented', boolean>> = {}) =>
  staysInside({ key, ctrlKey: false, metaKey: false, altKey: false, defaultPrevented: false, ...held });

it('what types or moves stays in the editor, so that the app hears no single-key shortcut', () => {
  expect(['g', '?', '/', 'ä', 'Enter', 'Escape', 'ArrowDown'].map((key) => press(key))).not.toContain(false);
});
it('Tab, function keys and shortcuts go on to the app', () => {
  expect([press('Tab'), press('F6'), press('k', { ctrlKey: true }), press('Enter', { metaKey: true })]).toEqual([false, false, false, false]);
});
it('what the editor used is used up', () => expect(press('f', { ctrlKey: true, defaultPrevented: true })).toBe(true));
