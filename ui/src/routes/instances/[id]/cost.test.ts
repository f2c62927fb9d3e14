import { expect, it } from 'vitest';
import { Cost, lastThirtyDays } from './cost.svelte';

it('thirty days end today as the server counts days', () => {
  expect(lastThirtyDays(Date.parse('2026-03-01T23:30:00-05:00'))).toEqual({ from: '2026-02-01', to: '2026-03-02' });
});

it('a refusal is kept as the reason', async () => {
  const cost = new Cost();
  await cost.load({ getUsage: () => Promise.reject({ code: { type: 'notFound', message: null }, detail: '' }) }, 'a', 0);
  expect(cost).toMatchObject({ view: null, failure: { code: { type: 'notFound' } } });
});
