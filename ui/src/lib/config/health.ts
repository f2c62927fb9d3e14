/** How an agent takes a new configuration: its health before, and what a minute of looking shows. Pure; the clock is the caller's. */

export interface Pulse { status: string | null; health: string | null; failures: number | null; heartbeat: string | null }

/** How long a new configuration is watched, in milliseconds. */
export const WATCH = 60_000;
/** How often the platform is asked meanwhile. */
export const LOOK = 5_000;

/** `same`: not healthy, and not worse than it was. */
export type Verdict = 'watching' | 'healthy' | 'same' | 'worse' | 'unknown';

/** From bad to good; a word that nobody knows says nothing. */
const GRADES = ['unreachable', 'unhealthy', 'failed', 'degraded', 'healthy'];
const grade = (health: string | null) => GRADES.indexOf(health?.trim().toLowerCase() ?? '');

export function judge(before: Pulse, now: Pulse, elapsed: number): Verdict {
  const [was, is] = [grade(before.health), grade(now.health)];
  const fell = is >= 0 && was >= 0 && is < was;
  const failed = (now.failures ?? 0) > (before.failures ?? 0);
  const stopped = before.status === 'running' && now.status !== null && now.status !== 'running';
  if (fell || failed || stopped) return 'worse';
  if (elapsed < WATCH) return 'watching';
  return is < 0 ? 'unknown' : is === grade('healthy') ? 'healthy' : 'same';
}
