/**
 * Staying at the end of something that grows, until the person looks back. Belongs here: when to follow.
 * Does not belong here: elements and scrolling itself.
 */

/** Nearer to the end than this counts as at the end. */
const NEAR = 40;

export class Follow {
  /** Whether the end is kept in view. */
  following = $state(true);
  /** What came since the person looked back. */
  fresh = $state(0);
  #offset = 0;

  /** The view was scrolled. Only going back ends following: growth alone also changes the distance. */
  scrolled(offset: number, toEnd: number): void {
    if (toEnd <= NEAR) this.catchUp();
    else if (offset < this.#offset - 1) this.following = false;
    this.#offset = offset;
  }

  /** Something came at the end. */
  grew(by: number): void {
    if (!this.following) this.fresh += by;
  }

  /** Back to the end. */
  catchUp(): void {
    this.following = true;
    this.fresh = 0;
  }
}
