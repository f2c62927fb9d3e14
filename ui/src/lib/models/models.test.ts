/** Policies with keys that nobody knows, and what a change would have cost. */
import type { ModelOffer, UsageDay } from '$lib/ipc/bindings';
import { decimal, exactText, lastDays, moneyRange, preview, type Preview } from '$lib/models/cost';
import { differing, fallbackDoubt, otherKeys, primaryOf, toSend, usableOffers } from '$lib/models/policy';
import { describe, expect, it } from 'vitest';

const day = (tokens: number | null, cost: string | null = '0.10', missing = false): UsageDay => ({ day: '2026-11-01', tokens, requests: null, users: null, cost, unfinished: false, missing, raw: null });
const offer = (id: string, inputCost: string | null, outputCost: string | null): ModelOffer => ({ id, name: null, provider: null, tier: null, available: null, inputCost, outputCost });
const MODELS = [offer('big', '3.00', '15'), offer('small', '0.15', '0.6'), offer('half', '1', null)];

describe('a policy', () => {
  it('goes out whole, and what was taken out goes as null', () => {
    expect(toSend({ primary: 'a', budget: { usd: 5 }, odd: 1 }, { primary: 'b', budget: { usd: 5 } })).toEqual({ primary: 'b', budget: { usd: 5 }, odd: null });
  });

  it('keeps the keys that this app does not know', () => {
    expect(otherKeys({ primary: 'a', fallbacks: [], budget: 1 })).toEqual(['budget']);
    expect([primaryOf({ primary: 'a' }), primaryOf({ primary: { id: 'a' } }), primaryOf({})]).toEqual(['a', null, null]);
  });

  it('differs where it does not hold what was sent', () => {
    expect(differing({ primary: 'a', odd: null, key: 'new' }, { primary: 'a', key: '***' })).toEqual([]);
    expect(differing({ primary: 'a', odd: null }, { primary: 'b', odd: 1 })).toEqual(['primary', 'odd']);
  });

  it('is offered what its agent can use', () => {
    const offers = ['platform/large', 'local/small', 'local/large', 'locality/x'].map((id) => offer(id, null, null));
    const ids = (kind: 'real' | 'demo' | null, primary: string | null) => usableOffers(offers, kind, primary).map(({ id }) => id);
    expect(ids('real', 'local/small')).toEqual(['local/small', 'local/large']);
    expect(ids('demo', 'platform/none')).toEqual(['platform/large']);
    expect([ids(null, 'local/small').length, ids('real', null).length]).toEqual([4, 4]);
  });

  it('doubts a fallback that can not help', () => {
    const policy = { primary: 'a', fallbacks: ['b', 'a', 'b', 7] };
    expect([0, 1, 2, 3].map((index) => fallbackDoubt(policy, index))).toEqual([null, 'primary', 'twice', null]);
  });
});

describe('what a change would have cost', () => {
  it('has two ends, all read and all written', () => {
    const found = preview([day(1_000_000), day(500_000)], MODELS, 'big', 'small') as Preview;
    expect([found.now, found.then, found.change].map(({ low, high }) => [exactText(low), exactText(high)])).toEqual([['4.5', '22.5'], ['0.225', '0.9'], ['−21.6', '−4.275']]);
    expect([found.tokens, found.days, found.asked, exactText(found.billed ?? 0n)]).toEqual([1_500_000n, 2, 2, '0.2']);
  });

  it('is exact where floating point is not', () => {
    expect(exactText((decimal('0.1') ?? 0n) + (decimal('0.2') ?? 0n))).toBe('0.3');
    expect(decimal('0.0000000000000000001')).toBeNull();
    expect([decimal('-1'), decimal(''), decimal(null), decimal('1e3')]).toEqual([null, null, null, null]);
  });

  it('leaves out days that are not known, and says how many are', () => {
    const found = preview([day(10), day(null), day(5, null, true), day(20, null)], MODELS, 'big', 'big') as Preview;
    expect([found.tokens, found.days, found.asked, found.billed]).toEqual([30n, 2, 4, null]);
  });

  it('is no number where something is missing', () => {
    const days = [day(10)];
    expect(preview(days, MODELS, 'big', 'half')).toBe('thenPriceUnknown');
    expect(preview(days, MODELS, 'elsewhere', 'big')).toBe('nowPriceUnknown');
    expect(preview(days, null, 'big', 'small')).toBe('nowPriceUnknown');
    expect(preview(null, MODELS, 'big', 'small')).toBe('noUsage');
    expect(preview([day(null)], MODELS, 'big', 'small')).toBe('noTokens');
    expect(preview(days, MODELS, null, 'small')).toBe('nowUnknown');
    expect(preview(days, MODELS, 'big', null)).toBe('noPrimary');
  });

  it('reads as money, and never as nothing', () => {
    expect(moneyRange({ low: decimal('0.0042') ?? 0n, high: decimal('12.5') ?? 0n })).toBe('$0.0042 – $12.50');
  });

  it('looks at thirty days of the server', () => {
    expect(lastDays(Date.parse('2026-11-24T23:59:00Z'))).toEqual({ from: '2026-10-26', to: '2026-11-24' });
  });
});
