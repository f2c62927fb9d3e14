/** How bad an alert is, as shape and word. Pure. */
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import type { Severity } from '$lib/stores/alerts.svelte';

const TONES: Record<Severity, Tone> = { critical: 'bad', warning: 'warn', info: 'busy', unknown: 'unknown' };
const WORDS: Record<Severity, () => string> = {
  critical: m.alerts_severity_critical, warning: m.alerts_severity_warning, info: m.alerts_severity_info, unknown: m.alerts_severity_unknown,
};

export const severityTone = (severity: Severity): Tone => TONES[severity];
export const severityWord = (severity: Severity): string => WORDS[severity]();
