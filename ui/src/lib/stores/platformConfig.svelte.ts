/**
 * What the platform keeps about one instance: skills, integrations, channels, recipe, workflows, toggles.
 * Belongs here: what is known of it, and what came of a change. Does not belong here: what entries mean (`$lib/platform`).
 */
import { isObject, type Json, type JsonObject } from '$lib/config/value';
import type { Choices, InstanceId, PlatformConfig as Kept, PlatformConfigSaved, Seen, SkillUse, SpokenAct } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { agrees } from '$lib/platform/secrets';
import { FieldEdits } from './platformConfigEdits.svelte';
import { Sending } from './platformConfigSending.svelte';

export const FIELDS = ['skills', 'integrations', 'channels', 'recipe_id', 'workflow_slugs', 'advanced'] as const;
export type Field = (typeof FIELDS)[number];

type PlatformIpc = Pick<Ipc, 'getPlatformConfig' | 'patchPlatformConfig' | 'getSkillUse' | 'getChoices' | 'getDraft' | 'setDraft'>;

const fieldsOf = (config: Kept): JsonObject => Object.fromEntries(FIELDS.map((field) => [field, (config[field] ?? null) as Json]));

export class PlatformConfig extends Sending {
  readonly id: InstanceId;
  readonly edits: FieldEdits;
  seen = $state.raw<Seen<Kept> | null>(null);
  /** What came of the last sending, until it is put away. */
  saved = $state.raw<PlatformConfigSaved | null>(null);
  skillUse = $state.raw<SkillUse | null>(null);
  choices = $state.raw<Choices | null>(null);
  readonly #ipc: PlatformIpc;

  constructor(ipc: PlatformIpc, id: InstanceId) {
    super();
    this.#ipc = ipc;
    this.id = id;
    this.edits = new FieldEdits(ipc, `platform:${id}`, ['workflow_slugs']);
  }

  get live(): boolean {
    return this.seen?.source === 'live' && this.failure === null;
  }

  /** Fields of the answer that this app does not know: shown, never sent. */
  get otherFields(): JsonObject {
    const known = new Set<string>([...FIELDS, 'instance_id']);
    return Object.fromEntries(Object.entries(this.seen?.value ?? {}).filter(([key]) => !known.has(key))) as JsonObject;
  }

  protected async read(): Promise<JsonObject | null> {
    const view = await this.#ipc.getPlatformConfig(this.id);
    if (view.config) this.seen = view.config;
    // What is remembered is shown; why there is nothing newer is said beside it.
    if (view.failure) {
      if (view.config) await this.edits.adopt(fieldsOf(view.config.value));
      throw view.failure;
    }
    return view.config ? fieldsOf(view.config.value) : null;
  }

  /** The touched fields alone, each as a whole. */
  get #fields(): JsonObject {
    const { tree, touched } = this.edits;
    return Object.fromEntries(touched.map((field) => [field, tree[field] ?? null]));
  }

  get act(): SpokenAct {
    return { type: 'platformConfig', id: this.id, fields: this.#fields };
  }

  protected async write(): Promise<JsonObject> {
    this.saved = null;
    const saved = await this.#ipc.patchPlatformConfig(this.id, this.#fields);
    this.seen = saved.config;
    this.saved = saved;
    void this.loadUse();
    return fieldsOf(saved.config.value);
  }

  protected holds(server: JsonObject): boolean {
    return this.edits.touched.every((field) => agrees(this.edits.tree[field], server[field]));
  }

  /** What there is to choose from. Without it everything can still be typed. */
  async loadChoices(): Promise<void> {
    this.choices = await this.#ipc.getChoices().catch(() => this.choices);
  }

  /** Where skills are used elsewhere. Asked for after this instance was read: it is counted as well. */
  async loadUse(): Promise<void> {
    try {
      this.skillUse = await this.#ipc.getSkillUse();
    } catch {
      // Only a remark beside each skill: what was known stays.
    }
  }

  /** The map of a field; empty where the server sent something else. */
  mapOf(field: 'channels' | 'advanced'): JsonObject {
    const value = this.edits.tree[field];
    return isObject(value) ? value : {};
  }
}
