/** What outlives the screen that first asked for it still follows its own state. */
import type { Budget, ConsentView } from '$lib/ipc/bindings';
import { expect, it } from 'vitest';
import { Budgets } from './budgets.svelte';
import { Consent } from './consent.svelte';

/** Makes it as a screen does, looks at it there, and leaves the screen. */
function madeOnAScreen<T>(make: () => T, look: (one: T) => unknown): T {
  const made: T[] = [];
  const leave = $effect.root(() => {
    $effect.pre(() => {
      made.push(make());
      look(made[0] as T);
    });
  });
  leave();
  return made[0] as T;
}

it('a consent that was made on a screen that is gone is told apart when it is known', async () => {
  let view: ConsentView = { state: 'unknown', knownAt: null, from: null, purpose: null, grantedAt: null, purged: 0 };
  const consent = madeOnAScreen(() => new Consent({ getConsent: () => Promise.resolve(view), setConsent: () => Promise.resolve(view) }, 'x'), ({ state }) => state);
  await consent.load();
  expect(consent.state).toBe('unknown');
  view = { ...view, state: 'locked', from: 'conversations' };
  await consent.load();
  expect(consent.state).toBe('locked');
});

it('budgets that were first looked at on a screen that is gone still mark the way to the usage', () => {
  const ipc = { listBudgets: () => Promise.resolve([]), setBudget: () => Promise.reject(new Error('unasked')), getInstance: () => Promise.reject(new Error('unasked')), getSession: () => Promise.reject(new Error('unasked')), onEvent: () => () => undefined };
  const budgets = madeOnAScreen(() => new Budgets(ipc, () => undefined), ({ alarm }) => alarm);
  expect(budgets.alarm).toBeNull();
  budgets.list = [{ level: 'over', chronic: false } as Budget];
  expect(budgets.alarm).toBe('bad');
});
