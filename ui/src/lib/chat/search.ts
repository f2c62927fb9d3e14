/**
 * Finding words in a conversation. Pure. A hit is one side of a turn that holds the text; the marks within it are the
 * page's (marks.ts). A reply that still grows is not searched: it would be searched anew with each word.
 */
export type Side = 'message' | 'reply';
export type Hit = { id: string; side: Side };

interface Said { id: string; message: string; reply: string; open: boolean }

/** Signs of Markdown that nobody sees: `a **b** c` is read as `a b c`. */
const SIGNS = /[*_~`]/g;

/** Whether a reply holds a text, in its source or as it is read. `wanted` is in small letters. */
export const holds = (text: string, wanted: string): boolean => {
  const lower = text.toLowerCase();
  if (lower.includes(wanted)) return true;
  SIGNS.lastIndex = 0;
  return SIGNS.test(lower) && lower.replace(SIGNS, '').includes(wanted);
};

/** What of a conversation holds a text, in order. */
export function findHits(turns: readonly Said[], query: string): Hit[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const hits: Hit[] = [];
  for (const turn of turns) {
    if (turn.message.toLowerCase().includes(wanted)) hits.push({ id: turn.id, side: 'message' });
    if (!turn.open && holds(turn.reply, wanted)) hits.push({ id: turn.id, side: 'reply' });
  }
  return hits;
}

/** The place of the hit to begin with: the newest, since one looks back from there. */
export const newestHit = (hits: readonly Hit[]): number => Math.max(0, hits.length - 1);

/** To the next hit (1) or the one before (-1), round and round. */
export function stepHit(at: number, by: 1 | -1, count: number): number {
  return count === 0 ? 0 : (at + by + count) % count;
}
