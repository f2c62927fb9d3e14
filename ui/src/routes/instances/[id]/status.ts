/** What a phase looks like and is called. Belongs here: sign and word. Does not belong here: how a phase is found. */
import type { Phase } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import { showHidden } from '$lib/markdown/visible';
import type { Tone } from '$lib/parts/Sign.svelte';

const TONES: Record<Phase, Tone> = { running: 'ok', onItsWay: 'busy', failed: 'bad', deleting: 'deleting', gone: 'deleting', unknown: 'unknown' };

/** The sign of a phase. */
export function toneOf(phase: Phase): Tone {
  return TONES[phase];
}

/** The word for it; a status nobody has documented is shown as it is. */
export function wordOf(phase: Phase, status: string | null): string {
  switch (phase) {
    case 'running': return m.instance_status_running();
    case 'onItsWay': return m.instance_status_onItsWay();
    case 'failed': return m.instance_status_failed();
    case 'deleting': return m.instance_status_deleting();
    case 'gone': return m.instance_status_gone();
    case 'unknown': return status?.trim() ? m.instance_status_other({ status: showHidden(status.trim()).slice(0, 80) }) : m.instance_status_unknown();
  }
}

/** The sign of a health word. Only one that is known to be good is green. */
export function healthTone(health: string | null): Tone {
  switch (health?.toLowerCase()) {
    case 'healthy': return 'ok';
    case 'degraded': return 'warn';
    case 'unhealthy': return 'bad';
    default: return 'unknown';
  }
}
