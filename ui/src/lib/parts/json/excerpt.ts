/** A long text in a short place. Belongs here: what of it is shown, and which part of that is what was searched. */

/** Longer texts are cut until all of them is asked for. */
export const SHORT = 200;
/** A line of a page can not be longer than this without being felt. */
export const LONGEST = 100_000;

export interface Piece { text: string; hit: boolean }

/** Whether a text is shown in part only. */
export const isLong = (text: string): boolean => text.length > SHORT || text.includes('\n');

/** The beginning of a text, or its surroundings of what was searched, on one line. */
export function excerpt(text: string, query: string): string {
  if (!isLong(text)) return text;
  const wanted = query.trim().toLowerCase();
  const at = wanted ? text.toLowerCase().indexOf(wanted) : -1;
  const from = at + wanted.length > SHORT ? Math.max(0, at - 60) : 0;
  const part = text.slice(from, from + SHORT).replace(/\s*\n\s*/g, ' ⏎ ');
  return `${from > 0 ? '… ' : ''}${part}`;
}

/** The text in pieces, those that were searched marked. */
export function pieces(text: string, query: string): Piece[] {
  const wanted = query.trim().toLowerCase();
  const lower = text.toLowerCase();
  // Some letters change their length in lower case: the places would not be the same.
  if (!wanted || lower.length !== text.length) return [{ text, hit: false }];
  const found: Piece[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) found.push({ text: text.slice(from, at), hit: false });
    from = at + wanted.length;
    found.push({ text: text.slice(at, from), hit: true });
  }
  if (from < text.length || found.length === 0) found.push({ text: text.slice(from), hit: false });
  return found;
}
