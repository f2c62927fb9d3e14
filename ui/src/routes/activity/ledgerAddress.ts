/** The filter of the activity as an address, and back: a view can be copied as a link. Pure. */
import type { LedgerOutcome, LedgerQuery } from '$lib/ipc/bindings';
import { EVERYTHING } from '$lib/stores/ledger.svelte';

export const SPANS = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 } as const;
export type Span = keyof typeof SPANS;

export interface LedgerFilter {
  text: string;
  act: string;
  profile: string;
  outcome: LedgerOutcome | '';
  span: Span | '';
  target: string;
}

export const NO_FILTER: LedgerFilter = { text: '', act: '', profile: '', outcome: '', span: '', target: '' };

const isOutcome = (word: string): word is LedgerOutcome => ['done', 'failed', 'unknown'].includes(word);
const isSpan = (word: string): word is Span => Object.hasOwn(SPANS, word);

export function readFilter(parameters: URLSearchParams): LedgerFilter {
  const word = (name: string) => parameters.get(name) ?? '';
  const [outcome, span] = [word('outcome'), word('span')];
  return { text: word('q'), act: word('act'), profile: word('profile'), outcome: isOutcome(outcome) ? outcome : '', span: isSpan(span) ? span : '', target: word('target') };
}

export function filterAddress(filter: LedgerFilter): string {
  const parameters = new URLSearchParams();
  const { text, ...words } = filter;
  for (const [name, value] of Object.entries({ q: text, ...words })) if (value) parameters.set(name, value);
  return parameters.size === 0 ? '/activity' : `/activity?${parameters.toString()}`;
}

export function queryOf({ text, act, profile, outcome, span, target }: LedgerFilter, now: number): LedgerQuery {
  return {
    ...EVERYTHING,
    text: text.trim(), acts: act ? [act] : [], profile: profile || null, outcomes: outcome ? [outcome] : [], target: target || null,
    from: span ? new Date(now - SPANS[span]).toISOString() : null,
  };
}
