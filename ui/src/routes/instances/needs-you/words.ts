/** What needs a person, in words, and where its one act leads. Belongs here: sentences and addresses. Pure. */
import type { Need, NeedKind, NeedReason, NeedsFacts } from '$lib/ipc/bindings';
import { plainText } from '$lib/logs/ansi';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import { number } from '$lib/text/number';
import { ago, duration } from '$lib/text/time';
import { money } from '$lib/usage/decimal';

const TONES: Record<NeedKind, Tone> = { key: 'bad', failed: 'bad', stuck: 'warn', silent: 'warn', warned: 'warn', budget: 'warn', drift: 'unknown' };

export const toneOf = (kind: NeedKind): Tone => TONES[kind];
export const kindText = (kind: NeedKind): string => m[`needs_kind_${kind}`]();

/** Longer words of a platform are cut: the whole is a click away. */
const WORDS = 200;
const said = (text: string | null): string => showHidden(plainText(text ?? '').trim().replace(/\s+/g, ' ').slice(0, WORDS));
const withWords = (sentence: string, text: string | null): string => (said(text) ? m.needs_says({ sentence, words: said(text) }) : sentence);
const span = (seconds: number): string => duration(Math.max(0, seconds) * 1000);

/** One sentence: what is wrong. */
export function reasonText(reason: NeedReason): string {
  switch (reason.type) {
    case 'platformKeyRefused': return m.needs_platform_key_refused();
    case 'platformKeyMissing': return m.needs_platform_key_missing();
    case 'modelKey': return withWords(m.needs_model_key(), reason.message);
    case 'agentKey': return withWords(m.needs_agent_key(), reason.message);
    case 'failed': return said(reason.message) ? withWords(m.needs_failed(), reason.message) : m.needs_failed_unread();
    case 'deployAbsent': return m.needs_deploy_absent();
    case 'late': return reason.usualSeconds === null
      ? m.needs_late({ span: span(reason.seconds) })
      : m.needs_late_usually({ span: span(reason.seconds), usual: span(reason.usualSeconds) });
    case 'deletingLong': return m.needs_deleting({ span: span(reason.seconds) });
    case 'silent': return m.needs_silent({ span: span(reason.seconds) });
    case 'warned': return withWords(reason.critical ? m.needs_critical() : m.needs_warned(), reason.title);
    case 'overBudget': return m.needs_over_budget({ spent: money(reason.spent), budget: money(reason.monthlyUsd) });
    case 'drifted': return reason.places === 1
      ? m.needs_drifted_one({ baseline: showHidden(reason.baseline) })
      : m.needs_drifted_many({ baseline: showHidden(reason.baseline), places: number(reason.places) });
  }
}

/** What it is called; the profile and the fleet have no name of their own here. */
export function nameText(need: Need): string {
  if (need.key === 'profile') return m.needs_this_profile();
  if (need.key === 'fleet') return m.needs_whole_fleet();
  return showHidden(need.name) || m.needs_unnamed();
}

/** What else is wrong with it; empty where nothing is. */
export const alsoText = (need: Need): string => (need.also.length === 0 ? '' : m.needs_also({ kinds: need.also.map(kindText).join(', ') }));

/** Where the one act leads, and what it is called. */
export function actOf(need: Need): { label: string; href: string } {
  const base = `/instances/${encodeURIComponent(need.instanceId ?? '')}`;
  const { act } = need;
  switch (act.type) {
    case 'giveKey': return { label: m.needs_act_give_key(), href: '/settings' };
    case 'readLog': return { label: m.needs_act_read_log(), href: `${base}/logs` };
    case 'editConfig': return { label: m.needs_act_edit_config(), href: `${base}/config` };
    case 'rotateKey': return { label: m.needs_act_rotate_key(), href: `${base}#rotate-key` };
    case 'diagnose': return { label: m.needs_act_diagnose(), href: `${base}#diagnosis` };
    case 'readUsage': return { label: m.needs_act_read_usage(), href: need.instanceId === null ? '/usage' : `${base}/usage` };
    case 'deployAgain': return { label: m.needs_act_deploy_again(), href: `/deploy?from=${encodeURIComponent(act.key)}` };
    case 'openDeploy': return { label: m.needs_act_open_deploy(), href: `/deploys/${encodeURIComponent(act.key)}` };
    case 'reviewDrift': return { label: m.needs_act_review_drift(), href: `${base}/drift` };
  }
}

/** Where the thing itself is. */
export function homeOf(need: Need): string {
  if (need.instanceId !== null) return `/instances/${encodeURIComponent(need.instanceId)}`;
  return need.act.type === 'deployAgain' || need.act.type === 'openDeploy' ? `/deploys/${encodeURIComponent(need.act.key)}` : actOf(need).href;
}

/** `Looked at 9,988 of 10,000, 4 s ago.` */
export const lookedText = (facts: NeedsFacts, now: number): string =>
  facts.seenAt === null ? m.needs_never_looked() : m.needs_looked({ looked: number(facts.looked), total: number(facts.total), ago: ago(facts.seenAt, now) });

/** What is not known of the fleet, each with its number. */
export function unknownTexts(facts: NeedsFacts): string[] {
  const told = [
    facts.unheard > 0 && (facts.unheard === 1 ? m.needs_unheard_one() : m.needs_unheard_many({ count: number(facts.unheard) })),
    facts.unpriced > 0 && (facts.unpriced === 1 ? m.needs_unpriced_one() : m.needs_unpriced_many({ count: number(facts.unpriced) })),
    facts.unread > 0 && (facts.unread === 1 ? m.needs_unread_one() : m.needs_unread_many({ count: number(facts.unread) })),
    facts.alertsAt === null && facts.total > 0 && m.needs_no_alerts(),
  ];
  return told.filter((text) => text !== false);
}

export const countText = (count: number): string => (count === 1 ? m.needs_count_one() : m.needs_count_many({ count: number(count) }));
