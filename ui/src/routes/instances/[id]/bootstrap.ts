/**
 * How far a server is on its way, as the steps of a timeline. Pure.
 * Belongs here: which step is done, under way, to come. Does not belong here: words beyond those of the steps.
 */
import type { InstanceDetail, Phase, RuntimeStatus } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';

type State = 'done' | 'now' | 'todo' | 'failed';
export type Step = { label: string; note: string; state: State };

const STAGES = ['installing', 'configuring', 'securing', 'ready'] as const;

/** The steps as they stand. Nothing reported yet: all are to come. */
export function bootstrapSteps(phase: Phase, runtime: RuntimeStatus | null, detail: InstanceDetail | null): Step[] {
  const reached = reachedStep(runtime, detail);
  const labels = [m.instance_bootstrap_installing(), m.instance_bootstrap_configuring(), m.instance_bootstrap_securing(), m.instance_bootstrap_ready()];
  const notes: Record<State, string> = {
    done: m.instance_bootstrap_done(), now: m.instance_bootstrap_now(), todo: m.instance_bootstrap_todo(), failed: m.instance_bootstrap_stopped(),
  };
  return labels.map((label, index) => {
    const step = index + 1;
    const here: State = phase === 'failed' ? 'failed' : step === STAGES.length ? 'done' : 'now';
    const state = reached === null || step > reached ? 'todo' : step < reached ? 'done' : here;
    return { label, note: notes[state], state };
  });
}

/** 1 to 4, or null while nothing is known. */
export function reachedStep(runtime: RuntimeStatus | null, detail: InstanceDetail | null): number | null {
  const numbers = [runtime?.bootstrap_seq, detail?.callback_seq].filter((seq): seq is number => typeof seq === 'number' && seq >= 1 && seq <= STAGES.length);
  const words = [runtime?.bootstrap_stage, detail?.callback_stage].map((stage) => (STAGES as readonly string[]).indexOf(stage ?? '') + 1);
  const reached = Math.max(0, ...numbers, ...words);
  return reached === 0 ? null : reached;
}

/** A stage with a name of the platform's own, where the timeline has no place for it. */
export function otherStage(runtime: RuntimeStatus | null, detail: InstanceDetail | null): string | null {
  const stage = runtime?.provisioning_stage ?? detail?.provisioning_stage ?? runtime?.bootstrap_stage ?? null;
  return stage === null || stage.trim() === '' || (STAGES as readonly string[]).includes(stage) ? null : stage.trim();
}
