/** Why nothing can be said to an instance now. Pure. */
import type { Phase } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';

export function blockedText(phase: Phase, name: string, denied: boolean): string | null {
  if (denied) return m.chat_blocked_denied();
  switch (phase) {
    case 'onItsWay': return m.chat_blocked_onItsWay({ name });
    case 'failed': return m.chat_blocked_failed({ name });
    case 'deleting': return m.chat_blocked_deleting({ name });
    case 'gone': return m.chat_blocked_gone({ name });
    // An unknown status proves nothing: the platform decides.
    default: return null;
  }
}
