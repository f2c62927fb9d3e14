/** What the cells say that are not from the list: how old it is, and what it says of then. Pure. */
import type { Seen } from '$lib/ipc/bindings';
import { age, within } from '$lib/text/time';

/** What was seen longer ago than this carries its age, in milliseconds: a heartbeat goes by in a minute, a version stays. */
const FRESH = { heartbeat: 60_000, version: 3_600_000, cost: 3_600_000 };

export const isOld = (what: keyof typeof FRESH, seenAt: string, now: number): boolean => !within(seenAt, now, FRESH[what]);

/** For how long an agent had been silent when it was looked at: since then nobody knows. Of a look just now that is how long it is. */
export function silenceOf({ value, seenAt }: Seen<string>, now: number): string {
  return age(value, isOld('heartbeat', seenAt, now) ? Date.parse(seenAt) : now);
}
