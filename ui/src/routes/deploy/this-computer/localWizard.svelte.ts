/**
 * One visit to the wizard for a real agent: what was chosen, its draft, its one confirmation.
 * Does not belong here: the program and the providers (stores of their own), what a choice means (`steps.ts`).
 */
import type { Deploy, DeployPreview, Failure, NewInstance } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { localRequest } from '$lib/local/recipe';
import { Draft } from '$lib/stores/drafts.svelte';
import type { LocalRuntimeStore } from '$lib/stores/localRuntime.svelte';
import type { ModelProvidersStore } from '$lib/stores/modelProviders.svelte';
import { asFailure } from '$lib/text/failure';
import { chosenRecipe, emptyLocalForm, fromLocalDraft, hindrances, localDraftText, type Hindrance, type LocalForm, type LocalStep } from './steps';

type WizardIpc = Pick<Ipc, 'getChoices' | 'previewDeploy' | 'getDraft' | 'setDraft'>;
interface Deploys { start(request: NewInstance): Promise<Deploy> }

const DRAFT = 'deploy:this-computer';

export class LocalWizard {
  form = $state<LocalForm>(emptyLocalForm());
  /** The platform's first tier; null until it is known. */
  tier = $state<string | null>(null);
  failure = $state.raw<Failure | null>(null);
  preview = $state.raw<DeployPreview | null>(null);
  confirming = $state(false);
  /** Somebody wanted to deploy: from now on it says what is missing. */
  wanted = $state(false);
  /** Steps at which somebody was, also in an earlier visit that this one goes on with. */
  visited = $state.raw<ReadonlySet<LocalStep>>(new Set());

  readonly #ipc: WizardIpc;
  readonly #deploys: Deploys;
  readonly #program: Pick<LocalRuntimeStore, 'runtime'>;
  readonly #providers: Pick<ModelProvidersStore, 'kept'>;
  readonly #draft: Draft;
  /** A visit is worth keeping once the draft is known, and until its agent is on its way. */
  #keeping = false;

  constructor(ipc: WizardIpc, deploys: Deploys, program: Pick<LocalRuntimeStore, 'runtime'>, providers: Pick<ModelProvidersStore, 'kept'>) {
    this.#ipc = ipc;
    this.#deploys = deploys;
    this.#program = program;
    this.#providers = providers;
    this.#draft = new Draft(ipc, DRAFT);
  }

  get hindrances(): Hindrance[] {
    return hindrances(this.form, { runtime: this.#program.runtime, kept: this.#providers.kept, tier: this.tier });
  }

  /** The create; null while something holds it back that is part of it. */
  get request(): NewInstance | null {
    const recipe = chosenRecipe(this.form, this.#providers.kept);
    return recipe && this.tier !== null && this.form.name.trim() !== '' ? localRequest(recipe, this.form.name, this.tier) : null;
  }

  async begin(): Promise<void> {
    const tiers = this.readTier();
    await this.#draft.read;
    const draft = fromLocalDraft(this.#draft.text);
    if (localDraftText(this.form) === null) this.form = draft.form;
    this.visited = new Set([...draft.visited, ...this.visited]);
    this.#keeping = true;
    await tiers;
  }

  async readTier(): Promise<void> {
    try {
      this.tier = (await this.#ipc.getChoices()).tiers[0]?.id ?? null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  set<Name extends keyof LocalForm>(name: Name, value: LocalForm[Name]): void {
    this.form[name] = value;
    this.#keep();
  }

  /** Somebody is at a step. */
  visit(step: LocalStep): void {
    if (this.visited.has(step)) return;
    this.visited = new Set([...this.visited, step]);
    if (this.#keeping) this.#keep();
  }

  /** A provider is chosen, and its first model, where it does not have the one that was chosen. */
  choose(provider: string): void {
    const models = this.#providers.kept.find(({ name }) => name === provider)?.models ?? [];
    const model = models.some(({ id }) => id === this.form.model) ? this.form.model : (models[0]?.id ?? '');
    this.set('provider', provider);
    this.set('model', model);
  }

  save(): Promise<void> {
    return this.#draft.save();
  }

  async look(): Promise<void> {
    const { request } = this;
    this.preview = null;
    if (!request) return;
    // The facts above it say the same: without it nothing is missing but the exact text.
    this.preview = await this.#ipc.previewDeploy(request).catch(() => null);
  }

  /** Confirms. The deploy that is under way, or null when the form is needed again. */
  async confirm(): Promise<Deploy | null> {
    this.wanted = true;
    const { request } = this;
    if (this.confirming || !request || this.hindrances.length > 0) return null;
    this.confirming = true;
    this.failure = null;
    try {
      const deploy = await this.#deploys.start(request);
      if (deploy.state === 'rejected' && deploy.failure) throw deploy.failure;
      this.#keeping = false;
      this.#draft.text = '';
      await this.#draft.save();
      return deploy;
    } catch (thrown) {
      this.failure = asFailure(thrown);
      return null;
    } finally {
      this.confirming = false;
    }
  }

  #keep(): void {
    this.#draft.text = localDraftText(this.form, this.visited) ?? '';
  }
}
