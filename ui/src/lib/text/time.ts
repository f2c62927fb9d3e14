/** Times and spans for people. Pure: the present comes from outside. What is unknown or unreadable is a dash. */
import { m } from '$lib/paraglide/messages';
import { locale } from './locale';

type Moment = number | Date;
type Stamp = string | null | undefined;

/** Clocks of two computers differ a little; more than this into the future is not an age. */
const SKEW = 60_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockSeconds = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat(locale, {
  weekday: 'short', day: 'numeric', month: 'long', year: 'numeric',
  hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short',
});

function parse(iso: Stamp): number | null {
  const at = iso ? Date.parse(iso) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** The span from then to now, `null` where there is none. */
function since(iso: Stamp, now: Moment): number | null {
  const at = parse(iso);
  if (at === null) return null;
  const span = Number(now) - at;
  return span < -SKEW ? null : Math.max(0, span);
}

/** Whether that was less than `limit` ago. What lies in the future was told by another clock and proves nothing about now. */
export function within(iso: Stamp, now: Moment, limit: number): boolean {
  const span = since(iso, now);
  return span !== null && span < limit;
}

function coarse(span: number): string {
  if (span < MINUTE) return m.text_s({ n: Math.floor(span / SECOND) });
  if (span < HOUR) return m.text_min({ n: Math.floor(span / MINUTE) });
  if (span < DAY) return m.text_h({ n: Math.floor(span / HOUR) });
  if (span < 1000 * DAY) return m.text_d({ n: Math.floor(span / DAY) });
  return m.text_y({ n: Math.floor(span / (365.25 * DAY)) });
}

/** `4 s ago`, `12 d ago`. */
export function ago(iso: Stamp, now: Moment): string {
  const span = since(iso, now);
  if (span === null) return m.text_none();
  return span < SECOND ? m.text_just_now() : m.text_ago({ span: coarse(span) });
}

/** `4 s`, `12 d`: one unit, rounded down. */
export function age(iso: Stamp, now: Moment): string {
  const span = since(iso, now);
  return span === null ? m.text_none() : coarse(span);
}

const two = (n: number) => String(n).padStart(2, '0');

/** `less than 1 s` for nothing, `640 ms`, `13 s`, `1 min 06 s`, `2 h 04 min`, `3 d 4 h`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return m.text_none();
  const span = Math.max(0, ms);
  // Callers that count in seconds begin with nothing at all.
  if (span === 0) return m.text_under_second();
  if (span < SECOND) return m.text_ms({ n: Math.round(span) });
  if (span < MINUTE) return m.text_s({ n: span < 10 * SECOND ? Math.floor(span / 100) / 10 : Math.floor(span / SECOND) });
  if (span < HOUR) return m.text_min_s({ min: Math.floor(span / MINUTE), s: two(Math.floor((span % MINUTE) / SECOND)) });
  if (span < DAY) return m.text_h_min({ h: Math.floor(span / HOUR), min: two(Math.floor((span % HOUR) / MINUTE)) });
  return m.text_d_h({ d: Math.floor(span / DAY), h: Math.floor((span % DAY) / HOUR) });
}

/** `14:02`, with seconds `14:02:11`; local. */
export function clockTime(iso: Stamp, seconds = false): string {
  const at = parse(iso);
  return at === null ? m.text_none() : (seconds ? clockSeconds : clock).format(at);
}

/** `24 Nov 2026`; local. */
export function dayOf(iso: Stamp): string {
  const at = parse(iso);
  return at === null ? m.text_none() : day.format(at);
}

/** The whole truth for a hover: weekday, date, time to the second, zone. */
export function exactTime(iso: Stamp): string {
  const at = parse(iso);
  return at === null ? m.text_none() : exact.format(at);
}
