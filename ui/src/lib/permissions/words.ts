/** Why something is forbidden, in words. Pure. Belongs here: sentences. Does not belong here: the decision (`mayDo.ts`). */
import type { Failure, SessionView } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { failureText, type FailureWords } from '$lib/text/failure';
import { serverSays } from '$lib/text/says';
import type { Right } from './key';
import { holds, knownScopes, type May } from './mayDo';
import { isOperation, type LocalAct, type Operation } from './operations';

/** One sentence, and what can be done. Null where it is allowed. */
export function reasonText(may: May): string | null {
  if (may.allowed) return null;
  switch (may.why) {
    case 'readOnly': return m.permission_readOnly();
    case 'noKey': return m.permission_noKey();
    case 'scope': return m.permission_scope({ scope: may.scope });
    case 'admin': return m.permission_admin();
    case 'refused': return m.permission_refused({ scope: may.scope });
    case 'here': return [m.permission_here(), may.says ? serverSays(showHidden(may.says)) : ''].filter(Boolean).join(' ');
  }
}

/** A few words, for a menu or a list. */
export function reasonShort(may: May): string | null {
  if (may.allowed) return null;
  switch (may.why) {
    case 'readOnly': return m.permission_readOnly_short();
    case 'noKey': return m.permission_noKey_short();
    case 'scope': return m.permission_scope_short({ scope: may.scope });
    case 'admin': return m.permission_admin_short();
    case 'refused': return m.permission_refused_short();
    case 'here': return m.permission_here_short();
  }
}

/**
 * A failure in words that know the key. A 403 although the key has the scope is about something else (another
 * customer's instance, a quota, an admin's act): then the platform's own sentence counts.
 */
export function failureWords(view: Pick<SessionView, 'key'> | null, failure: Failure): FailureWords {
  const general = failureText(failure);
  const { code } = failure;
  if (code.type !== 'notAllowed' || !code.scope) return general;
  const scopes = knownScopes(view?.key?.scopes);
  if (scopes && !holds(scopes, code.scope)) return general;
  const says = code.message?.trim() ? serverSays(showHidden(code.message)) : '';
  if (!scopes) return { ...general, text: [says, m.permission_failed_perhaps({ scope: code.scope })].filter(Boolean).join(' ') };
  return { ...general, title: m.permission_failed_title(), text: [says, m.permission_failed_held({ scope: code.scope })].filter(Boolean).join(' '), next: m.permission_failed_next() };
}

const RIGHTS: Record<Right, { may: () => string; not: () => string }> = {
  'instances:read': { may: m.permission_may_read, not: m.permission_not_read },
  'instances:write': { may: m.permission_may_write, not: m.permission_not_write },
  'instances:delete': { may: m.permission_may_delete, not: m.permission_not_delete },
};

export const rightText = (right: Right, held: boolean): string => (held ? RIGHTS[right].may() : RIGHTS[right].not());

const ACTS: Partial<Record<Operation, () => string>> = {
  create_instance: m.permission_act_create_instance, delete_instance: m.permission_act_delete_instance, chat: m.permission_act_chat,
  cleanup_instances: m.permission_act_cleanup_instances, rotate_agent_key: m.permission_act_rotate_agent_key, apply_updates: m.permission_act_apply_updates,
  update_config: m.permission_act_update_config, patch_platform_config: m.permission_act_patch_platform_config,
  update_model_policy: m.permission_act_update_model_policy, update_consent: m.permission_act_update_consent,
};

/** An operation as people call it; one that has no word keeps its name. */
export const actText = (operation: string): string => (isOperation(operation) ? ACTS[operation]?.() : null) ?? operation;

const CONFIRMS: Partial<Record<Operation | LocalAct, () => string>> = {
  create_instance: m.confirm_act_create_instance, delete_instance: m.confirm_act_delete_instance, chat: m.confirm_act_chat,
  cleanup_instances: m.confirm_act_cleanup_instances, rotate_agent_key: m.confirm_act_rotate_agent_key, apply_updates: m.confirm_act_apply_updates,
  update_config: m.confirm_act_update_config, patch_platform_config: m.confirm_act_patch_platform_config,
  update_model_policy: m.confirm_act_update_model_policy, update_consent: m.confirm_act_update_consent,
  install_local_runtime: m.confirm_act_install_local_runtime, remove_local_runtime: m.confirm_act_remove_local_runtime,
  set_keep_running: m.confirm_act_set_keep_running, put_model_provider: m.confirm_act_put_model_provider,
  delete_model_provider: m.confirm_act_delete_model_provider, put_local_permission: m.confirm_act_put_local_permission,
  remove_demo: m.confirm_act_remove_demo, start_bulk: m.confirm_act_start_bulk,
};

/** What is about to be done, at the start of a sentence. */
export const confirmAct = (operation: Operation | LocalAct): string => CONFIRMS[operation]?.() ?? operation;
