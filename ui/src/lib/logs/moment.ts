/**
 * A time as people type it: "14:02", "14:02:11", "24 14:02", "2026-11-24 14:02", or as it stands in a log. Pure; local time
 * unless the text names a zone. Belongs here: reading. Does not belong here: writing (lib/text/time).
 */

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const ZONED = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/** The time meant, or null. A clock alone is its last occurrence up to `until`: the newest line's time. */
export function readMoment(text: string, until: Date): Date | null {
  const typed = text.trim();
  if (ZONED.test(typed)) return valid(new Date(typed.replace(' ', 'T')));
  const clock = CLOCK.exec(typed);
  if (clock) {
    const time = parts(clock.slice(1));
    if (time === null) return null;
    const at = new Date(until.getFullYear(), until.getMonth(), until.getDate(), ...time);
    if (at > until) at.setDate(at.getDate() - 1);
    return at;
  }
  const date = DATE.exec(typed);
  if (!date) return null;
  const [year, month, day] = date.slice(1, 4).map(Number) as [number, number, number];
  const time = parts(date.slice(4));
  const at = new Date(year, month - 1, day, ...(time ?? [0, 0, 0]));
  // A thirty-first of February is a mistake, not the third of March.
  return time === null || at.getMonth() !== month - 1 || at.getDate() !== day ? null : valid(at);
}

function parts([hour = '0', minute = '0', second = '0']: (string | undefined)[]): [number, number, number] | null {
  const time: [number, number, number] = [Number(hour), Number(minute), Number(second)];
  return time[0] < 24 && time[1] < 60 && time[2] < 60 ? time : null;
}

function valid(at: Date): Date | null {
  return Number.isNaN(at.getTime()) ? null : at;
}
