/**
 * Where the rows of a very long list are. Pure. All rows are equally high; browsers draw nothing beyond some thirty million
 * pixels, so a longer list is as high as that, and the scrollbar moves through it faster.
 * Belongs here: places and numbers. Does not belong here: elements, which rows are held.
 */

/** Height of a row in pixels. Even, so that places far down are whole numbers also where only 24 bits count. */
export const ROW = 22;
/** Every engine draws as much. */
export const TALLEST = 24_000_000;

export interface Place {
  /** The height of the whole list. */
  height: number;
  /** How many rows there are. */
  count: number;
  /** The height of what is seen of it. */
  view: number;
}

export function placeOf(count: number, view: number): Place {
  return { count, view, height: Math.min(count * ROW, TALLEST) };
}

/** How many pixels of rows one pixel of the scrollbar is; 1 unless the list is taller than anything. */
function pace({ count, height, view }: Place): number {
  return count * ROW <= height ? 1 : (count * ROW - view) / Math.max(1, height - view);
}

/** The first and the last row seen. */
export function seenAt(place: Place, scrolled: number): { first: number; last: number } {
  const top = scrolled * pace(place);
  const first = Math.max(0, Math.min(Math.floor(top / ROW), place.count - 1));
  return { first, last: Math.max(first, Math.min(Math.ceil((top + place.view) / ROW) - 1, place.count - 1)) };
}

/** Where a row is drawn while the list is scrolled so far. */
export function topOf(place: Place, index: number, scrolled: number): number {
  const faster = pace(place);
  return faster === 1 ? index * ROW : index * ROW - scrolled * faster + scrolled;
}

/** How far to scroll so that a row is seen: at the top, or just inside, from where it is now. */
export function scrollTo(place: Place, index: number, scrolled: number, where: 'top' | 'nearest'): number {
  const faster = pace(place);
  const now = scrolled * faster;
  const top = index * ROW;
  const wanted = where === 'top' || top < now ? top : Math.max(now, top + ROW - place.view);
  return Math.max(0, Math.min(wanted / faster, place.height - place.view));
}
