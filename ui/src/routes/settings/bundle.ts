/** The support bundle as the one text that is saved. Pure. */
import type { BundleName, BundlePart } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';

const TITLES: Record<BundleName, () => string> = {
  versions: m.support_part_versions, profiles: m.support_part_profiles, poller: m.support_part_poller, failures: m.support_part_failures,
  deploys: m.support_part_deploys, storage: m.support_part_storage, preferences: m.support_part_preferences, log: m.support_part_log,
};

export const partTitle = (name: BundleName): string => TITLES[name]();

/** Every part that is not left out, under its title. */
export function bundleText(parts: readonly BundlePart[], without: ReadonlySet<BundleName>): string {
  const kept = parts.filter(({ name }) => !without.has(name));
  return kept.map(({ name, text }) => `== ${partTitle(name)} ==\n${text.trim() || m.support_empty_part()}\n`).join('\n');
}

export const bundleFile = (now: Date): string => `nineheads-support-${now.toISOString().slice(0, 10)}.txt`;
