/**
 * Staying at the end of something that grows, until the person looks back or selects something. Belongs here: when to
 * follow. Does not belong here: elements and scrolling itself.
 */

/** Nearer to the end than this counts as at the end. */
const NEAR = 40;

export class Follow {
  /** Whether the end is kept in view. */
  following = $state(true);
  /** What came since the person looked back. */
  fresh = $state(0);
  #offset = 0;
  #held = false;

  /** The view was scrolled. Only going back ends following: growth alone also changes the distance. */
  scrolled(offset: number, toEnd: number): void {
    if (toEnd <= NEAR) {
      if (!this.#held) this.catchUp();
    } else if (offset < this.#offset - 1) {
      this.following = false;
      // Whoever went back while holding on is not taken to the end afterwards.
      this.#held = false;
    }
    this.#offset = offset;
  }

  /** Something came at the end. */
  grew(by: number): void {
    if (!this.following) this.fresh += by;
  }

  /** Something is selected: nothing moves under the hand. */
  hold(): void {
    if (!this.following) return;
    this.#held = true;
    this.following = false;
  }

  /** The selection is gone. True if following goes on from here. */
  release(): boolean {
    if (!this.#held) return false;
    this.catchUp();
    return true;
  }

  /** The person went somewhere else on purpose. */
  leave(): void {
    this.#held = false;
    this.following = false;
  }

  /** Back to the end. */
  catchUp(): void {
    this.#held = false;
    this.following = true;
    this.fresh = 0;
  }
}
