/**
 * The steps to a real agent on this computer, what is chosen in them, and what still holds the deploy back. Pure.
 * Does not belong here: elements, calls, words.
 */
import type { LocalRuntime, ModelProvider, Permission } from '$lib/ipc/bindings';
import type { LocalRecipe } from '$lib/local/recipe';

export type LocalStep = 'program' | 'model' | 'permission' | 'name';
export const STEPS: readonly LocalStep[] = ['program', 'model', 'permission', 'name'];

/** What an agent may be given at its birth. The whole computer is given afterwards, by a sentence, or not at all. */
export type FirstPermission = Exclude<Permission, 'whole_computer'>;
export const FIRST_PERMISSIONS: readonly FirstPermission[] = ['talk', 'own_folder'];

export interface LocalForm { provider: string; model: string; permission: FirstPermission; name: string }

export const emptyLocalForm = (): LocalForm => ({ provider: '', model: '', permission: 'talk', name: '' });

export const stepNamed = (text: string | null): LocalStep => STEPS.find((step) => step === text) ?? 'program';

/** What holds a deploy back, at its step. */
export type Hindrance =
  | { step: 'program'; why: 'program' | 'installing' }
  | { step: 'model'; why: 'model' }
  | { step: 'name'; why: 'name' | 'tier' };

export interface Surroundings { runtime: LocalRuntime | null | undefined; kept: readonly ModelProvider[]; tier: string | null }

/** The model that is chosen, as long as its provider still has it. */
export function chosenRecipe(form: LocalForm, kept: readonly ModelProvider[]): LocalRecipe | null {
  const provider = kept.find(({ name }) => name === form.provider);
  const model = provider?.models.find(({ id }) => id === form.model);
  return provider && model ? { permission: form.permission, provider: provider.name, model: model.id } : null;
}

/** Everything that holds it back, in the order of the steps. */
export function hindrances(form: LocalForm, { runtime, kept, tier }: Surroundings): Hindrance[] {
  const found: Hindrance[] = [];
  if (runtime?.state !== 'ready') found.push({ step: 'program', why: runtime?.state === 'installing' ? 'installing' : 'program' });
  if (!chosenRecipe(form, kept)) found.push({ step: 'model', why: 'model' });
  if (form.name.trim() === '') found.push({ step: 'name', why: 'name' });
  if (tier === null) found.push({ step: 'name', why: 'tier' });
  return found;
}

/** The steps that are done: somebody was there, and nothing of them is missing. What is chosen before anybody looked is not done. */
export const doneSteps = (visited: ReadonlySet<LocalStep>, missing: readonly Hindrance[]): LocalStep[] =>
  STEPS.filter((each) => visited.has(each) && !missing.some(({ step }) => step === each));

/** The draft's text, with the steps that were visited; null where nothing was chosen. */
export function localDraftText(form: LocalForm, visited: ReadonlySet<LocalStep> = new Set()): string | null {
  const empty = emptyLocalForm();
  return (Object.keys(empty) as (keyof LocalForm)[]).every((name) => form[name] === empty[name]) ? null : JSON.stringify({ ...form, visited: [...visited] });
}

export interface LocalDraft { form: LocalForm; visited: LocalStep[] }

/** What a draft tells. What is not of the right kind is left empty; a draft never widens what was chosen to be allowed. */
export function fromLocalDraft(text: string | null): LocalDraft {
  const nothing = { form: emptyLocalForm(), visited: [] };
  let draft: unknown;
  try { draft = JSON.parse(text ?? ''); } catch { return nothing; }
  if (typeof draft !== 'object' || draft === null) return nothing;
  const { provider, model, permission, name, visited } = draft as Record<string, unknown>;
  const form = {
    provider: typeof provider === 'string' ? provider : '', model: typeof model === 'string' ? model : '', name: typeof name === 'string' ? name : '',
    permission: FIRST_PERMISSIONS.find((one) => one === permission) ?? 'talk',
  };
  return { form, visited: Array.isArray(visited) ? STEPS.filter((step) => visited.includes(step)) : [] };
}
