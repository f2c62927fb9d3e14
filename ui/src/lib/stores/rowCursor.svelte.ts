/**
 * The row under the keyboard in a list that is only partly here.
 * Belongs here: which row, and that it stays on the same thing when rows move.
 * Does not belong here: keys, focus, scrolling (the screen).
 */

/** What a cursor can ask of a list. */
export interface Rows {
  row(index: number): { id: string } | undefined;
  indexOf(id: string): number | null;
}

/** A place in a list, held by the identity of what is there. */
export class RowCursor {
  /** The place; 0 in an empty list. */
  index = $state(0);
  #id: string | null = null;

  /** What the cursor is on, if it is known. */
  get id(): string | null {
    return this.#id;
  }

  /** Goes to a place, or to the nearest there is. */
  move(index: number, rows: Rows, count: number): void {
    this.index = Math.max(0, Math.min(index, count - 1));
    this.#id = rows.row(this.index)?.id ?? null;
  }

  /** After rows came or moved: stays on the same thing; if that is nowhere, on the same place. */
  follow(rows: Rows, count: number): void {
    if (this.#id !== null && rows.row(this.index)?.id !== this.#id) {
      this.index = rows.indexOf(this.#id) ?? this.index;
    }
    const index = Math.max(0, Math.min(this.index, count - 1));
    // A row that is not here may still be the one it was: its identity is kept until it comes.
    if (index !== this.index || rows.row(index)) this.move(index, rows, count);
  }
}

/** Where a key leads from a row, or null when it is not a key of lists. */
export function rowAfterKey(key: string, index: number, count: number, page: number): number | null {
  const last = Math.max(0, count - 1);
  const within = (to: number) => Math.max(0, Math.min(to, last));
  switch (key) {
    case 'ArrowDown': case 'j': return within(index + 1);
    case 'ArrowUp': case 'k': return within(index - 1);
    case 'PageDown': return within(index + page);
    case 'PageUp': return within(index - page);
    case 'Home': return 0;
    case 'End': return last;
    default: return null;
  }
}
