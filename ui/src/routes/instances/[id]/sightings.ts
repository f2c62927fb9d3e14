/**
 * A day of an instance as this app saw it. Pure. Belongs here: cutting stretches into the steps of a strip, finding when
 * nobody looked, and both in words. Does not belong here: how a strip is drawn (parts/Sparkline), single changes (changes.ts).
 */
import type { Sighting } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Segment } from '$lib/parts/Sparkline.svelte';
import { phaseOfStatus } from '$lib/stores/instance.svelte';
import { number } from '$lib/text/number';
import { clockTime } from '$lib/text/time';
import { healthTone } from './health';

export const DAY = 24 * 3_600_000;
/** Steps of a day's strip: twenty minutes each. */
export const STEPS = 72;
/** Looks are seconds to minutes apart; a longer silence of ours is worth telling. */
const GAP = 10 * 60_000;

export type SightTone = Segment['tone'];
export interface Stretch { from: number; until: number; tone: SightTone; text: string }
export interface Gap { from: number; until: number }

/** From good to what matters most: a step shows the worst that was seen in it. */
const WEIGHT: Record<SightTone, number> = { ok: 0, unknown: 1, busy: 2, warn: 3, bad: 4 };

export function toneOf({ status, health, beating }: Pick<Sighting, 'status' | 'health' | 'beating'>): SightTone {
  switch (phaseOfStatus(status)) {
    case 'onItsWay': case 'deleting': return 'busy';
    case 'failed': return 'bad';
    case 'running': break;
    default: return 'unknown';
  }
  const check = healthTone(health);
  if (check === 'bad' || check === 'busy') return check;
  if (beating === false || check === 'warn') return 'warn';
  return beating === true ? 'ok' : 'unknown';
}

/** What was seen, in words: "running, healthy, heartbeat fresh". */
export function seenText({ status, health, beating }: Pick<Sighting, 'status' | 'health' | 'beating'>): string {
  const heart = beating === null ? m.history_heart_unknown() : beating ? m.history_heart_beating() : m.history_heart_silent();
  const words = [status?.trim() || m.history_status_none(), health?.trim() || null, phaseOfStatus(status) === 'running' ? heart : null];
  return words.filter((word) => word !== null).map(showHidden).join(', ');
}

/** The stretches within the last day, oldest first. */
export function stretchesOf(sightings: readonly Sighting[], now: number): Stretch[] {
  return sightings
    .map((sighting) => ({ from: Math.max(Date.parse(sighting.from), now - DAY), until: Math.min(Date.parse(sighting.until), now), tone: toneOf(sighting), text: seenText(sighting) }))
    .filter(({ from, until }) => until >= from)
    .sort((a, b) => a.from - b.from);
}

/** The strip: the worst of each step, null where nobody looked. */
export function stripOf(stretches: readonly Stretch[], now: number): (Segment | null)[] {
  const step = DAY / STEPS;
  return Array.from({ length: STEPS }, (_, index) => {
    const from = now - DAY + index * step;
    const until = from + step;
    const seen = stretches.filter((stretch) => stretch.from < until && stretch.until >= from);
    const worst = seen.reduce<Stretch | null>((found, stretch) => (found === null || WEIGHT[stretch.tone] > WEIGHT[found.tone] ? stretch : found), null);
    if (worst === null) return null;
    return { tone: worst.tone, title: m.history_step_title({ from: clock(from), until: clock(until), seen: worst.text }) };
  });
}

/** When nobody looked for longer than looks are apart; before the first look, too, and after the last. */
export function gapsOf(stretches: readonly Stretch[], now: number): Gap[] {
  const gaps: Gap[] = [];
  let seen = now - DAY;
  for (const { from, until } of stretches) {
    if (from - seen > GAP) gaps.push({ from: seen, until: from });
    seen = Math.max(seen, until);
  }
  if (stretches.length > 0 && now - seen > GAP) gaps.push({ from: seen, until: now });
  return gaps;
}

/** What part of the time looked at it was running, 0 to 1; null where nobody looked. A single look counts a second. */
export function shareRunning(sightings: readonly Sighting[], now: number): number | null {
  let all = 0;
  let running = 0;
  for (const sighting of sightings) {
    const span = Math.min(Date.parse(sighting.until), now) - Math.max(Date.parse(sighting.from), now - DAY);
    if (Number.isNaN(span) || span < 0) continue;
    all += Math.max(span, 1_000);
    if (phaseOfStatus(sighting.status) === 'running') running += Math.max(span, 1_000);
  }
  return all === 0 ? null : running / all;
}

/** The strip in one sentence. */
export function stripText(sightings: readonly Sighting[], gaps: readonly Gap[], now: number): string {
  const share = shareRunning(sightings, now);
  if (share === null) return m.history_strip_empty();
  return [m.history_strip_label({ share: shareText(share) }), ...gaps.map(gapText)].join('; ');
}

/** `99.1`: never rounded up to all. */
export function shareText(share: number): string {
  return number(share === 1 ? 100 : Math.floor(share * 1_000) / 10);
}

export function gapText(gap: Gap): string {
  return m.history_gap({ from: clock(gap.from), until: clock(gap.until) });
}

const clock = (at: number): string => clockTime(new Date(at).toISOString());
