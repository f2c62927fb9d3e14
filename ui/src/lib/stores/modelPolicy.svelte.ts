/**
 * Which models an agent uses. There is no way to read a policy: it is known from the agent's configuration, or from the last answer
 * to a change. Belongs here: what is known and from where, and what came of a change. Does not belong here: prices (`$lib/models`).
 */
import type { Json, JsonObject } from '$lib/config/value';
import type { Failure, InstanceId, ModelOffer, ModelPolicySaved, ModelPolicyView, SpokenAct, UsageDay } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { lastDays, preview } from '$lib/models/cost';
import { differing, primaryOf, toSend } from '$lib/models/policy';
import { asFailure } from '$lib/text/failure';
import { FieldEdits } from './platformConfigEdits.svelte';
import { Sending } from './platformConfigSending.svelte';

type PolicyIpc = Pick<Ipc, 'getModelPolicy' | 'updateModelPolicy' | 'listModels' | 'getUsage' | 'getDraft' | 'setDraft'>;

export interface Saved { answer: ModelPolicySaved; differs: string[] }

export class ModelPolicy extends Sending {
  readonly id: InstanceId;
  readonly edits: FieldEdits;
  view = $state.raw<ModelPolicyView | null>(null);
  saved = $state.raw<Saved | null>(null);
  /** Null: the platform does not offer them, or they are not known yet. */
  models = $state.raw<ModelOffer[] | null>(null);
  modelsFailure = $state.raw<Failure | null>(null);
  days = $state.raw<UsageDay[] | null>(null);
  usageFailure = $state.raw<Failure | null>(null);
  /** Prices and usage have been asked for. */
  asked = $state(false);
  readonly #ipc: PolicyIpc;

  readonly primary = $derived.by(() => primaryOf(this.edits.tree));
  readonly primaryBefore = $derived.by(() => (this.edits.base ? primaryOf(this.edits.base) : null));
  readonly cost = $derived.by(() => preview(this.days, this.models, this.primaryBefore, this.primary));

  constructor(ipc: PolicyIpc, id: InstanceId) {
    super();
    this.#ipc = ipc;
    this.id = id;
    this.edits = new FieldEdits(ipc, `models:${id}`, ['fallbacks'], true);
  }

  /** Whether a policy could be read has no bearing on whether one can be sent: there may be none to read. */
  get live(): boolean {
    return this.failure === null && this.view?.failure?.code.type !== 'offline';
  }

  /** Nothing of the policy is known: keys that somebody else set may be lost. */
  get unknown(): boolean {
    return this.view !== null && this.view.source === 'none';
  }

  protected async read(): Promise<JsonObject | null> {
    this.view = await this.#ipc.getModelPolicy(this.id);
    return (this.view.policy ?? {}) as JsonObject;
  }

  get act(): SpokenAct {
    return { type: 'modelPolicy', id: this.id, policy: toSend(this.edits.base ?? {}, this.edits.tree) };
  }

  protected async write(): Promise<JsonObject> {
    this.saved = null;
    const sent = toSend(this.edits.base ?? {}, this.edits.tree);
    const answer = await this.#ipc.updateModelPolicy(this.id, sent);
    const holds = answer.policy as JsonObject;
    this.saved = { answer, differs: differing(sent, holds) };
    this.view = { policy: answer.policy, source: answer.pushed === 'pushed' ? 'config' : 'answer', seenAt: answer.seenAt, failure: null };
    return holds;
  }

  /** Only the agent's own configuration can tell that a policy arrived. */
  protected holds(server: JsonObject): boolean {
    return this.view?.source === 'config' && differing(toSend(this.edits.base ?? {}, this.edits.tree), server).length === 0;
  }

  async loadPrices(now: number): Promise<void> {
    const { from, to } = lastDays(now);
    const models = this.#ipc.listModels().then((found) => { this.models = found; this.modelsFailure = null; }).catch((thrown: unknown) => { this.modelsFailure = asFailure(thrown); });
    const usage = this.#ipc.getUsage(this.id, from, to).then(({ days }) => { this.days = days; this.usageFailure = null; }).catch((thrown: unknown) => { this.usageFailure = asFailure(thrown); });
    await Promise.all([models, usage]);
    this.asked = true;
  }

  fallbacks(): readonly Json[] {
    const list = this.edits.tree.fallbacks;
    return Array.isArray(list) ? (list as Json[]) : [];
  }
}
