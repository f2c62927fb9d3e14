/**
 * The wizard's state: what was typed, what the platform offers, what it complained of.
 * Belongs here: keeping the draft, confirming once, sorting a refusal to its fields.
 * Does not belong here: what a field means (`form.ts`), steps and focus (the screen).
 */
import type { Choices, Deploy, DeployPreview, Failure, Spoken } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { Draft } from '$lib/stores/drafts.svelte';
import { asFailure } from '$lib/text/failure';
import {
  type Complaints, complaints, type DeployForm, draftText, emptyForm, type FieldName, fromDraft, fromRequest, isEmpty, missing, type Step, toRequest,
} from './form';

type WizardIpc = Pick<Ipc, 'getChoices' | 'previewDeploy' | 'speakAct' | 'getDraft' | 'setDraft'>;
interface Deploys {
  find(key: string): Promise<Deploy>;
  start(request: ReturnType<typeof toRequest>): Promise<Deploy>;
}

/** The name the draft is kept under. */
export const DRAFT = 'deploy';

/** One visit to the wizard. */
export class Wizard {
  form = $state<DeployForm>(emptyForm());
  /** What can be chosen from; null until the core has answered. */
  choices = $state.raw<Choices | null>(null);
  choicesFailure = $state.raw<Failure | null>(null);
  /** What the platform said about single fields. */
  said = $state.raw<Complaints | null>(null);
  /** Why the last confirmation came to nothing, where no single field is to blame. */
  failure = $state.raw<Failure | null>(null);
  preview = $state.raw<DeployPreview | null>(null);
  /** The same for a terminal. */
  spoken = $state.raw<Spoken | null>(null);
  previewFailure = $state.raw<Failure | null>(null);
  /** Required fields that were passed by while empty. */
  passed = $state.raw<ReadonlySet<FieldName>>(new Set());

  /** Steps that were gone through, also those of which nothing is needed. */
  done = $state.raw<ReadonlySet<Step>>(new Set());

  readonly #ipc: WizardIpc;
  readonly #deploys: Deploys;
  readonly #draft: Draft;
  #touched = false;

  constructor(ipc: WizardIpc, deploys: Deploys) {
    this.#ipc = ipc;
    this.#deploys = deploys;
    this.#draft = new Draft(ipc, DRAFT);
  }

  /** Whether there is something to lose. */
  get filled(): boolean {
    return !isEmpty(this.form);
  }

  /** Fills the form: from an earlier deploy, or from what was typed last; then looks for choices. */
  async begin(from: string | null): Promise<void> {
    const choices = this.#choose();
    await this.#draft.read;
    const kept = fromDraft(this.#draft.text);
    if (kept && !this.#touched) this.form = kept;
    if (from !== null) await this.#again(from);
    await choices;
    this.#preselect();
  }

  /** Takes what was typed into one field. Its complaint has been heard. */
  set<Name extends FieldName>(name: Name, value: DeployForm[Name]): void {
    this.#touched = true;
    this.form[name] = value;
    if (this.said?.fields[name] !== undefined) {
      const fields = Object.entries(this.said.fields).filter(([field]) => field !== name);
      this.said = { ...this.said, fields: Object.fromEntries(fields) };
    }
    this.#keep();
  }

  /** Empties the form; returns what brings it back. */
  startOver(): () => void {
    const before = $state.snapshot(this.form);
    this.#put(emptyForm());
    this.#preselect();
    return () => { this.#put(before); };
  }

  /** Writes the draft now. */
  save(): Promise<void> {
    return this.#draft.save();
  }

  /** The required fields among these that are empty; from now on they say so. */
  pass(names: readonly FieldName[]): FieldName[] {
    const empty = missing(this.form).filter((name) => names.includes(name));
    this.passed = new Set([...this.passed, ...empty]);
    return empty;
  }

  /** A step is gone through. */
  leave(step: Step): void {
    this.done = new Set([...this.done, step]);
  }

  /** Reads what exactly would be sent. */
  async look(): Promise<void> {
    try {
      const request = toRequest(this.form);
      [this.preview, this.spoken] = await Promise.all([this.#ipc.previewDeploy(request), this.#ipc.speakAct({ type: 'deploy', request })]);
      this.previewFailure = null;
    } catch (thrown) {
      this.previewFailure = asFailure(thrown);
    }
  }

  /** Confirms. Resolves with the deploy that is now under way, or with null when the form is needed again. */
  async confirm(): Promise<Deploy | null> {
    this.failure = null;
    this.said = null;
    try {
      const deploy = await this.#deploys.start(toRequest(this.form));
      if (deploy.state === 'rejected' && deploy.failure) return this.#refused(deploy.failure);
      this.#draft.text = '';
      await this.#draft.save();
      return deploy;
    } catch (thrown) {
      return this.#refused(asFailure(thrown));
    }
  }

  #refused(failure: Failure): null {
    if (failure.code.type === 'invalid' && failure.code.fields.length > 0) this.said = complaints(failure.code.fields);
    else this.failure = failure;
    return null;
  }

  async #again(key: string): Promise<void> {
    try {
      const deploy = await this.#deploys.find(key);
      this.#put(fromRequest(deploy.request));
      if (deploy.state === 'rejected' && deploy.failure) this.#refused(deploy.failure);
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  async #choose(): Promise<void> {
    try {
      this.choices = await this.#ipc.getChoices();
      this.choicesFailure = null;
    } catch (thrown) {
      this.choicesFailure = asFailure(thrown);
    }
  }

  /** Where there is one choice only, it is made. */
  #preselect(): void {
    const [region, second] = this.choices?.regions ?? [];
    if (region && !second && this.form.region_id === '') this.form.region_id = region.id;
    const [tier, another] = this.choices?.tiers ?? [];
    if (tier && !another && this.form.tier_id === '') this.form.tier_id = tier.id;
  }

  #put(form: DeployForm): void {
    this.form = form;
    this.said = null;
    this.failure = null;
    this.passed = new Set();
    this.done = new Set();
    this.#keep();
  }

  #keep(): void {
    this.#draft.text = draftText(this.form) ?? '';
  }
}
