/** Real agents on this computer, in words. Pure. Belongs here: sentences. Does not belong here: decisions, elements. */
import type { InstallStep, LocalRuntime, ModelTest, Permission, RuntimeStatus } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import { number, size } from '$lib/text/number';
import { ended } from '$lib/text/says';
import { duration } from '$lib/text/time';
import type { AgentKind } from './recipe';
import type { ProviderProblem } from './provider';
import { isGivenUp, isStarting } from './starting';

export const PERMISSIONS: readonly Permission[] = ['talk', 'own_folder', 'whole_computer'];

const GIVEN: Record<Permission, { title: () => string; text: () => string; short: () => string }> = {
  talk: { title: m.local_may_talk, text: m.local_may_talk_text, short: m.local_may_talk_short },
  own_folder: { title: m.local_may_own_folder, text: m.local_may_own_folder_text, short: m.local_may_own_folder_short },
  whole_computer: { title: m.local_may_whole_computer, text: m.local_may_whole_computer_text, short: m.local_may_whole_computer_short },
};

export interface PermissionWords { title: string; text: string; short: string }
export const permissionWords = (permission: Permission): PermissionWords => ({
  title: GIVEN[permission].title(), text: GIVEN[permission].text(), short: GIVEN[permission].short(),
});

export const kindWords = (kind: AgentKind): { label: string; title: string } =>
  kind === 'real' ? { label: m.local_badge_real(), title: m.local_badge_real_text() } : { label: m.local_badge_demo(), title: m.local_badge_demo_text() };

/** What the status “running” is called while nothing runs: a start, or one that was given up. Null where it does run. */
export function notRunningSign(runtime: RuntimeStatus | null, kind: AgentKind | null): { tone: Tone; label: string } | null {
  if (runtime && isStarting(runtime)) return { tone: 'busy', label: m.local_starting() };
  return runtime && kind === 'real' && isGivenUp(runtime) ? { tone: 'bad', label: m.local_not_running() } : null;
}

/** What it takes, told before anything is fetched. */
export function costText({ size_bytes, download_bytes, expected_seconds }: LocalRuntime): string {
  return m.local_program_cost({ download: size(download_bytes), disk: size(size_bytes), span: roughly(expected_seconds) });
}

/** `about 40 s`, `about 2 min`: a guess has no seconds after a minute. */
export function roughly(seconds: number): string {
  if (seconds < 60) return m.local_about_seconds({ count: Math.max(1, Math.round(seconds)) });
  return m.local_about_minutes({ count: Math.round(seconds / 60) });
}

const STEPS: Record<InstallStep, () => string> = {
  fetching: m.local_step_fetching, placing: m.local_step_placing, checking: m.local_step_checking,
};

/** What an installation does now, how far it is, how long it has taken and usually takes. */
export function progressText({ progress, since, expected_seconds }: LocalRuntime, now: number): { step: string; share: number | null; time: string } {
  const begun = since === null ? null : Date.parse(since);
  const took = begun === null || Number.isNaN(begun) ? null : Math.max(0, Math.floor((now - begun) / 1000));
  const packages = progress !== null && progress.total > 0;
  const step = progress === null ? m.local_step_starting() : STEPS[progress.step]();
  return {
    step: packages && progress.step === 'fetching' ? m.local_step_packages({ step, done: number(progress.done), total: number(progress.total) }) : step,
    share: packages ? Math.min(1, progress.done / progress.total) : null,
    time: took === null ? m.local_usually({ span: roughly(expected_seconds) })
      : m.local_took_usually({ took: duration(took * 1000), span: roughly(expected_seconds) }),
  };
}

const OUTCOMES: Record<string, () => string> = {
  bad_address: m.local_test_bad_address, not_reached: m.local_test_not_reached, certificate: m.local_test_certificate, refused_key: m.local_test_refused_key,
  no_such_model: m.local_test_no_such_model, not_a_model_server: m.local_test_not_a_model_server, limit: m.local_test_limit, too_slow: m.local_test_too_slow,
};

/** How a test went: who answered, or why nobody did, and the platform's own sentence where that says more. `model`: the one that was asked. */
export function testWords(test: ModelTest, model: string | null): { tone: 'ok' | 'bad'; title: string; text: string } {
  const text = test.message.trim() === '' ? '' : ended(showHidden(test.message));
  if (test.ok) {
    const who = model === null ? m.local_test_server() : showHidden(model);
    return { tone: 'ok', title: test.millis === null ? m.local_test_ok({ who }) : m.local_test_ok_in({ who, span: duration(test.millis) }), text: model === null ? text : '' };
  }
  const known = test.problem !== null && Object.hasOwn(OUTCOMES, test.problem) ? OUTCOMES[test.problem] : undefined;
  return { tone: 'bad', title: known?.() ?? m.local_test_failed(), text };
}

export function providerProblemText(problem: ProviderProblem): string {
  switch (problem) {
    case 'empty': return m.deploy_needed();
    case 'name': return m.local_provider_name_wrong();
    case 'taken': return m.local_provider_name_taken();
    case 'address': return m.failure_address_notAUrl();
    case 'notSecure': return m.local_provider_address_notSecure();
    case 'userinfo': return m.failure_address_userinfo();
  }
}

const ERRORS: Record<string, () => string> = {
  no_source: m.local_program_error_no_source, no_network: m.local_program_error_no_network, disk_full: m.local_program_error_disk_full,
  wrong_checksum: m.local_program_error_wrong_checksum, broken: m.local_program_error_broken,
};

/** Why an installation failed; the platform's own sentence stands beside it. */
export const errorText = (error: LocalRuntime['error']): string =>
  (error && Object.hasOwn(ERRORS, error.code) ? ERRORS[error.code]?.() : undefined) ?? m.local_program_failed();
