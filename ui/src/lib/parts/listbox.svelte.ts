/**
 * What a control with a list of options below it needs: whether it is open, which option is at hand, and where the
 * list lies. The list is `position: fixed`, so that no scrolling parent cuts it off. Knows nothing of its options.
 */
export class Listbox {
  open = $state(false);
  /** The option under the arrow keys; -1: none. */
  at = $state(-1);
  place = $state({ left: 0, width: 0, top: 'auto', bottom: 'auto', height: 0 });

  show(anchor: HTMLElement, at: number): void {
    this.measure(anchor);
    this.at = at;
    this.open = true;
  }

  hide(): void {
    this.open = false;
    this.at = -1;
  }

  /** Moves to the next option in a circle. */
  step(by: number, count: number): void {
    if (count === 0) this.at = -1;
    else if (this.at < 0) this.at = by > 0 ? 0 : count - 1;
    else this.at = (this.at + by + count) % count;
  }

  /** Below the control where there is room, else above it. */
  measure(anchor: HTMLElement): void {
    const box = anchor.getBoundingClientRect();
    const below = window.innerHeight - box.bottom - 12;
    const above = box.top - 12;
    const up = below < 180 && above > below;
    this.place = {
      left: box.left,
      width: box.width,
      top: up ? 'auto' : `${box.bottom + 4}px`,
      bottom: up ? `${window.innerHeight - box.top + 4}px` : 'auto',
      height: Math.min(320, up ? above : below),
    };
  }
}
