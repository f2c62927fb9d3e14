/** Where the keyboard goes when what it was in is gone: the review was left, or the bar of pending edits went away with the edits. */
import { tick } from 'svelte';

interface Screen { reviewing: boolean; dirty: boolean; bar: { focus: () => void } | null }

export function useBackFocus(screen: () => Screen): void {
  let before: { reviewing: boolean; dirty: boolean } | null = null;
  $effect(() => {
    const { reviewing, dirty } = screen();
    const left = before !== null && !reviewing && (before.reviewing || (before.dirty && !dirty));
    const fromReview = before?.reviewing ?? false;
    before = { reviewing, dirty };
    if (left) void tick().then(() => place(screen, fromReview));
  });
}

function place(screen: () => Screen, fromReview: boolean): void {
  const at = document.activeElement;
  // Edits that are undone one by one leave the focus where hands are; a dialog that closes has lost its own place.
  const lost = at === null || at === document.body || at.closest('[role=dialog]') !== null;
  if (!fromReview && !lost) return;
  const { bar } = screen();
  if (bar) bar.focus();
  else document.querySelector<HTMLElement>('main h2[tabindex="-1"]')?.focus();
}
