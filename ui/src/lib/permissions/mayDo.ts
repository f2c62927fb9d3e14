/**
 * Whether the open key may do something, and if not, why. Pure; every screen that shuts a control asks here.
 * Belongs here: the decision. Does not belong here: words for it (`words.ts`), what was refused when (the session store).
 */
import type { InstanceId, SessionView } from '$lib/ipc/bindings';
import { NEEDS, READ, type Operation } from './operations';

export type May =
  | { allowed: true }
  /** The profile is read-only: the person's own choice, whatever the key may do. */
  | { allowed: false; why: 'readOnly' }
  /** There is no key for the profile on this computer: what is kept can be read, and nothing is sent. */
  | { allowed: false; why: 'noKey' }
  /** The platform lists the key's scopes, and this one is not among them. */
  | { allowed: false; why: 'scope'; scope: string }
  /** An admin's act that the platform has refused: the scope is not what is missing. */
  | { allowed: false; why: 'admin' }
  /** Refused before, and the platform does not say which scopes the key has. */
  | { allowed: false; why: 'refused'; scope: string }
  /** Refused for this one instance, such as another customer's; others are not concerned. */
  | { allowed: false; why: 'here'; says: string | null };

export type Forbidden = Exclude<May, { allowed: true }>;

/** What is known of the key, and which single instances answered 403 to what (see `refusalKey`). */
export interface Rights {
  view: Pick<SessionView, 'key' | 'denied' | 'profile' | 'keyless'> | null;
  refusals?: ReadonlyMap<string, string | null>;
}

export const ALLOWED: May = { allowed: true };

export const refusalKey = (operation: Operation, instance: InstanceId | null): string => `${operation} ${instance ?? ''}`;

/**
 * The scopes, where they can be judged by. A list without any scope of this API tells nothing: the key has listed
 * instances, so it has the right in words that this program does not know.
 */
export function knownScopes(scopes: readonly string[] | null | undefined): readonly string[] | null {
  return scopes?.some((scope) => scope === '*' || scope.startsWith('instances:')) ? scopes : null;
}

/** `instances:*` and `*` are not documented; read as everything, since a wrong "no" is worse than a 403. */
export const holds = (scopes: readonly string[], scope: string): boolean =>
  [scope, `${scope.split(':')[0]}:*`, '*'].some((wanted) => scopes.includes(wanted));

export function mayDo({ view, refusals = new Map() }: Rights, operation: Operation, instance: InstanceId | null = null): May {
  const { scope, admin = false } = NEEDS[operation];
  if (view?.profile?.safety === 'readOnly' && scope !== READ) return { allowed: false, why: 'readOnly' };
  if (view?.keyless && scope !== READ) return { allowed: false, why: 'noKey' };
  const scopes = knownScopes(view?.key?.scopes);
  if (scopes && !holds(scopes, scope)) return { allowed: false, why: 'scope', scope };
  const denied = view?.denied.some((one) => one.operation === operation) ?? false;
  if (denied && admin) return { allowed: false, why: 'admin' };
  const here = refusalKey(operation, instance);
  if (instance !== null && refusals.has(here)) return { allowed: false, why: 'here', says: refusals.get(here) ?? null };
  // Where it is known whom the refusals were about, the others stay open.
  const placed = [...refusals.keys()].some((key) => key.startsWith(`${operation} `));
  return denied && !scopes && !placed ? { allowed: false, why: 'refused', scope } : ALLOWED;
}

/** As `mayDo`, where one of several ways is enough: the first reason is the one that counts. */
export function mayDoAny(rights: Rights, operations: readonly Operation[], instance: InstanceId | null = null): May {
  const answers = operations.map((operation) => mayDo(rights, operation, instance));
  return answers.find(({ allowed }) => allowed) ?? answers[0] ?? ALLOWED;
}
