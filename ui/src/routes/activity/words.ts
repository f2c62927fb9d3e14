/** Lines of the ledger in words, and where they lead. Pure. */
import type { LedgerLine, LedgerOutcome, LedgerProblem, LedgerVerdict } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';

const ACTS: Record<string, () => string> = {
  create_instance: m.ledger_act_create_instance, resend_deploy: m.ledger_act_resend_deploy, delete_instance: m.ledger_act_delete_instance, chat: m.ledger_act_chat,
  update_config: m.ledger_act_update_config, patch_platform_config: m.ledger_act_patch_platform_config, update_model_policy: m.ledger_act_update_model_policy,
  apply_updates: m.ledger_act_apply_updates, rotate_agent_key: m.ledger_act_rotate_agent_key, cleanup_instances: m.ledger_act_cleanup_instances,
  grant_consent: m.ledger_act_grant_consent, revoke_consent: m.ledger_act_revoke_consent, list_conversations: m.ledger_act_list_conversations,
  get_conversation: m.ledger_act_get_conversation, sign_in: m.ledger_act_sign_in, open_profile: m.ledger_act_open_profile, sign_out: m.ledger_act_sign_out,
  forget_profile: m.ledger_act_forget_profile, install_local_runtime: m.ledger_act_install_local_runtime, remove_local_runtime: m.ledger_act_remove_local_runtime,
  set_keep_running: m.ledger_act_set_keep_running, put_model_provider: m.ledger_act_put_model_provider, delete_model_provider: m.ledger_act_delete_model_provider,
  put_local_permission: m.ledger_act_put_local_permission, remove_demo: m.ledger_act_remove_demo, change_safety: m.ledger_act_change_safety,
};
const DEPLOYS = ['create_instance', 'resend_deploy'];
/** They are about this computer, not about one instance. */
const COMPUTER = ['install_local_runtime', 'remove_local_runtime', 'set_keep_running', 'put_model_provider', 'delete_model_provider', 'remove_demo'];
const PROFILES = ['sign_in', 'open_profile', 'sign_out', 'forget_profile', 'change_safety'];

/** An act that has no words yet is called by its name. */
export const actWords = (act: string): string => (Object.hasOwn(ACTS, act) ? ACTS[act]?.() : undefined) ?? showHidden(act).replaceAll('_', ' ');

export function outcomeSign(outcome: LedgerOutcome): { tone: Tone; label: string } {
  switch (outcome) {
    case 'done': return { tone: 'ok', label: m.ledger_outcome_done() };
    case 'failed': return { tone: 'bad', label: m.ledger_outcome_failed() };
    case 'unknown': return { tone: 'unknown', label: m.ledger_outcome_unknown() };
  }
}

/** What it was about, as people call it. */
export function targetName({ act, target, targetName: name, profileName }: LedgerLine): string {
  if (target === '*') return m.ledger_target_many();
  if (act === 'remove_demo') return m.ledger_target_demo();
  if (name.trim()) return showHidden(name.trim());
  if (PROFILES.includes(act)) return showHidden(profileName);
  return DEPLOYS.includes(act) ? m.ledger_target_deploy() : showHidden(target);
}

/** Where it can be looked at; null where there is no place, or the place belongs to another profile. */
export function targetAddress({ act, target, profile }: LedgerLine, open: string | null): string | null {
  if (profile !== open || target === '*' || PROFILES.includes(act)) return null;
  if (COMPUTER.includes(act)) return '/settings#agents';
  return DEPLOYS.includes(act) ? `/deploys/${encodeURIComponent(target)}` : `/instances/${encodeURIComponent(target)}`;
}

const REASONS: Record<string, () => string> = {
  appEnded: m.ledger_reason_appEnded, notAwaited: m.ledger_reason_notAwaited, stoppedWaiting: m.ledger_reason_stoppedWaiting, noCredential: m.ledger_reason_noCredential,
};

/** A line's details: why it ended as it did, and the rest. */
export function detailOf(line: LedgerLine): { reason: string | null; rest: string | null } {
  let parsed: unknown;
  try { parsed = JSON.parse(line.detail); } catch { return { reason: null, rest: showHidden(line.detail) || null }; }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return { reason: null, rest: showHidden(line.detail) };
  const { reason, ...rest } = parsed as Record<string, unknown>;
  const word = typeof reason === 'string' ? reason : null;
  return {
    reason: word === null ? null : ((Object.hasOwn(REASONS, word) ? REASONS[word]?.() : undefined) ?? showHidden(word)),
    rest: Object.keys(rest).length === 0 ? null : showHidden(JSON.stringify(rest)),
  };
}

export function problemText({ fault, seq }: LedgerProblem): string {
  switch (fault) {
    case 'altered': return m.ledger_broken_altered({ seq });
    case 'removed': return m.ledger_broken_removed({ seq });
    case 'reordered': return m.ledger_broken_reordered({ seq });
    case 'cut': return m.ledger_broken_cut({ seq });
    case 'replaced': return m.ledger_broken_replaced();
  }
}

export function sealText({ seal }: LedgerVerdict): string {
  switch (seal) {
    case 'keystore': return m.ledger_seal_keystore();
    case 'file': return m.ledger_seal_file();
    case 'none': return m.ledger_seal_none();
  }
}
