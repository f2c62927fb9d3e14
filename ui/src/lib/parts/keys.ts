/** The names of keys as this computer's keyboard shows them. */
export const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

const named: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl', shift: isMac ? '⇧' : 'Shift', alt: isMac ? '⌥' : 'Alt',
  arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→', enter: '↵', escape: 'Esc', space: 'Space',
  pageup: 'Page ↑', pagedown: 'Page ↓', plus: '+', home: 'Home', end: 'End', delete: 'Del', backspace: '⌫', tab: 'Tab',
};

/** `"mod+k"` → `["Ctrl", "K"]`, `"g f"` → `["G", "F"]`, `"?"` → `["?"]`. */
export function keyNames(keys: string): string[] {
  return keys.split(/[ +]/).filter(Boolean).map((key) => named[key.toLowerCase()] ?? key.toUpperCase());
}

/** As one text, for a tooltip: `"g f"` → `"G F"`, `"mod+k"` → `"Ctrl+K"`. */
export const keyText = (keys: string): string => keys.split(' ').map((part) => keyNames(part).join(isMac ? '' : '+')).join(' ');

/** For `aria-keyshortcuts`, which knows no keys one after another. */
export function ariaKeys(keys: readonly string[]): string | undefined {
  const said = keys.filter((one) => !one.includes(' ')).map((one) => one.split('+').map((part) => ARIA[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join('+'));
  return said.join(' ') || undefined;
}
const ARIA: Record<string, string> = { mod: isMac ? 'Meta' : 'Control', shift: 'Shift', plus: 'Plus', space: 'Space', escape: 'Escape', enter: 'Enter', arrowup: 'ArrowUp', arrowdown: 'ArrowDown' };
