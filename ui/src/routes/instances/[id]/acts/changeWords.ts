/** One change that this app saw, in words. Hostile text is made visible. Pure. */
import type { HistoryEntry } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';

const ACTS: ReadonlyMap<string, () => string> = new Map([
  ['update_config', m.acts_change_update_config],
  ['patch_platform_config', m.acts_change_patch_platform_config],
  ['update_model_policy', m.acts_change_update_model_policy],
]);
const shown = (text: string | null) => showHidden((text ?? '').trim().slice(0, 120));

export function changeText({ kind, from, to }: HistoryEntry): string {
  if (kind === 'version') return from?.trim() ? m.acts_change_version({ from: shown(from), to: shown(to) }) : m.acts_change_version_to({ to: shown(to) });
  if (kind === 'act') return ACTS.get(to ?? '')?.() ?? shown(to);
  return m.acts_change_config();
}
