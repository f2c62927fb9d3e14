/** What the cells say that are not from the list: how old it is, and what it says of then. Pure. */
import type { Seen } from '$lib/ipc/bindings';
import { age, within } from '$lib/text/time';

/** What was seen longer ago than this carries its age, in milliseconds. */
const FRESH = 60_000;

export const isOld = (seenAt: string, now: number): boolean => !within(seenAt, now, FRESH);

/** For how long an agent had been silent when it was looked at: since then nobody knows. Of a look just now that is how long it is. */
export function silenceOf({ value, seenAt }: Seen<string>, now: number): string {
  return age(value, isOld(seenAt, now) ? Date.parse(seenAt) : now);
}
