/**
 * A deploy in words: its name, its sign, one line on how it stands.
 * Belongs here: words for states and stages. Does not belong here: times and steps (`progress.ts`), what a screen offers.
 */
import type { Deploy, DeployState } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';

const SIGNS: Record<DeployState, { tone: Tone; label: () => string }> = {
  intent: { tone: 'busy', label: m.deploys_state_intent },
  sent: { tone: 'busy', label: m.deploys_state_sent },
  unknown: { tone: 'unknown', label: m.deploys_state_unknown },
  absent: { tone: 'warn', label: m.deploys_state_absent },
  accepted: { tone: 'busy', label: m.deploys_state_accepted },
  ready: { tone: 'ok', label: m.deploys_state_ready },
  failed: { tone: 'bad', label: m.deploys_state_failed },
  rejected: { tone: 'bad', label: m.deploys_state_rejected },
};

const STAGES: Record<string, () => string> = {
  accepted: m.deploys_stage_accepted,
  created: m.deploys_stage_created,
  installing: m.deploys_stage_installing,
  configuring: m.deploys_stage_configuring,
  securing: m.deploys_stage_securing,
  ready: m.deploys_stage_ready,
};

/** What is being deployed. */
export function deployName(deploy: Deploy): string {
  return showHidden(deploy.request.agent_name?.trim() || deploy.hostname?.trim() || '') || m.deploys_unnamed();
}

/** The sign of its state. */
export function deploySign(state: DeployState): { tone: Tone; label: string } {
  const sign = SIGNS[state];
  return { tone: sign.tone, label: sign.label() };
}

/** The word of a stage; one nobody knows is shown as it is. */
export function stageName(stage: string): string {
  return Object.hasOwn(STAGES, stage) ? (STAGES[stage]?.() ?? stage) : showHidden(stage);
}

/** One line on how it stands. */
export function deployNote(deploy: Deploy): string {
  const stage = deploy.bootstrapStage ?? deploy.stages.at(-1)?.stage ?? null;
  switch (deploy.state) {
    case 'intent': return m.deploys_note_intent();
    case 'sent': return m.deploys_note_sent();
    case 'unknown': return m.deploys_note_unknown();
    case 'absent': return m.deploys_note_absent();
    case 'accepted': return stage ? stageName(stage) : m.deploys_note_accepted();
    case 'ready': return m.deploys_state_ready();
    case 'failed': return stage ? m.deploys_note_failed_at({ stage: stageName(stage) }) : m.deploys_note_failed();
    case 'rejected': return m.deploys_note_rejected();
  }
}

/** The title of its screen. */
export function deployTitle(deploy: Deploy): string {
  const name = deployName(deploy);
  switch (deploy.state) {
    case 'ready': return m.deploys_title_ready({ name });
    case 'failed': return m.deploys_title_failed({ name });
    case 'rejected': return m.deploys_title_rejected({ name });
    case 'unknown': return m.deploys_title_unknown({ name });
    case 'absent': return m.deploys_title_absent({ name });
    case 'intent': case 'sent': case 'accepted': return m.deploys_title_going({ name });
  }
}
