/**
 * Choices as a list to pick from. Pure.
 * Belongs here: which choices a field has, and how one reads. Does not belong here: where they come from (the core).
 */
import type { Choice, Choices, ChoiceSource } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import type { ComboItem } from '$lib/parts/ComboBox.svelte';
import type { FieldName } from './form';

const LISTS: Partial<Record<FieldName, Exclude<keyof Choices, 'offers'>>> = {
  region_id: 'regions', tier_id: 'tiers', preset_id: 'presets', manifest_id: 'manifests', recipe_id: 'recipes',
  customer_id: 'customers', workflow_slugs: 'workflows', website_template_slug: 'templates',
};

const SOURCES: Record<ChoiceSource, () => string> = {
  platform: m.deploy_source_platform,
  fleet: m.deploy_source_fleet,
  earlier: m.deploy_source_earlier,
  catalog: m.deploy_source_catalog,
  documented: m.deploy_source_documented,
};

/** The choices of a field; null for a field that is always typed. */
export function choicesOf(choices: Choices | null, name: FieldName): Choice[] | null {
  const list = LISTS[name];
  return list === undefined ? null : (choices?.[list] ?? []);
}

/** A choice as it reads in a list: its name, what is known of it, who says so. */
export function itemOf(choice: Choice): ComboItem {
  const named = choice.name !== null && choice.name !== choice.id;
  const id = named && choice.id.length <= 24 ? choice.id : null;
  return {
    value: choice.id,
    label: choice.name ?? choice.id,
    note: [choice.note, id, SOURCES[choice.source]()].filter(Boolean).join(' · '),
  };
}

/** The name behind an id, where one is known. */
export function nameOfChoice(choices: Choices | null, name: FieldName, id: string): string | null {
  const found = choicesOf(choices, name)?.find((choice) => choice.id === id);
  return found?.name && found.name !== id ? found.name : null;
}

/** What is known of a choice beside its name: a tier's price. */
export function noteOfChoice(choices: Choices | null, name: FieldName, id: string): string | null {
  return choicesOf(choices, name)?.find((choice) => choice.id === id)?.note ?? null;
}
