/** Opens another profile and shows its fleet; says so when it can not. From the sidebar and from the palette. */
import type { Profile } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import { toast } from '$lib/parts/toast';
import type { Session } from '$lib/stores/session.svelte';
import { asFailure, failureText } from '$lib/text/failure';

export async function changeProfile(session: Session, to: Profile, go: (address: string) => unknown): Promise<void> {
  if (to.id === session.profile?.id) return;
  try {
    await session.open(to.id);
    await go('/instances');
  } catch (thrown) {
    const words = failureText(asFailure(thrown));
    toast.bad(m.app_switch_failed({ name: to.name }), { detail: `${words.title}. ${words.next}` });
  }
}
