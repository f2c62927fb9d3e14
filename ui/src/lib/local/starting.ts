/**
 * A real agent that is being started, or started again, as its platform reports it. Pure.
 * Belongs here: telling it from one that is unwell, since when, and whether that takes too long. Does not belong here: words.
 */
import type { RuntimeStatus, Seen } from '$lib/ipc/bindings';

/** How long a start usually takes, in seconds: OpenClaw was seen to be ready after 14 to 32. */
export const USUAL_START = 20;

export interface Starting {
  /** Null where it is not told. */
  since: string | null;
  /** Longer than it should take: something may be wrong. */
  late: boolean;
}

const isLate = ({ error_code }: RuntimeStatus): boolean => error_code === 'agent_starting';
export const isStarting = (runtime: RuntimeStatus): boolean => runtime.health_status === 'starting' || isLate(runtime);

/** It runs no more and nobody starts it again: unwell, and nothing was heard from what runs now. */
export const isGivenUp = ({ health_status, last_heartbeat }: RuntimeStatus): boolean => health_status === 'unhealthy' && last_heartbeat === null;

/** Null for an agent that is not being started. */
export function startingOf(seen: Seen<RuntimeStatus> | null): Starting | null {
  if (!seen || !isStarting(seen.value)) return null;
  const runtime = seen.value;
  const at = Date.parse(seen.seenAt);
  const known = runtime.uptime_seconds !== null && !Number.isNaN(at);
  return { since: known ? new Date(at - (runtime.uptime_seconds ?? 0) * 1000).toISOString() : null, late: isLate(runtime) };
}
