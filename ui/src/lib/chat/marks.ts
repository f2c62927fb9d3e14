/**
 * Marking words where they stand, without touching the page: CSS Custom Highlight. Where a web view does not know it,
 * nothing is marked, and the turn's own mark has to do.
 * Belongs here: finding ranges in elements, giving them to the browser. Does not belong here: what is a hit (search.ts).
 */

/** Most marks in one element: a text of nothing but the wanted word stays quick. */
const MARKS = 500;

/** The ranges of an element in which a text stands, also across the borders of its inner elements. */
export function rangesOf(root: Node, query: string): Range[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const nodes: { node: Text; start: number }[] = [];
  let whole = '';
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    nodes.push({ node: node as Text, start: whole.length });
    whole += (node as Text).data;
  }
  const lower = whole.toLowerCase();
  // Where small letters are longer than capitals, places do not fit: nothing is marked rather than something else.
  if (lower.length !== whole.length) return [];
  const ranges: Range[] = [];
  let first = 0;
  for (let at = lower.indexOf(wanted); at >= 0 && ranges.length < MARKS; at = lower.indexOf(wanted, at + wanted.length)) {
    const end = at + wanted.length;
    while (first + 1 < nodes.length && (nodes[first + 1]?.start ?? Infinity) <= at) first += 1;
    let last = first;
    while (last + 1 < nodes.length && (nodes[last + 1]?.start ?? Infinity) < end) last += 1;
    const [from, to] = [nodes[first], nodes[last]];
    if (!from || !to) break;
    const range = document.createRange();
    range.setStart(from.node, at - from.start);
    range.setEnd(to.node, end - to.start);
    ranges.push(range);
  }
  return ranges;
}

/** Whether this web view can mark. */
export const canMark = (): boolean => typeof CSS !== 'undefined' && 'highlights' in CSS && typeof Highlight !== 'undefined';

/** Puts marks under a name in place of those before. */
export function mark(name: string, ranges: readonly Range[]): void {
  if (!canMark()) return;
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}

const FOUND = 'chat-found';
const HERE = 'chat-here';
/** Rows come and go while one scrolls: marks follow a little later. */
const LATER = 80;

/** Marks a text in all elements with `data-found` below a root, also in those that come. Returns what ends it. */
export function keepMarked(root: HTMLElement, query: string): () => void {
  if (!canMark()) return () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = (): void => {
    timer = undefined;
    const ranges = (kind: string): Range[] => [...root.querySelectorAll(`[data-found=${kind}]`)].flatMap((element) => rangesOf(element, query));
    mark(FOUND, ranges('found'));
    mark(HERE, ranges('here'));
  };
  const watcher = new MutationObserver(() => { timer ??= setTimeout(draw, LATER); });
  watcher.observe(root, { childList: true, subtree: true, characterData: true, attributeFilter: ['data-found'] });
  draw();
  return () => {
    watcher.disconnect();
    clearTimeout(timer);
    mark(FOUND, []);
    mark(HERE, []);
  };
}
