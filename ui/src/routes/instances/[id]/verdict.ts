/**
 * Is it alive: one verdict from what is known and how old that is. Pure: the present comes from outside.
 * Belongs here: which case it is, its sign and its sentence. Does not belong here: what to do about it (nextStep.ts).
 */
import type { Phase } from '$lib/ipc/bindings';
import type { AgentKind } from '$lib/local/recipe';
import type { Starting } from '$lib/local/starting';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import { age, ago, clockTime, dayOf } from '$lib/text/time';
import { healthTone } from './health';

/** Only an answer younger than this proves anything about now, in milliseconds. */
export const FRESH = 2 * 60_000;
/** An answer older than this says nothing any more. */
const FORGOTTEN = 10 * 60_000;
/** An agent that has not reported for this long is silent. Its heart beats every few seconds. */
export const SILENT_AFTER = 5 * 60_000;
/** An answer in the chat proves that it answers for this long. */
const PROOF_LASTS = 24 * 3_600_000;
/** Clocks of two computers differ by less than this. */
const SKEW = 60_000;

export interface Signs {
  phase: Phase;
  status: string | null;
  health: string | null;
  /** When the platform last answered about it, when its agent last reported, when it last answered a question. */
  fetchedAt: string | null;
  heartbeatAt: string | null;
  provenAt: string | null;
  /** The step at which a diagnosis failed, and when, in milliseconds since 1970. */
  trouble?: { step: string; at: number } | null;
  /** Where it is being started; only agents on this computer say so. */
  starting?: Starting | null;
  agent?: AgentKind | null;
  now: number;
}

export type VerdictKind =
  | 'neverSeen' | 'notKnown' | 'wasRunning' | 'deleting' | 'gone' | 'failed' | 'onItsWay' | 'otherStatus'
  | 'starting' | 'startingLate' | 'givenUp' | 'down' | 'unwell' | 'ailing' | 'noHeartbeat' | 'skewed' | 'silent' | 'answering' | 'running' | 'doubted';

export interface Verdict { kind: VerdictKind; tone: Tone }

/** How long ago, or null where nobody knows. */
function since(iso: string | null, now: number): number | null {
  const at = iso ? Date.parse(iso) : Number.NaN;
  return Number.isNaN(at) ? null : now - at;
}

export function verdictOf(signs: Signs): Verdict {
  const verdict = fromSigns(signs);
  // Good news gives way to a look that failed after it.
  const { trouble, fetchedAt } = signs;
  return verdict.tone === 'ok' && trouble && trouble.at >= Date.parse(fetchedAt ?? '') ? { kind: 'doubted', tone: 'warn' } : verdict;
}

function fromSigns(signs: Signs): Verdict {
  const { phase, now } = signs;
  if (phase === 'gone') return { kind: 'gone', tone: 'deleting' };
  const fetched = since(signs.fetchedAt, now);
  if (fetched === null) return { kind: 'neverSeen', tone: 'unknown' };
  // An answer of the future was told by another clock: it proves nothing about now.
  if (fetched >= FORGOTTEN || fetched < -SKEW) return { kind: 'notKnown', tone: 'unknown' };
  if (fetched >= FRESH) return phase === 'running' ? { kind: 'wasRunning', tone: 'warn' } : { kind: 'notKnown', tone: 'unknown' };
  switch (phase) {
    case 'failed': return { kind: 'failed', tone: 'bad' };
    case 'deleting': return { kind: 'deleting', tone: 'deleting' };
    case 'onItsWay': return { kind: 'onItsWay', tone: 'busy' };
    case 'unknown': return { kind: 'otherStatus', tone: 'unknown' };
    case 'running': return alive(signs);
  }
}

/** What says that it runs still has to prove it. */
function alive({ health, heartbeatAt, provenAt, now, starting, agent }: Signs): Verdict {
  // Before anything else: nobody expects a heartbeat, or good health, of what is not up yet.
  if (starting) return starting.late ? { kind: 'startingLate', tone: 'warn' } : { kind: 'starting', tone: 'busy' };
  const beat = since(heartbeatAt, now);
  if (beat === null && healthTone(health) === 'bad') return { kind: agent === 'real' ? 'givenUp' : 'down', tone: 'bad' };
  if (beat === null) return { kind: 'noHeartbeat', tone: 'unknown' };
  if (beat < -SKEW) return { kind: 'skewed', tone: 'unknown' };
  if (beat >= SILENT_AFTER) return { kind: 'silent', tone: 'warn' };
  const tone = healthTone(health);
  if (tone === 'bad') return { kind: 'unwell', tone };
  if (tone === 'warn') return { kind: 'ailing', tone };
  const proven = since(provenAt, now);
  return { kind: proven !== null && proven >= -SKEW && proven < PROOF_LASTS ? 'answering' : 'running', tone: 'ok' };
}

/** The verdict as a sentence. */
export function verdictText({ kind }: Verdict, signs: Signs): string {
  const { now, status, health, fetchedAt, heartbeatAt, starting } = signs;
  const beat = age(heartbeatAt, now);
  switch (kind) {
    case 'neverSeen': return m.history_verdict_never_seen();
    case 'notKnown': return m.history_verdict_not_known({ since: moment(fetchedAt, now) });
    case 'wasRunning': return m.history_verdict_was_running({ ago: ago(fetchedAt, now) });
    case 'deleting': return m.history_verdict_deleting();
    case 'gone': return m.history_verdict_gone();
    case 'failed': return m.history_verdict_failed();
    case 'onItsWay': return m.history_verdict_on_its_way();
    case 'otherStatus': return status?.trim() ? m.history_verdict_other_status({ status: showHidden(status.trim()) }) : m.history_verdict_no_status();
    case 'starting': case 'startingLate': {
      const from = starting?.since;
      if (!from) return m.history_verdict_starting();
      const words = { time: moment(from, now), span: age(from, now) };
      return kind === 'starting' ? m.history_verdict_starting_since(words) : m.history_verdict_starting_late(words);
    }
    case 'givenUp': return m.history_verdict_given_up();
    case 'down': return m.history_verdict_down({ health: showHidden(health ?? '') });
    case 'unwell': return m.history_verdict_unwell({ health: showHidden(health ?? ''), span: beat });
    case 'ailing': return m.history_verdict_ailing({ health: showHidden(health ?? ''), span: beat });
    case 'noHeartbeat': return m.history_verdict_no_heartbeat();
    case 'skewed': return m.history_verdict_skewed();
    case 'silent': return m.history_verdict_silent({ span: beat });
    case 'answering': return m.history_verdict_answering({ span: beat });
    case 'doubted': return m.history_verdict_doubted({ step: signs.trouble?.step ?? '' });
    case 'running': return m.history_verdict_running({ span: beat });
  }
}

/** `14:02`, with the day in front when it was not within the last day. */
function moment(iso: string | null, now: number): string {
  const span = since(iso, now);
  return span !== null && Math.abs(span) < 20 * 3_600_000 ? clockTime(iso) : m.history_day_time({ day: dayOf(iso), time: clockTime(iso) });
}
