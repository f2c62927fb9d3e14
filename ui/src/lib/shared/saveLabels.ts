/** Saves the labels of the open profile as a file, and says what came of it. */
import type { LabelFormat } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { m } from '$lib/paraglide/messages';
import { toast } from '$lib/parts/toast';
import { asFailure, failureText } from '$lib/text/failure';

export async function saveLabels(ipc: Pick<Ipc, 'exportLabels'>, format: LabelFormat): Promise<void> {
  try {
    if (await ipc.exportLabels(format)) toast.ok(m.labels_exported());
  } catch (thrown) {
    toast.bad(m.labels_export_failed(), { detail: failureText(asFailure(thrown)).text });
  }
}
