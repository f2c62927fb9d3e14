/**
 * Marks a searched text where it stands in the page, without a change to the page. Where the engine can not, nothing is marked.
 * Does not belong here: which messages hold it (search.ts), the look of the mark (base.css).
 */

/** No more are marked in one message: beyond it a mark helps nobody. */
const MOST = 500;

/** The places of a text in the text nodes below; a text that runs over several is not found. */
export function placesOf(root: Node, query: string): { node: Text; from: number; to: number }[] {
  const wanted = query.trim().toLowerCase();
  const places: { node: Text; from: number; to: number }[] = [];
  if (wanted === '') return places;
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node !== null && places.length < MOST; node = walk.nextNode()) {
    const text = (node as Text).data.toLowerCase();
    for (let from = text.indexOf(wanted); from >= 0; from = text.indexOf(wanted, from + wanted.length)) places.push({ node: node as Text, from, to: from + wanted.length });
  }
  return places;
}

/** Marks it; returns what takes the marks away. */
export function markIn(root: Node, query: string): () => void {
  if (typeof Highlight === 'undefined' || typeof CSS === 'undefined' || !('highlights' in CSS)) return () => undefined;
  const marks = CSS.highlights.get('found') ?? new Highlight();
  CSS.highlights.set('found', marks);
  const ranges = placesOf(root, query).flatMap(({ node, from, to }) => {
    // A letter may be longer in lower case than it stands in the page.
    if (to > node.length) return [];
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    return [range];
  });
  ranges.forEach((range) => marks.add(range));
  return () => ranges.forEach((range) => marks.delete(range));
}
