/** What became of an instance, as sign and word. Pure. */
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import type { CleanupState } from '$lib/stores/acts.svelte';

const SIGNS: Record<CleanupState, { tone: Tone; label: () => string }> = {
  todo: { tone: 'unknown', label: m.acts_cleanup_state_todo },
  now: { tone: 'busy', label: m.acts_cleanup_state_now },
  gone: { tone: 'ok', label: m.acts_cleanup_state_gone },
  deleting: { tone: 'deleting', label: m.acts_cleanup_state_deleting },
  alreadyGone: { tone: 'ok', label: m.acts_cleanup_state_alreadyGone },
  stillThere: { tone: 'warn', label: m.acts_cleanup_state_stillThere },
  failed: { tone: 'bad', label: m.acts_cleanup_state_failed },
  unknown: { tone: 'unknown', label: m.acts_cleanup_state_unknown },
  left: { tone: 'unknown', label: m.acts_cleanup_state_left },
};

export function resultSign(state: CleanupState): { tone: Tone; label: string } {
  const { tone, label } = SIGNS[state];
  return { tone, label: label() };
}

/** Whether it went, or goes. */
export const went = (state: CleanupState): boolean => state === 'gone' || state === 'deleting' || state === 'alreadyGone';
