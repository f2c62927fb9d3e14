/** An act for a terminal, on the clipboard. Belongs here: saying it and telling that it was copied. What is said is the core's. */
import type { SpokenAct } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { m } from '$lib/paraglide/messages';
import type { Copy } from '$lib/parts/copy';
import { toast } from '$lib/parts/toast';
import { asFailure, failureText } from '$lib/text/failure';

export type SpokenForm = 'command' | 'curl';

/** Copies an act. Secrets are left out of it, and the toast says so. */
export async function copyAct(ipc: Pick<Ipc, 'speakAct'>, copy: Copy, act: SpokenAct, form: SpokenForm): Promise<void> {
  try {
    const spoken = await ipc.speakAct(act);
    const text = form === 'command' ? spoken.command : spoken.curl;
    if (text === null) return void toast.warn(m.acts_spoken_none(), { detail: m.acts_spoken_none_text(), id: 'spoken' });
    await copy(text);
    const key = form === 'command' ? m.acts_spoken_key_command() : m.acts_spoken_key_curl();
    toast.ok(form === 'command' ? m.acts_spoken_command_done() : m.acts_spoken_curl_done(), { detail: spoken.masked ? m.acts_spoken_masked() : key, id: 'spoken' });
  } catch (thrown) {
    toast.bad(m.acts_spoken_failed(), { detail: failureText(asFailure(thrown)).text, id: 'spoken' });
  }
}
