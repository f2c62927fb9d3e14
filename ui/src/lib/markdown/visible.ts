/**
 * Characters that change how others are read, or that nobody sees. Belongs here: making them visible in hostile text.
 * Does not belong here: escape sequences of terminals (lib/logs/ansi.ts) or the reading of links.
 */

/** Direction overrides, embeddings and isolates: they can make a text read as another one. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g;
/** Control characters other than tab and line break, and the interlinear and deprecated format characters. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u206a-\u206f\ufff9-\ufffb]/g;
/** More marks on one letter than any script needs: they paint over the lines around them. */
const PILED_MARKS = /(\p{M}{8})\p{M}+/gu;
/** Everything invisible or direction-changing: nothing of it belongs into an address. */
// eslint-disable-next-line no-control-regex
const IN_ADDRESS = /[\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

const named = (character: string): string =>
  `⟨U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? '?'}⟩`;

/** The text with direction controls named, other controls named, and piled marks cut to eight. */
export function showHidden(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(DIRECTION, named).replace(CONTROL, named).replace(PILED_MARKS, '$1');
}

/** Whether an address holds a character that would make it look like another one. */
export function hidesSomething(address: string): boolean {
  return IN_ADDRESS.test(address);
}
