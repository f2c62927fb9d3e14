/** Turning the reading of conversations off: the same wherever it is pressed. */
import { m } from '$lib/paraglide/messages';
import { toast } from '$lib/parts/toast';
import type { Consent } from '$lib/stores/consent.svelte';
import { number } from '$lib/text/number';

/** True when it is off. Why not is in `consent.failure`. */
export async function turnOff(consent: Consent): Promise<boolean> {
  if ((await consent.revoke()) !== null || consent.contradicted) return false;
  const count = consent.purged;
  toast.ok(m.conversations_revoked_toast(), { id: 'consent', ...(count > 0 ? { detail: m.conversations_purged({ count, shown: number(count) }) } : {}) });
  return true;
}
