/**
 * The row under the keyboard in a long list, and the rows selected from it. Belongs here: places. Does not belong here:
 * rows themselves, keys and elements, the browser's own selection of text.
 */

export class RowSelection {
  /** The row under the keyboard; null until the person took one. */
  cursor = $state<number | null>(null);
  #anchor = $state<number | null>(null);

  /** The rows selected, the first and the last; one row is a selection, too. */
  get range(): readonly [number, number] | null {
    if (this.cursor === null) return null;
    const anchor = this.#anchor ?? this.cursor;
    return [Math.min(anchor, this.cursor), Math.max(anchor, this.cursor)];
  }

  /** How many rows are selected. */
  get size(): number {
    return this.range === null ? 0 : this.range[1] - this.range[0] + 1;
  }

  has(index: number): boolean {
    return this.range !== null && index >= this.range[0] && index <= this.range[1];
  }

  /** Goes to a row of so many; extending keeps the rows from where the selection began. */
  move(to: number, count: number, extend = false): void {
    if (count === 0) return this.clear();
    this.#anchor = extend ? (this.#anchor ?? this.cursor) : null;
    this.cursor = Math.max(0, Math.min(to, count - 1));
  }

  clear(): void {
    this.cursor = null;
    this.#anchor = null;
  }
}
