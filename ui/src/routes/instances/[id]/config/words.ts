/** What configurations are called on screen. Decisions are made elsewhere; here they get their words. */
import type { Advice, Trouble } from '$lib/config/input';
import type { Place } from '$lib/config/outline';
import { nameOf } from '$lib/config/outline';
import { Exact, textOf, type Json } from '$lib/config/value';
import type { ConfigObstacle, ConfigVersion, ConfigWeight } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { labelOf } from '$lib/schema/nodes';
import type { TextMistake } from '$lib/stores/configDraft.svelte';
import type { SchemaSource } from '$lib/stores/configSchema.svelte';
import { number } from '$lib/text/number';

/** What a place is called: an entry of a map by its key, one of a list by its number. */
export function placeName({ role, key, schema, value }: Place): string {
  if (role === 'entry') return showHidden(key);
  if (role !== 'item') return showHidden(labelOf(schema, key));
  const name = nameOf(value);
  const at = number(Number(key) + 1);
  return name === null ? m.config_item({ at }) : m.config_item_named({ at, name: showHidden(name) });
}

export function troubleText(trouble: Trouble): string {
  switch (trouble) {
    case 'notANumber': return m.config_trouble_number();
    case 'notWhole': return m.config_trouble_whole();
    case 'notJson': return m.config_trouble_json();
    case 'mask': return m.config_trouble_mask();
    case 'empty': return m.config_trouble_empty();
  }
}

export function adviceText(advice: Advice): string {
  switch (advice.code) {
    case 'tooSmall': return m.config_advice_small({ limit: number(advice.limit) });
    case 'tooLarge': return m.config_advice_large({ limit: number(advice.limit) });
    case 'tooShort': return m.config_advice_short({ limit: number(advice.limit) });
    case 'tooLong': return m.config_advice_long({ limit: number(advice.limit) });
    case 'otherForm': return m.config_advice_form({ pattern: advice.pattern });
    case 'notAChoice': return m.config_advice_choice();
    case 'otherType': return m.config_advice_type();
  }
}

export function mistakeText({ kind, line, column }: TextMistake): string {
  const at = { line: number(line), column: number(column) };
  switch (kind) {
    case 'end': return m.config_mistake_end(at);
    case 'unexpected': return m.config_mistake_unexpected(at);
    case 'text': return m.config_mistake_text(at);
    case 'deep': return m.config_mistake_deep(at);
    case 'notAnObject': return m.config_mistake_object();
  }
}

export function obstacleText(obstacle: ConfigObstacle): { title: string; text: string; paths: string[][] } {
  switch (obstacle.type) {
    case 'nothingChanged': return { title: m.config_obstacle_nothing(), text: m.config_obstacle_nothing_text(), paths: [] };
    case 'conflicts': return { title: m.config_obstacle_conflicts(), text: m.config_obstacle_conflicts_text(), paths: [] };
    case 'maskAsValue': return { title: m.config_obstacle_mask(), text: m.config_obstacle_mask_text(), paths: obstacle.paths };
    case 'masksCanNotBeKept': return { title: m.config_obstacle_masks(), text: m.config_obstacle_masks_text(), paths: obstacle.paths };
    case 'notAnObject': return { title: m.config_obstacle_object(), text: m.config_obstacle_object_text(), paths: [] };
  }
}

export function weightText(weight: ConfigWeight): string | null {
  switch (weight) {
    case 'secret': return m.config_weight_secret();
    case 'model': return m.config_weight_model();
    case 'channel': return m.config_weight_channel();
    case 'plain': return null;
  }
}

export function sourceText(source: SchemaSource): string {
  switch (source) {
    case 'imported': return m.config_schema_imported();
    case 'bundled': return m.config_schema_bundled();
    case 'document': return m.config_schema_document();
  }
}

export const originText = (origin: ConfigVersion['origin']): string => (origin === 'saved' ? m.config_origin_saved() : m.config_origin_fetched());

/** `25 KB`; exact on hover. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return m.config_bytes({ shown: number(bytes) });
  return bytes < 1_000_000 ? m.config_kilobytes({ shown: number(Math.round(bytes / 100) / 10) }) : m.config_megabytes({ shown: number(Math.round(bytes / 10_000) / 100) });
}

/** A value on one line, for a default or an excerpt. */
export function shortText(value: unknown): string {
  const text = typeof value === 'string' ? (value === '' ? '""' : value) : value instanceof Exact ? value.text : textOf(value as Json);
  return showHidden(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
