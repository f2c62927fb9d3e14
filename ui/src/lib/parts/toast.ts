/** Results of acts, shown for a moment. `toast.ok('Instance deleted')`; one with an act or a failure stays longer. */
import { toast as sonner } from 'svelte-sonner';

export interface ToastOptions {
  detail?: string;
  action?: { label: string; run: () => void };
  /** A second toast with the same id takes the place of the first. */
  id?: string;
}

/** When each of those on screen came, by its id. What can be undone stays with the person. */
const shownAt = new Map<number | string, number>();
/** Younger than this, in milliseconds, a toast may be about the step itself. */
const YOUNG = 1_500;

const show = (kind: 'success' | 'info' | 'warning' | 'error', lifetime: number) => (text: string, options: ToastOptions = {}) => {
  const { detail, action, id } = options;
  const shown = sonner[kind](text, {
    ...(detail === undefined ? {} : { description: detail }),
    ...(id === undefined ? {} : { id }),
    ...(action === undefined ? {} : { action: { label: action.label, onClick: action.run } }),
    duration: action ? 10_000 : lifetime,
  });
  if (action) shownAt.delete(shown);
  else shownAt.set(shown, Date.now());
};

export const toast = {
  ok: show('success', 4_000),
  info: show('info', 5_000),
  warn: show('warning', 8_000),
  bad: show('error', 10_000),
  /** None stays: what they say may be nobody's business any more. */
  clear: () => void sonner.dismiss(),
  /** Another screen: what was told on the one before goes. */
  leave: (now = Date.now()) => {
    for (const [id, at] of shownAt) {
      if (now - at < YOUNG) continue;
      sonner.dismiss(id);
      shownAt.delete(id);
    }
  },
};
