/** Bulk work in words and signs. Pure. Belongs here: sentences for acts, states and reasons. Not: decisions (the core). */
import type { BulkItem, BulkJob, BulkVerb, Exclusion } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import type { Operation } from '$lib/permissions/operations';
import { isOpen, workOf } from '$lib/stores/bulk.svelte';
import { failureText } from '$lib/text/failure';

export const VERBS = ['applyUpdates', 'patchPlatformConfig', 'updateModelPolicy', 'revokeConsent', 'delete'] as const satisfies readonly BulkVerb[];

/** The operation that each comes down to. */
export const OPERATION: Record<BulkVerb, Operation> = {
  applyUpdates: 'apply_updates', patchPlatformConfig: 'patch_platform_config', updateModelPolicy: 'update_model_policy', revokeConsent: 'update_consent', delete: 'delete_instance',
};

export const isVerb = (text: string | null): text is BulkVerb => VERBS.some((verb) => verb === text);

/** `Change platform configuration: skills`. */
export function jobTitle({ verb, words }: Pick<BulkJob, 'verb' | 'words'>): string {
  const act = m[`bulk_verb_${verb}`]();
  return words.length > 0 ? `${act}: ${words.map((word) => showHidden(word)).join(', ')}` : act;
}

export function jobSign(job: BulkJob): { tone: Tone; label: string } {
  switch (job.state.type) {
    case 'running': return { tone: 'busy', label: m.bulk_state_running() };
    case 'cancelled': return { tone: 'unknown', label: m.bulk_state_cancelled() };
    case 'finished': return job.counts.failed > 0 ? { tone: 'warn', label: m.bulk_state_finished_some() } : { tone: 'ok', label: m.bulk_state_finished() };
    case 'paused': switch (job.state.why.type) {
      case 'person': return { tone: 'unknown', label: m.bulk_state_paused() };
      case 'appEnded': return { tone: 'warn', label: m.bulk_state_waits() };
      case 'stopped': return { tone: 'bad', label: m.bulk_state_stopped() };
      case 'trouble': return { tone: 'warn', label: m.bulk_state_waits() };
    }
  }
}

/** How an item stands. In a job that rests nobody knows what was begun, and in one that ended nothing waits any more. */
export function itemSign(item: BulkItem, job: BulkJob): { tone: Tone; label: string } {
  switch (item.state) {
    case 'waiting': return { tone: 'unknown', label: isOpen(job) ? m.bulk_item_waiting() : m.bulk_item_left() };
    case 'begun': return job.state.type === 'running' ? { tone: 'busy', label: m.bulk_item_begun() } : { tone: 'warn', label: m.bulk_item_unknown() };
    case 'done': return { tone: 'ok', label: item.found ? m.bulk_item_found() : m.bulk_item_done() };
    case 'failed': return { tone: 'bad', label: m.bulk_item_failed() };
    case 'excluded': return { tone: 'deleting', label: m.bulk_item_excluded() };
  }
}

export const exclusionText = (why: Exclusion): string => m[`bulk_why_${why}`]();

/** Why an item is not done; empty where there is nothing to say. */
export function itemReason(item: BulkItem): string {
  if (item.excluded) return exclusionText(item.excluded);
  if (!item.failure) return '';
  const { title, text } = failureText(item.failure);
  return showHidden(`${title}. ${text}`);
}

/** Milliseconds that the rest takes at the job's rate. */
export function expectedMs(job: BulkJob): number {
  return ((job.counts.waiting + job.counts.begun) * job.requests * 60_000) / Math.max(1, job.perMinute);
}

/** Milliseconds since it last went on; where it rests, how long that took. */
export function elapsedMs(job: BulkJob, now: number): number | null {
  if (!job.startedAt) return null;
  const end = job.endedAt ? Date.parse(job.endedAt) : now;
  return Math.max(0, Math.floor((end - Date.parse(job.startedAt)) / 1000) * 1000);
}

/** Whether it was gone on with after it had begun: its time is that of the last run alone. */
export const wasContinued = (job: BulkJob): boolean => job.startedAt !== null && Date.parse(job.startedAt) - Date.parse(job.createdAt) > 5_000;

/** Doing the failed ones again goes on with the rest: only where failures stopped it, or where there is no rest. */
export function mayRetry({ state, counts }: BulkJob): boolean {
  if (counts.failed === 0) return false;
  return state.type === 'finished' || (state.type === 'paused' && (state.why.type === 'stopped' || counts.waiting + counts.begun === 0));
}

/** From 0 to 1. */
export const share = (job: BulkJob): number => (workOf(job) === 0 ? 1 : (job.counts.done + job.counts.failed) / workOf(job));
