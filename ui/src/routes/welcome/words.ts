/**
 * What connecting a platform ran into, told apart for a person who typed an address and a key. Pure.
 * The general words for a failure are in `$lib/text/failure`; these know which host was asked.
 */
import type { Failure } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import { addressText, failureText, type FailureWords } from '$lib/text/failure';

/** The host of what was typed, as far as it is one yet. */
export function hostOf(typed: string): string {
  try {
    return new URL(typed.trim()).host;
  } catch {
    return '';
  }
}

/** The scope that lists instances. */
const READ = 'instances:read';

export interface ConnectWords extends FailureWords {
  /** Where it belongs: at the address, at the credential, or below the form. */
  field: 'url' | 'secret' | null;
}

export function connectWords(failure: Failure, typedUrl: string): ConnectWords {
  const host = hostOf(typedUrl) || typedUrl.trim();
  const general = failureText(failure);
  const { code } = failure;
  switch (code.type) {
    case 'badAddress': return { ...general, title: addressText(code.problem), field: 'url' };
    case 'offline': return { ...general, title: m.welcome_failed_offline({ host }), text: '', field: null };
    case 'notOurApi': return { ...general, title: m.welcome_failed_notOurApi({ host }), text: code.redirect ? general.text : m.welcome_failed_notOurApi_text(), field: null };
    case 'notFound': return { ...general, title: m.welcome_failed_notFound({ host }), text: '', next: m.welcome_failed_address_next(), field: null };
    case 'credentialRefused': return { ...general, title: m.welcome_failed_refused({ host }), text: '', next: m.welcome_failed_refused_next(), field: 'secret' };
    case 'notAllowed': return {
      ...general, title: m.welcome_failed_notAllowed(), text: m.welcome_failed_notAllowed_text({ scope: code.scope ?? READ }), next: m.welcome_failed_notAllowed_next(), field: null,
    };
    // What was typed under Advanced: the core's own sentence says what is wrong.
    case 'invalid': return { ...general, title: m.profiles_invalid_title(), text: code.message ?? general.text, next: '', field: null };
    default: return { ...general, field: null };
  }
}
