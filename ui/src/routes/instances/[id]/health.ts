/** What a health word looks like. Belongs here: its sign. Does not belong here: an instance's status (../status). */
import type { Tone } from '$lib/parts/Sign.svelte';

/** The sign of a health word. Only one that is known to be good is green. */
export function healthTone(health: string | null): Tone {
  switch (health?.toLowerCase()) {
    case 'healthy': return 'ok';
    case 'degraded': return 'warn';
    case 'unhealthy': return 'bad';
    default: return 'unknown';
  }
}
