/** What settings of the platform are called on screen. Decisions are made elsewhere; here they get their words. */
import { isKnown, type Channel } from '$lib/platform/channels';
import type { Trouble } from '$lib/platform/input';
import { withoutSecrets } from '$lib/platform/secrets';
import { textOf, type Json } from '$lib/config/value';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { readableKey } from '$lib/schema/keys';
import type { Field } from '$lib/stores/platformConfig.svelte';

export function troubleText(trouble: Trouble): string {
  switch (trouble) {
    case 'notANumber': return m.platform_trouble_number();
    case 'inexact': return m.platform_trouble_inexact();
    case 'notJson': return m.platform_trouble_json();
    case 'mask': return m.platform_trouble_mask();
  }
}

const CHANNELS: Record<Channel, () => string> = {
  telegram: m.platform_channel_telegram, whatsapp: m.platform_channel_whatsapp, voice: m.platform_channel_voice,
  sms: m.platform_channel_sms, email: m.platform_channel_email, web_chat: m.platform_channel_web_chat,
};
export const channelName = (type: string): string => (isKnown(type) ? CHANNELS[type]() : showHidden(type));

const FIELDS: Record<Field, () => string> = {
  skills: m.platform_skills, integrations: m.platform_integrations, channels: m.platform_channels,
  recipe_id: m.platform_recipe, workflow_slugs: m.platform_workflows, advanced: m.platform_advanced,
};
/** A field by the name of its section; what this app does not know, by its key. */
export const fieldName = (field: string): string => (Object.hasOwn(FIELDS, field) ? FIELDS[field as Field]() : showHidden(readableKey(field)));

export const settingName = (key: string): string => showHidden(readableKey(key));

/** The beginning of a value's text, without its secrets. */
export const shortText = (value: Json, path: readonly string[]): string => showHidden(textOf(withoutSecrets(value, path)).slice(0, 160));
