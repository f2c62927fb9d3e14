/**
 * A model policy: any document, of which `primary` and `fallbacks` are understood. Pure.
 * Belongs here: what of it is understood, and what goes out. Does not belong here: prices (`cost.ts`).
 */
import { child, isList, type Json, type JsonObject } from '$lib/config/value';
import type { ModelOffer } from '$lib/ipc/bindings';
import type { AgentKind } from '$lib/local/recipe';
import { agrees } from '$lib/platform/secrets';

export const KNOWN = ['primary', 'fallbacks'] as const;

export function primaryOf(policy: JsonObject): string | null {
  const primary = child(policy, 'primary');
  return typeof primary === 'string' && primary.trim() !== '' ? primary : null;
}

/**
 * The models that an agent can be given. One on this computer has those of its own model server alone, and a demo those of the
 * platform alone: the name before the first slash says whose they are. A platform elsewhere knows itself what it offers.
 */
export function usableOffers(offers: readonly ModelOffer[], kind: AgentKind | null, primary: string | null): readonly ModelOffer[] {
  if (kind === null || primary === null) return offers;
  const owner = `${primary.split('/')[0]}/`;
  return offers.filter(({ id }) => id.startsWith(owner));
}

/** The keys that this app has no field for. */
export const otherKeys = (policy: JsonObject): string[] => Object.keys(policy).filter((key) => !(KNOWN as readonly string[]).includes(key));

/** The whole policy as it goes out. What was taken out is sent as null: leaving it out would keep it where a server merges. */
export function toSend(before: JsonObject, policy: JsonObject): JsonObject {
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(policy, key)).map((key) => [key, null] as const);
  return { ...policy, ...Object.fromEntries(removed) };
}

/** Keys that hold otherwise than they were sent. */
export function differing(sent: JsonObject, holds: JsonObject): string[] {
  return Object.keys(sent).filter((key) => {
    const [wanted, known] = [child(sent, key), child(holds, key)];
    return wanted === null ? known !== undefined && known !== null : !agrees(wanted, known);
  });
}

/** A fallback that can not help: the primary itself, or one that stands there already. */
export function fallbackDoubt(policy: JsonObject, index: number): 'primary' | 'twice' | null {
  const list = child(policy, 'fallbacks');
  const entry: Json | undefined = isList(list) ? list[index] : undefined;
  if (typeof entry !== 'string' || !isList(list)) return null;
  if (entry === primaryOf(policy)) return 'primary';
  return list.indexOf(entry) < index ? 'twice' : null;
}
