/** What a health word looks like. Belongs here: its sign. Does not belong here: an instance's status (../status). */
import type { Tone } from '$lib/parts/Sign.svelte';

/** The sign of a health word. Only one that is known to be good is green. */
export function healthTone(health: string | null): Tone {
  switch (health?.trim().toLowerCase()) {
    case 'healthy': case 'ok': return 'ok';
    // What this app's own platform says of an agent that is not up yet.
    case 'starting': return 'busy';
    case 'degraded': case 'warning': return 'warn';
    case 'unhealthy': case 'unreachable': case 'critical': case 'failed': case 'dead': return 'bad';
    default: return 'unknown';
  }
}

/** The sign of a health word as it is known now: good news stays green only as long as it is new. */
export function healthToneNow(health: string | null, isNew: boolean): Tone {
  const tone = healthTone(health);
  return tone === 'ok' && !isNew ? 'unknown' : tone;
}
