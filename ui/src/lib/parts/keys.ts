/** The names of keys as this computer's keyboard shows them. */
export const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

const named: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl', shift: isMac ? '⇧' : 'Shift', alt: isMac ? '⌥' : 'Alt',
  arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→', enter: '↵', escape: 'Esc', space: 'Space',
  pageup: 'Page ↑', pagedown: 'Page ↓', home: 'Home', end: 'End', delete: 'Del', backspace: '⌫', tab: 'Tab',
};

/** `"mod+k"` → `["Ctrl", "K"]`, `"g f"` → `["G", "F"]`, `"?"` → `["?"]`. */
export function keyNames(keys: string): string[] {
  return keys.split(/[ +]/).filter(Boolean).map((key) => named[key.toLowerCase()] ?? key.toUpperCase());
}
