/** Why somebody wants to read conversations, as it goes into this computer's ledger. Pure. */

export const PURPOSE_MIN = 3;
export const PURPOSE_MAX = 200;

const length = (text: string) => [...text.trim()].length;

export function purposeProblem(text: string): 'short' | 'long' | null {
  const size = length(text);
  return size < PURPOSE_MIN ? 'short' : size > PURPOSE_MAX ? 'long' : null;
}
