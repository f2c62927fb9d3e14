/**
 * How far a deploy is, as steps with times. Pure.
 * Belongs here: which steps there are, what each took, which one is now.
 * Does not belong here: words, elements, calls.
 */
import type { Deploy } from '$lib/ipc/bindings';

/** The stages every server goes through, after it was accepted and made. */
export const BOOTSTRAP = ['installing', 'configuring', 'securing', 'ready'] as const;

/** One step. `stage` is one of ours or, for a stage the platform invented since, its own word. */
export interface ProgressStep {
  stage: 'accepted' | 'created' | (typeof BOOTSTRAP)[number] | (string & {});
  state: 'done' | 'now' | 'todo' | 'failed';
  /** What it took, or has taken so far; null when nobody saw it begin or end. */
  tookMs: number | null;
  /** How far it probably is, where earlier deploys allow a guess. */
  part: number | null;
}

const at = (time: string | null): number | null => {
  const value = time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(value) ? null : value;
};
const between = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : Math.max(0, to - from);

/** When it began: when it was sent, or else when it was confirmed. */
export function beganAt(deploy: Deploy): number | null {
  return at(deploy.sentAt) ?? at(deploy.confirmedAt);
}

/** How long it has run, or how long it took. */
export function elapsedMs(deploy: Deploy, now: number): number | null {
  return between(beganAt(deploy), at(deploy.settledAt) ?? now);
}

/** A span in whole seconds, one at least: a running clock shows no fractions. */
export function wholeSeconds(ms: number): number {
  return Math.max(1, Math.floor(ms / 1000)) * 1000;
}

/** The steps of a deploy, in order, as they stand now. */
export function stepsOf(deploy: Deploy, now: number): ProgressStep[] {
  const marks = deploy.stages.filter(({ stage }) => stage !== '');
  const known = new Set<string>(BOOTSTRAP);
  const seen = new Map(marks.map(({ stage, at: time }) => [stage, at(time)]));
  const strange = marks.map(({ stage }) => stage).filter((stage) => !known.has(stage) && stage !== 'accepted' && stage !== 'created');
  const reached = Math.max(-1, ...BOOTSTRAP.map((stage, index) => (seen.has(stage) || deploy.bootstrapStage === stage ? index : -1)));
  const names: string[] = ['accepted', 'created', ...BOOTSTRAP.slice(0, 3)];
  for (const stage of strange) if (!names.includes(stage)) names.splice(placeOf(stage, marks.map((mark) => mark.stage), names), 0, stage);
  names.push('ready');

  const accepted = deploy.taskId !== null || deploy.instanceId !== null || ['accepted', 'ready', 'failed'].includes(deploy.state);
  const created = deploy.instanceId !== null || reached >= 0 || strange.length > 0;
  const latest = marks.at(-1)?.stage ?? deploy.bootstrapStage;
  const place = latest !== null && latest !== undefined && names.includes(latest) ? names.indexOf(latest)
    : created ? 2 : accepted ? 1 : 0;
  const current = deploy.state === 'ready' ? names.length : Math.max(place, reached >= 0 ? names.indexOf(BOOTSTRAP[reached] ?? '') : 0);

  const starts = startsOf(deploy, names, seen);
  const end = at(deploy.settledAt) ?? now;
  return names.map((stage, index) => {
    const state = index < current ? 'done' : index > current ? 'todo' : deploy.state === 'failed' || deploy.state === 'rejected' ? 'failed' : 'now';
    const next = starts.slice(index + 1).find((time) => time !== null) ?? null;
    const tookMs = index === 0 || stage === 'ready' || state === 'todo' ? null : between(starts[index] ?? null, state === 'done' ? next : end);
    return { stage, state, tookMs, part: state === 'now' && index > 0 ? partOf(deploy, starts[index] ?? null, now, names.length - index) : null };
  });
}

function startsOf(deploy: Deploy, names: string[], seen: Map<string, number | null>): (number | null)[] {
  return names.map((stage) => (stage === 'accepted' || stage === 'created' ? beganAt(deploy) : (seen.get(stage) ?? null)));
}

/** A stage nobody knows goes behind the one it was seen after. */
function placeOf(stage: string, order: string[], names: string[]): number {
  const before = order.slice(0, order.indexOf(stage)).reverse().find((earlier) => names.includes(earlier));
  return before === undefined ? 2 : names.indexOf(before) + 1;
}

/** Shares the usual time that is left among the steps that are left. */
function partOf(deploy: Deploy, start: number | null, now: number, left: number): number | null {
  const began = beganAt(deploy);
  if (start === null || began === null || deploy.typicalSeconds === null) return null;
  const remaining = deploy.typicalSeconds * 1000 - (start - began);
  if (remaining <= 0) return null;
  return Math.max(0, Math.min(0.95, (now - start) / (remaining / Math.max(1, left - 1))));
}
