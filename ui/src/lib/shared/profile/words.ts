/** Words for what a profile is told: how careful, which way out, where its key is, and what a test of the way found. Pure. */
import type { CredentialLabel, NetworkLayer, NetworkStep, Safety } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import { exactTime } from '$lib/text/time';

export function safetyBadge(safety: Safety): string | null {
  switch (safety) {
    case 'full': return null;
    case 'confirm': return m.profiles_badge_confirm();
    case 'confirmByName': return m.profiles_badge_confirmByName();
    case 'readOnly': return m.profiles_badge_readOnly();
  }
}

export function safetyHint(safety: Safety): string {
  switch (safety) {
    case 'full': return m.profiles_safety_full_hint();
    case 'confirm': return m.profiles_safety_confirm_hint();
    case 'confirmByName': return m.profiles_safety_confirmByName_hint();
    case 'readOnly': return m.profiles_safety_readOnly_hint();
  }
}

/** Which key a profile has, and where it is. */
export function credentialText(label: CredentialLabel | null): string {
  if (!label) return m.settings_credential_none();
  const kind = label.kind === 'apiKey' ? m.app_credential_api_key() : m.app_credential_token();
  const kept = { keystore: m.profiles_kept_keystore, vault: m.profiles_kept_vault, thisRun: m.profiles_kept_thisRun }[label.kept]();
  return `${m.settings_credential({ kind, lastFour: label.lastFour })}, ${kept}`;
}

export const layerName = (layer: NetworkLayer): string => m[`network_${layer}`]();

export function layerText({ finding, host, date }: NetworkStep): string {
  const day = date ? exactTime(date) : m.network_date_unknown();
  return finding === 'expired' ? m.network_expired({ host, date: day })
    : finding === 'notYetValid' ? m.network_notYetValid({ host, date: day })
    : m[`network_${finding}`]({ host });
}

export const resultTone = (step: NetworkStep): 'ok' | 'warn' | 'bad' | 'deleting' | 'unknown' =>
  ({ ok: 'ok', warning: 'warn', failed: 'bad', skipped: 'deleting', unknown: 'unknown' } as const)[step.result];

export function resultWord(step: NetworkStep): string {
  if (step.finding === 'notReached') return m.network_result_unreached();
  return m[`network_result_${step.result}`]();
}
