/**
 * What a recipe brings, for a person who chooses. Pure.
 * Belongs here: reading the platform's list of recipes. Does not belong here: which of them can be chosen (the core).
 */
import type { Choices } from '$lib/ipc/bindings';

export interface RecipeParts { hosting: string | null; runtime: string | null; channels: string[]; skills: string[]; workflows: string[] }

/** Names, or objects that have one under a usual key; what has none is left out. */
function names(entries: readonly unknown[]): string[] {
  const found = entries.map((entry) => {
    if (typeof entry === 'string') return entry.trim();
    if (typeof entry !== 'object' || entry === null) return '';
    const { name, type, slug, id } = entry as Record<string, unknown>;
    return [name, type, slug, id].find((text): text is string => typeof text === 'string' && text.trim() !== '')?.trim() ?? '';
  });
  return [...new Set(found.filter(Boolean))];
}

/** What is known of a recipe; none where nothing is. */
export function partsOf(choices: Choices | null, id: string): RecipeParts | null {
  const recipe = choices?.offers.find((offer) => offer.id === id.trim());
  if (!recipe) return null;
  const parts = {
    hosting: recipe.hosting_mode?.trim() || null, runtime: recipe.manifest_id?.trim() || null,
    channels: names(recipe.channel_types), skills: names(recipe.skills), workflows: names(recipe.workflow_slugs),
  };
  return Object.values(parts).some((part) => part !== null && part.length > 0) ? parts : null;
}
