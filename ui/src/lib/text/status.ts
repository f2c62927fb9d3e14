/**
 * What an instance's status looks like, and what an instance is called, wherever one is named.
 * Belongs here: the tone and word of a status, names to fall back on. Does not belong here: what may be done with it.
 */
import type { InstanceSummary } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';

/** Statuses are an open set: one nobody knows is shown as it is, and means nothing. */
const KNOWN: Record<string, { tone: Tone; label: () => string }> = {
  running: { tone: 'ok', label: m.fleet_status_running },
  provisioning: { tone: 'busy', label: m.fleet_status_provisioning },
  failed: { tone: 'bad', label: m.fleet_status_failed },
  error: { tone: 'bad', label: m.fleet_status_error },
  deleting: { tone: 'deleting', label: m.fleet_status_deleting },
  deleted: { tone: 'deleting', label: m.fleet_status_deleted },
};

/** The sign of a status. */
export function statusSign(status: string | null): { tone: Tone; label: string } {
  if (!status) return { tone: 'unknown', label: m.fleet_status_none() };
  const known = Object.hasOwn(KNOWN, status) ? KNOWN[status] : undefined;
  return known ? { tone: known.tone, label: known.label() } : { tone: 'unknown', label: showHidden(status.slice(0, 80)) };
}

/** What it is called: its name, else its host, else the start of its id. */
export function nameOf(row: Pick<InstanceSummary, 'id' | 'agent_name' | 'hostname'>): string {
  return showHidden(row.agent_name?.trim() || row.hostname?.trim() || row.id.slice(0, 8));
}
