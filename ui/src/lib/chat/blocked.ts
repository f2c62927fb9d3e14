/** Why nothing can be said to an instance now. Pure. */
import type { Phase } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import type { May } from '$lib/permissions/mayDo';
import { reasonText } from '$lib/permissions/words';

export function blockedText(phase: Phase, name: string, may: May): string | null {
  if (!may.allowed) return reasonText(may);
  switch (phase) {
    case 'onItsWay': return m.chat_blocked_onItsWay({ name });
    case 'failed': return m.chat_blocked_failed({ name });
    case 'deleting': return m.chat_blocked_deleting({ name });
    case 'gone': return m.chat_blocked_gone({ name });
    // An unknown status proves nothing: the platform decides.
    default: return null;
  }
}
