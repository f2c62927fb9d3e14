/** What was chosen lately, newest first. Pure. */

/** Remembered in all: more than are shown, since some are not there on every screen. */
const KEPT = 12;
/** Shown at the top of the palette. */
export const SHOWN = 5;

export const withChosen = (recent: readonly string[], id: string): string[] =>
  id.startsWith('passing:') ? [...recent] : [id, ...recent.filter((other) => other !== id)].slice(0, KEPT);
