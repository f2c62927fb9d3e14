/**
 * What a failure means to a person: what happened, what it means, what to do. Decided by the closed code alone;
 * words of the server are quoted, never matched on.
 */
import type { Code, Failure } from '$lib/ipc/bindings';
import { ended, serverSays } from './says';
import { m } from '$lib/paraglide/messages';
import { duration, exactTime } from './time';

export interface FailureWords { title: string; text: string; next: string; detail: string }

const quoted = (message: string | null, otherwise: string): string =>
  message?.trim() ? serverSays(message) : otherwise;

/** Title, meaning, next act. A new code fails to compile until it has its words. */
function words(code: Code): [title: string, text: string, next: string] {
  switch (code.type) {
    case 'offline': return [m.failure_offline_title(), m.failure_offline_text(), m.failure_offline_next()];
    case 'badCertificate': return [m.failure_badCertificate_title({ host: code.host }), certificateText(code), certificateNext(code.problem)];
    case 'notOurApi': return [m.failure_notOurApi_title(), code.redirect ? m.failure_notOurApi_redirected({ redirect: code.redirect }) : m.failure_notOurApi_text(), m.failure_notOurApi_next()];
    case 'badAddress': return [m.failure_badAddress_title(), addressText(code.problem), m.failure_badAddress_next()];
    case 'credentialRefused': return [m.failure_credentialRefused_title(), m.failure_credentialRefused_text(), m.failure_credentialRefused_next()];
    case 'notAllowed': return [m.failure_notAllowed_title(), code.scope ? m.failure_notAllowed_scope({ scope: code.scope }) : quoted(code.message, m.failure_notAllowed_text()), m.failure_notAllowed_next()];
    case 'notFound': return [m.failure_notFound_title(), quoted(code.message, m.failure_notFound_text()), m.failure_notFound_next()];
    case 'conflict': return [m.failure_conflict_title(), quoted(code.message, m.failure_conflict_text()), m.failure_conflict_next()];
    case 'invalid': return [m.failure_invalid_title(), quoted(code.message, m.failure_invalid_text()), m.failure_invalid_next()];
    case 'tooManyRequests': return [m.failure_tooManyRequests_title(), m.failure_tooManyRequests_text(), code.retryAfterSeconds === null ? m.failure_tooManyRequests_next() : m.failure_tooManyRequests_wait({ span: duration(code.retryAfterSeconds * 1000) })];
    case 'serverFailed': return serverFailed(code.status, code.message);
    case 'unreadable': return [m.failure_unreadable_title(), m.failure_unreadable_text(), m.failure_unreadable_next()];
    case 'mayHaveArrived': return [m.failure_mayHaveArrived_title(), m.failure_mayHaveArrived_text(), m.failure_mayHaveArrived_next()];
    case 'noSession': return [m.failure_noSession_title(), m.failure_noSession_text(), m.failure_noSession_next()];
    case 'broken': return [m.failure_broken_title(), m.failure_broken_text(), m.failure_broken_next()];
    case 'storage': return [m.failure_storage_title(), m.failure_storage_text(), m.failure_storage_next()];
    case 'keystore': return [m.failure_keystore_title(), m.failure_keystore_text(), m.failure_keystore_next()];
    case 'locked': return [m.failure_locked_title(), m.failure_locked_text(), m.failure_locked_next()];
    case 'wrongPassphrase': return [m.failure_wrongPassphrase_title(), m.failure_wrongPassphrase_text(), m.failure_wrongPassphrase_next()];
    case 'vaultBroken': return [m.failure_vaultBroken_title(), m.failure_vaultBroken_text(), m.failure_vaultBroken_next()];
    case 'noKey': return [m.failure_noKey_title(), m.failure_noKey_text(), m.failure_noKey_next()];
    case 'readOnly': return [m.failure_readOnly_title(), m.failure_readOnly_text(), m.failure_readOnly_next()];
    case 'readsOtherwise': return [m.failure_readsOtherwise_title(), { fields: m.failure_readsOtherwise_fields, policyOnlyStored: m.failure_readsOtherwise_policy, consentGranted: m.failure_readsOtherwise_consent }[code.what](), m.failure_readsOtherwise_next()];
    case 'declined': return [m.failure_declined_title(), m.failure_declined_text(), m.failure_declined_next()];
    case 'deployOpen': return [m.failure_deployOpen_title(), m.failure_deployOpen_text(), m.failure_deployOpen_next()];
  }
}

/** Under a status of success it is the agent that failed, in the midst of its reply. */
function serverFailed(status: number, message: string | null): [title: string, text: string, next: string] {
  if (status === 200) return [m.failure_reply_title(), message?.trim() ? ended(message) : m.failure_reply_text(), m.failure_reply_next()];
  return [m.failure_serverFailed_title({ status }), quoted(message, m.failure_serverFailed_text()), m.failure_serverFailed_next()];
}

export function failureText(failure: Failure): FailureWords {
  const [title, text, next] = words(failure.code);
  return { title, text, next, detail: failure.detail };
}

/** Whether doing the same once more can end otherwise. Without a key it can not: one has to be entered first. */
export const mayHelpAgain = (failure: Failure): boolean => failure.code.type !== 'noKey';

type BadCertificate = Code & { type: 'badCertificate' };

function certificateText({ problem, at }: BadCertificate): string {
  const date = at && exactTime(at);
  switch (problem) {
    case 'expired': return date ? m.failure_badCertificate_expired({ at: date }) : m.failure_badCertificate_expired_undated();
    case 'notYetValid': return date ? m.failure_badCertificate_notYetValid({ at: date }) : m.failure_badCertificate_notYetValid_undated();
    case 'wrongHost': return m.failure_badCertificate_wrongHost();
    case 'notTrusted': return m.failure_badCertificate_notTrusted();
    case 'other': return m.failure_badCertificate_other();
  }
}

function certificateNext(problem: BadCertificate['problem']): string {
  switch (problem) {
    case 'expired':
    case 'notYetValid': return m.failure_badCertificate_next_clock();
    case 'wrongHost': return m.failure_badCertificate_next_host();
    case 'notTrusted':
    case 'other': return m.failure_badCertificate_next_trust();
  }
}

/** What is wrong with a typed address, for the field it was typed in. */
export function addressText(problem: (Code & { type: 'badAddress' })['problem']): string {
  switch (problem) {
    case 'notAUrl': return m.failure_address_notAUrl();
    case 'notSecure': return m.failure_address_notSecure();
    case 'userinfo': return m.failure_address_userinfo();
    case 'query': return m.failure_address_query();
  }
}

/** What a call rejected with, as a `Failure`. Anything else is the app's own accident and keeps its words as the detail. */
export function asFailure(thrown: unknown): Failure {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'detail' in thrown) {
    const { code } = thrown as Failure;
    if (typeof code === 'object' && code !== null && typeof code.type === 'string') return thrown as Failure;
  }
  return { code: { type: 'unreadable' }, detail: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown) };
}
