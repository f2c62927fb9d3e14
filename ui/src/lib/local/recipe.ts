/**
 * What an agent on this computer is made of, as a create names it: create has no field for it, so a recipe carries it. Pure.
 * Belongs here: the text and its reading, and telling real agents from simulated ones. Does not belong here: words.
 */
import type { NewInstance, Permission, Profile } from '$lib/ipc/bindings';

/** The `provider` of an instance that runs on this computer for real. */
export const LOCAL_PROVIDER = 'this-computer';
const MANIFEST = 'openclaw-basic';
/** It runs here, and nowhere else: that is its region. */
const REGION = 'this-computer';

export interface LocalRecipe { permission: Permission; provider: string; model: string }

const PERMISSIONS: readonly Permission[] = ['talk', 'own_folder', 'whole_computer'];

/** `local:<permission>:<provider>:<model>`; the model is last, since it may hold colons. */
export const recipeText = ({ permission, provider, model }: LocalRecipe): string => `local:${permission}:${provider}:${model}`;

/** Null for a recipe that is not of this computer, or not whole. */
export function readRecipe(text: string | null | undefined): LocalRecipe | null {
  const [kind, named, provider, ...rest] = (text ?? '').split(':');
  const permission = PERMISSIONS.find((one) => one === named);
  const model = rest.join(':');
  return kind === 'local' && permission && provider && model ? { permission, provider, model } : null;
}

/** The create of a real agent. The platform wants a tier's id and gives it no meaning here. */
export function localRequest(recipe: LocalRecipe, name: string, tier: string): NewInstance {
  return { region_id: REGION, tier_id: tier, agent_name: name.trim(), manifest_id: MANIFEST, recipe_id: recipeText(recipe) };
}

export type AgentKind = 'real' | 'demo';

/** Which of the two an instance is; null for a platform elsewhere, whose instances are simply its own. */
export function agentKind(provider: string | null | undefined, profile: Pick<Profile, 'kind'> | null): AgentKind | null {
  if (profile?.kind !== 'thisComputer') return null;
  return provider === LOCAL_PROVIDER ? 'real' : 'demo';
}
