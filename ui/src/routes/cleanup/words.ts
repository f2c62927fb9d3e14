/** What became of an instance, as sign and word. Pure. */
import type { Failure } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import type { CleanupState } from '$lib/stores/acts.svelte';
import { failureText } from '$lib/text/failure';
import { number } from '$lib/text/number';

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

/** As many are named; the others are a number. */
const NAMED = 5;

/** `Atlas, Kiln and 3 more`. */
export function namesText(all: readonly string[]): string {
  const names = all.map((name) => showHidden(name));
  if (names.length > NAMED + 1) return m.acts_cleanup_names_more({ names: names.slice(0, NAMED).join(', '), more: number(names.length - NAMED) });
  return names.length < 2 ? names.join('') : m.acts_cleanup_names_and({ names: names.slice(0, -1).join(', '), last: names.at(-1) ?? '' });
}

/** Why one was not deleted: what the platform says of it, where it says anything. */
export function whyNot(failure: Failure): string {
  const { title, text } = failureText(failure);
  const { code } = failure;
  return code.type === 'conflict' || ('message' in code && code.message?.trim()) ? text : title;
}

/** Whether it went, or goes. */
export const went = (state: CleanupState): boolean => state === 'gone' || state === 'deleting' || state === 'alreadyGone';
