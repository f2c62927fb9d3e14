/**
 * What to do now: one sentence on why, one on what, and the acts in order. Pure.
 * Belongs here: the decision. Does not belong here: doing it (the card), recognising errors (lib/signatures).
 */
import { USUAL_START } from '$lib/local/starting';
import { roughly } from '$lib/local/words';
import { m } from '$lib/paraglide/messages';
import { actionOf, causeOf, type Recognised, type SignatureAct } from '$lib/signatures/signatures';
import type { VerdictKind } from './verdict';

/** What a person can do from here. */
export type Act = Exclude<SignatureAct, 'none'> | 'chat' | 'refresh' | 'fleet' | 'startAgain';

export interface NextStep {
  tone: 'bad' | 'warn' | 'info';
  why: string;
  what: string;
  /** The first is the one we would do. */
  acts: Act[];
}

interface Known {
  kind: VerdictKind;
  recognised: Recognised | null;
  /** The platform or the agent names an error. */
  problem: boolean;
  /** The agent has never reported since it was made, though it should have long ago. */
  neverReported: boolean;
  /** It runs on this computer for real. */
  real?: boolean;
  /** The platform can be asked: without a key it can not. */
  mayAsk: boolean;
}

/** What asks the platform. */
const ASKS: readonly Act[] = ['refresh', 'diagnose'];

/** The next step, or null where all is well and nothing is left to prove. */
export function nextStep(known: Known): NextStep | null {
  const step = stepFor(known);
  return step && !known.mayAsk ? { ...step, acts: step.acts.filter((act) => !ASKS.includes(act)) } : step;
}

function stepFor({ kind, recognised, problem, neverReported, mayAsk, real }: Known): NextStep | null {
  if (kind === 'gone' || kind === 'deleting') return null;
  // An old answer proves nothing: first of all, look again.
  if (kind === 'notKnown' || kind === 'neverSeen' || kind === 'wasRunning') {
    return { tone: 'info', why: m.history_next_old(), what: mayAsk ? m.history_next_old_what() : m.history_next_no_key(), acts: ['refresh', 'diagnose'] };
  }
  if (kind === 'starting') return { tone: 'info', why: real ? m.history_next_starting({ span: roughly(USUAL_START) }) : m.history_next_starting_elsewhere(), what: m.history_next_starting_what(), acts: ['logs'] };
  if (kind === 'startingLate') return { tone: 'warn', why: m.history_next_starting_late({ span: roughly(USUAL_START) }), what: m.history_next_starting_late_what(), acts: ['logs', 'diagnose'] };
  if (kind === 'givenUp') return { tone: 'bad', why: recognised ? causeOf(recognised.signature) : m.history_next_given_up(), what: m.history_next_given_up_what(), acts: ['startAgain', 'logs'] };
  if (recognised) {
    const { signature } = recognised;
    return { tone: signature.severity, why: causeOf(signature), what: actionOf(signature), acts: actsOf(signature.act, kind) };
  }
  if (kind === 'failed') return { tone: 'bad', why: m.history_next_failed(), what: m.history_next_failed_what(), acts: ['logs', 'delete'] };
  if (neverReported) return { tone: 'warn', why: m.history_next_never_reported(), what: m.history_next_never_reported_what(), acts: ['rotateKey', 'diagnose', 'logs'] };
  if (kind === 'silent' || kind === 'noHeartbeat') return { tone: 'warn', why: m.history_next_silent(), what: m.history_next_silent_what(), acts: ['diagnose', 'chat', 'logs'] };
  if (kind === 'skewed') return { tone: 'warn', why: m.history_next_skewed(), what: m.history_next_skewed_what(), acts: ['diagnose', 'chat'] };
  if (problem || kind === 'unwell' || kind === 'down' || kind === 'ailing') return { tone: kind === 'unwell' || kind === 'down' ? 'bad' : 'warn', why: m.history_next_unwell(), what: m.history_next_unwell_what(), acts: ['diagnose', 'logs', 'chat'] };
  if (kind === 'otherStatus') return { tone: 'info', why: m.history_next_other_status(), what: m.history_next_other_status_what(), acts: ['diagnose', 'chat'] };
  if (kind === 'onItsWay') return { tone: 'info', why: m.history_next_on_its_way(), what: m.history_next_on_its_way_what(), acts: ['logs'] };
  if (kind === 'running') return { tone: 'info', why: m.history_next_unproven(), what: m.history_next_unproven_what(), acts: ['chat'] };
  return null;
}

/** The signature's own act first, then what helps with anything; what has failed for good can be deleted. */
function actsOf(act: SignatureAct, kind: VerdictKind): Act[] {
  const acts: Act[] = [...(act === 'none' ? [] : [act]), 'logs', ...(kind === 'failed' ? ['delete' as const] : ['diagnose' as const])];
  return [...new Set(acts)];
}
