/**
 * What the platform says of the key itself, where it says anything: whose it is, its scopes, its limits. Pure.
 * Belongs here: reading and sorting it. Does not belong here: decisions on single acts (`mayDo.ts`), words.
 */
import type { SessionView } from '$lib/ipc/bindings';
import { holds, knownScopes } from './mayDo';
import { DELETE, READ, WRITE } from './operations';

export interface KeyFacts {
  tenant: string | null;
  user: string | null;
  /** The scopes of this API, in order, each with whether the key has it; none where that can not be told. */
  rights: { scope: Right; held: boolean }[];
  /** Its other scopes, as they are written. */
  others: string[];
  perMinute: number | null;
  perHour: number | null;
  needsReissue: boolean;
}

export const RIGHTS = [READ, WRITE, DELETE] as const;
export type Right = (typeof RIGHTS)[number];

/** None where the platform does not tell: then nothing is shown either. */
export function keyOf(view: SessionView | null): KeyFacts | null {
  const context = view?.key;
  if (!context) return null;
  const { scopes } = context;
  const known = knownScopes(scopes);
  return {
    tenant: context.tenant_id, user: context.user_id,
    rights: known ? RIGHTS.map((scope) => ({ scope, held: holds(known, scope) })) : [],
    others: scopes.filter((scope) => !(RIGHTS as readonly string[]).includes(scope)),
    perMinute: context.rate_limit_per_minute, perHour: context.rate_limit_per_hour,
    needsReissue: context.needs_reissue,
  };
}
