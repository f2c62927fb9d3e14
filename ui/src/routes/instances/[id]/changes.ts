/**
 * One change of an instance, in words. Pure. Belongs here: what it is called, from what to what, and its tone.
 * Does not belong here: in which order changes are shown, how they look.
 */
import type { HistoryEntry, HistoryKind } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import { number } from '$lib/text/number';
import { statusSign } from '../status';
import { healthTone } from './health';

export interface ChangeWords {
  /** What changed, or what was done. */
  what: string;
  /** The value before; null where there was none or it does not matter. */
  from: string | null;
  to: string | null;
  /** More, such as how an act ended. */
  note: string | null;
  tone: Tone | null;
  /** Done from this computer. */
  own: boolean;
}

const KINDS: Record<Exclude<HistoryKind, 'act'>, () => string> = {
  status: m.history_kind_status, health: m.history_kind_health, version: m.history_kind_version, stage: m.history_kind_stage,
  address: m.history_kind_address, error: m.history_kind_error, config: m.history_kind_config,
};

/** Writing operations by their names in the API; one that is new is called by its name. */
const ACTS: Record<string, () => string> = {
  create_instance: m.history_act_create, delete_instance: m.history_act_delete, chat: m.history_act_chat, update_config: m.history_act_config,
  patch_platform_config: m.history_act_platform_config, update_model_policy: m.history_act_model_policy, update_consent: m.history_act_consent,
  grant_consent: m.history_act_grant_consent, revoke_consent: m.history_act_revoke_consent,
  apply_updates: m.history_act_updates, rotate_agent_key: m.history_act_rotate_key, cleanup_instances: m.history_act_cleanup, put_local_permission: m.history_act_put_local_permission,
};

const shown = (text: string | null): string | null => (text?.trim() ? showHidden(text.trim()) : null);

/** How much of a configuration: a bare number counts places. */
function amount(detail: string | null): string | null {
  return detail !== null && /^\d{1,9}$/.test(detail) ? m.history_places({ count: Number(detail), shown: number(Number(detail)) }) : shown(detail);
}

export function changeWords({ kind, from, to, detail }: HistoryEntry): ChangeWords {
  const note = amount(detail);
  if (kind === 'act') {
    const known = to !== null && Object.hasOwn(ACTS, to) ? ACTS[to] : undefined;
    return { what: known?.() ?? m.history_act_other({ operation: shown(to) ?? m.history_nothing() }), from: null, to: null, note, tone: null, own: true };
  }
  if (kind === 'error' && shown(to) === null) return { what: m.history_error_cleared(), from: shown(from), to: null, note, tone: 'ok', own: false };
  // What changed in a configuration is on its own screen.
  if (kind === 'config') return { what: KINDS.config(), from: null, to: null, note: note ?? shown(to), tone: null, own: false };
  const tone = kind === 'status' ? statusSign(to).tone : kind === 'health' ? healthTone(to) : kind === 'error' ? 'bad' : null;
  return { what: KINDS[kind]?.() ?? showHidden(kind), from: shown(from), to: shown(to) ?? m.history_nothing(), note, tone, own: false };
}

/** A change as one line of text, for copies and for a log. */
export function changeText(entry: HistoryEntry): string {
  const { what, from, to, note, own } = changeWords(entry);
  const values = to === null ? from : from === null ? to : `${from} → ${to}`;
  return [own ? m.history_you({ act: what }) : what, values, note].filter((part) => part !== null).join(' · ');
}
