/**
 * What is said to be wrong with an instance. Pure. Belongs here: the texts in which errors are looked for, the error to
 * show, and whether an agent has never been heard of. Does not belong here: what errors mean (lib/signatures).
 */
import type { InstanceDetail, Phase, RuntimeStatus } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';

/** An agent reports within minutes of being made. */
const FIRST_WORD = 15 * 60_000;
/** As much of an error as anybody reads at a glance. */
const SHOWN = 400;

type Runtime = RuntimeStatus | null;
type Detail = InstanceDetail | null;

/** Code and message as the platform gives them, or null. */
export function errorText(runtime: Runtime, detail: Detail): string | null {
  const code = runtime?.error_code?.trim();
  const message = (runtime?.error_message ?? detail?.error_message)?.trim();
  const text = [code, message].filter(Boolean).join(': ');
  return text === '' ? null : showHidden(text.slice(0, SHOWN));
}

/** Where known errors are looked for, the most telling first: what is reported, then the newest lines that are not mere notes. */
export function textsOf(runtime: Runtime, detail: Detail): (string | null)[] {
  const lines = (runtime?.provision_logs ?? []).filter(({ level }) => level !== null && !/^(?:info|debug|trace|notice)$/i.test(level));
  return [
    [runtime?.error_code, runtime?.error_message].filter(Boolean).join(': ') || null,
    detail?.error_message ?? null,
    ...lines.map(({ message }) => message).reverse(),
  ];
}

/** It has been there for long enough to report, and never has. */
export function isSilentSinceBirth(phase: Phase, runtime: Runtime, detail: Detail, now: number): boolean {
  const born = detail?.created_at ? Date.parse(detail.created_at) : Number.NaN;
  return phase === 'running' && runtime !== null && runtime.last_heartbeat === null && now - born > FIRST_WORD;
}
