/** How a column stands, in words and signs. Pure but for reading the column. */
import type { Answer } from '$lib/chat/comparison';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import type { Column } from '$lib/stores/compare.svelte';
import { failureText } from '$lib/text/failure';
import { number } from '$lib/text/number';
import { duration } from '$lib/text/time';

/** The sign of how it stands; `waited` is how long it has been going on. */
export function standingSign({ standing }: Column, waited = ''): { tone: Tone; label: string } {
  if (standing.type === 'idle') return { tone: 'unknown', label: m.compare_idle() };
  if (standing.type === 'leftOut') return { tone: 'warn', label: m.compare_left_out() };
  switch (standing.turn.state.type) {
    case 'sending': return { tone: 'busy', label: m.compare_sending({ span: waited }) };
    case 'answering': return { tone: 'busy', label: m.compare_answering({ span: waited }) };
    case 'complete': return { tone: 'ok', label: m.compare_complete() };
    case 'stopped': return { tone: 'deleting', label: m.compare_stopped() };
    case 'failed': return { tone: 'bad', label: m.compare_failed() };
    case 'mayHaveArrived': return { tone: 'warn', label: m.compare_unknown() };
  }
}

/** What the columns are measured by, for eyes and for the copy. */
export function measures(column: Column): Record<'first' | 'total' | 'tokens' | 'words', string> {
  const { turn } = column;
  return {
    first: duration(turn?.firstMs),
    total: duration(turn?.open ? null : turn?.tookMs),
    tokens: number(turn?.tokens),
    words: number(column.words()),
  };
}

/** A column as a row of the table that is copied. */
export function answerOf(column: Column): Answer {
  const { turn } = column;
  const { label } = standingSign(column, '…');
  const state = turn?.state.type === 'failed' ? `${label}: ${failureText(turn.state.failure).title}` : label;
  return { name: showHidden(column.name), state, ...measures(column), reply: turn?.reply ?? '' };
}
