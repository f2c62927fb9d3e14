/**
 * The diagnosis in words. Pure. Belongs here: what each step and finding is called, what repairs it, the report as text.
 * Does not belong here: walking the steps (the core), when they came (stores/diagnosis).
 */
import type { DiagnosisFinding, DiagnosisResult, DiagnosisStep, DiagnosisStepName } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import { failureText } from '$lib/text/failure';
import { duration, exactTime } from '$lib/text/time';

/** In the order in which one stands on the other. */
export const STEPS: readonly DiagnosisStepName[] = ['name', 'tls', 'proxy', 'key', 'instance', 'agent', 'channel'];

/** What makes a step whole again. */
export type Repair = 'again' | 'address' | 'credential' | 'fleet' | 'logs' | 'rotateKey' | 'channels' | 'chat';

const NAMES: Record<DiagnosisStepName, () => string> = {
  name: m.diagnosis_step_name, tls: m.diagnosis_step_tls, proxy: m.diagnosis_step_proxy, key: m.diagnosis_step_key,
  instance: m.diagnosis_step_instance, agent: m.diagnosis_step_agent, channel: m.diagnosis_step_channel,
};
const RESULTS: Record<DiagnosisResult, { tone: Tone; word: () => string }> = {
  ok: { tone: 'ok', word: m.diagnosis_result_ok }, warning: { tone: 'warn', word: m.diagnosis_result_warning }, failed: { tone: 'bad', word: m.diagnosis_result_failed },
  skipped: { tone: 'unknown', word: m.diagnosis_result_skipped }, unknown: { tone: 'unknown', word: m.diagnosis_result_unknown },
};
const FINDINGS: Record<DiagnosisFinding, () => string> = {
  loopback: m.diagnosis_found_loopback, resolved: m.diagnosis_found_resolved, resolveFailed: m.diagnosis_found_resolve_failed,
  connected: m.diagnosis_found_connected, connectFailed: m.diagnosis_found_connect_failed, certificate: m.diagnosis_found_certificate,
  answered: m.diagnosis_found_answered, notOurApi: m.diagnosis_found_not_our_api, offline: m.diagnosis_found_offline,
  accepted: m.diagnosis_found_accepted, refused: m.diagnosis_found_refused, found: m.diagnosis_found_found, gone: m.diagnosis_found_gone,
  notAllowed: m.diagnosis_found_not_allowed, serverFailed: m.diagnosis_found_server_failed, onItsWay: m.diagnosis_found_on_its_way,
  failedStatus: m.diagnosis_found_failed_status, beating: m.diagnosis_found_beating, silent: m.diagnosis_found_silent,
  noHeartbeat: m.diagnosis_found_no_heartbeat, unhealthy: m.diagnosis_found_unhealthy, healthy: m.diagnosis_found_healthy,
  healthUnknown: m.diagnosis_found_health_unknown, channelsOn: m.diagnosis_found_channels_on, noChannels: m.diagnosis_found_no_channels,
  channelsUnknown: m.diagnosis_found_channels_unknown, notReached: m.diagnosis_found_not_reached,
};
const REPAIRS: Partial<Record<DiagnosisFinding, Repair>> = {
  resolveFailed: 'address', connectFailed: 'again', certificate: 'address', notOurApi: 'address', offline: 'again', refused: 'credential',
  gone: 'fleet', serverFailed: 'again', onItsWay: 'logs', failedStatus: 'logs', silent: 'logs', noHeartbeat: 'rotateKey', unhealthy: 'logs',
  healthUnknown: 'chat', noChannels: 'channels', channelsUnknown: 'channels',
};

export const stepName = (step: DiagnosisStepName): string => NAMES[step]?.() ?? showHidden(step);
export const findingText = (finding: DiagnosisFinding): string => FINDINGS[finding]?.() ?? showHidden(finding);

/** Left out because there is nothing to look at, not because the way ended before it. */
const isNeedless = ({ result, finding }: DiagnosisStep): boolean => result === 'skipped' && finding !== 'notReached';

/** How a step went, as sign and word. */
export function stepSign(step: DiagnosisStep): { tone: Tone; label: string } {
  const { tone, word } = RESULTS[step.result] ?? { tone: 'unknown' as const, word: () => showHidden(step.result) };
  return { tone, label: isNeedless(step) ? m.diagnosis_result_needless() : word() };
}

/** What was found at a step. On this computer there is no certificate to look at. */
export function stepText(step: DiagnosisStep): string {
  return step.step === 'tls' && step.finding === 'loopback' ? m.diagnosis_found_loopback_tls() : findingText(step.finding);
}

const STAMP = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g;

/** The technical part for people: moments as they are told everywhere else, and the instance's own id in an address. The report keeps it raw. */
export function detailText({ detail }: Pick<DiagnosisStep, 'detail'>, id: string): string {
  return showHidden(detail.trim()).replace(STAMP, (stamp) => exactTime(stamp)).replaceAll('{instance_id}', id);
}

/** How long a step took; the fastest are faster than is measured. */
export const tookText = (ms: number): string => (ms < 1 ? m.text_ms({ n: '< 1' }) : duration(ms));

/** What helps, where something does and it is needed. */
export function repairOf({ result, finding }: DiagnosisStep): Repair | null {
  return result === 'ok' || result === 'skipped' ? null : (REPAIRS[finding] ?? null);
}

/** The first step that keeps the ones behind it from working. */
export function firstTrouble(steps: readonly DiagnosisStep[]): DiagnosisStep | null {
  return steps.find(({ result }) => result === 'failed') ?? steps.find(({ result }) => result === 'warning') ?? null;
}

/** The whole in one sentence. */
export function summaryOf(steps: readonly DiagnosisStep[]): string {
  const trouble = firstTrouble(steps);
  if (trouble) return m.diagnosis_summary_trouble({ step: stepName(trouble.step), finding: stepText(trouble) });
  return steps.some((step) => step.result !== 'ok' && !isNeedless(step)) ? m.diagnosis_summary_unsure() : m.diagnosis_summary_ok();
}

/** Everything as text, to be sent to somebody else. The core leaves secrets out of what it tells. */
export function reportOf(steps: readonly DiagnosisStep[], about: { name: string; id: string; platform: string | null; at: string }): string {
  const lines = steps.map((step, index) => {
    const took = step.tookMs === null ? '' : ` (${tookText(step.tookMs)})`;
    const more = [step.detail, step.failure ? failureText(step.failure).title : '', step.failure?.detail ?? ''].map((text) => text.trim()).filter((text) => text !== '');
    return [`${index + 1}. ${stepName(step.step)}: ${stepSign(step).label}${took}`, `   ${stepText(step)}`, ...new Set(more.map((text) => `   ${showHidden(text)}`))].join('\n');
  });
  return [m.diagnosis_report_title({ name: showHidden(about.name) }), about.id, about.platform, about.at, '', ...lines, '', summaryOf(steps)].filter((line) => line !== null).join('\n');
}
