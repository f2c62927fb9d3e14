import { describe, expect, it } from 'vitest';
import type { Budget, FleetUsageView, UsageDay, UsageForecast, UsageTotals, UsageView } from '$lib/ipc/bindings';
import { crossings, crossingText, levelTone, likelyText, readAmount, shareText, standing } from './budgetWords';
import { aligned, asText, change, compare, decimal, divided, height, money, plus, shortest, unitMoney } from './decimal';
import { asCsv, asTabs, base64, fileName, fleetJson, otherText, usageJson, usageRows } from './exported';
import { changeOf, neverUsed, sumOf, unitCosts } from './figures';
import { before, boundsOf, isDay, lengthOf, lookOf, rangeProblem, utcDay, wordsOf } from './range';
import { coverage, endingOf, remaining, walkText } from './walk';
import { careText, changeText, dayState, describeDay, forecastWords, noUsersText, percentText } from './words';

const day = (name: string, more: Partial<UsageDay> = {}): UsageDay => ({ day: name, tokens: null, requests: null, users: null, cost: null, unfinished: false, missing: false, raw: null, ...more });
const gap = (name: string): UsageDay => day(name, { missing: true });
const totals = (more: Partial<UsageTotals> = {}): UsageTotals => ({ tokens: null, requests: null, cost: null, days: 0, ...more });
const view = (more: Partial<UsageView> = {}): UsageView => ({ from: '2026-11-01', to: '2026-11-02', today: '2026-11-02', days: [], totals: totals(), before: null, uniqueUsers: null, forecast: null, otherKeys: [], seenAt: null, source: 'live', failure: null, ...more });
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('decimal text', () => {
  it('adds up to the last digit, where floats do not', () => {
    const tenths = Array.from({ length: 10 }, () => decimal('0.1'));
    expect(asText(tenths.reduce((sum, one) => (sum && one ? plus(sum, one) : null)) ?? { units: 0n, places: 0 })).toBe('1.0');
    expect(sumOf([day('a', { cost: '9007199254740993.01' }), day('b', { cost: '0.00000001' })], 'cost')).toEqual(decimal('9007199254740993.01000001'));
  });
  it('is only what is a number', () => {
    expect(['', '.', 'x', '1,5', '0x1', '1.2.3', null, '9'.repeat(80)].map((text) => decimal(text))).toEqual(Array(8).fill(null));
    expect(['-0.50', '.5', '1e-3', '2E2'].map((text) => asText(decimal(text) ?? { units: 0n, places: 9 }))).toEqual(['-0.50', '0.5', '0.001', '200']);
  });
  it('divides half away from zero and never by zero', () => {
    const [two, three, zero] = [decimal('2'), decimal('3'), decimal('0')] as const;
    if (!two || !three || !zero) throw new Error('these are numbers');
    expect(asText(divided(two, three, 4) ?? zero)).toBe('0.6667');
    expect(asText(divided({ units: -1n, places: 0 }, two, 0) ?? zero)).toBe('-1');
    expect(divided(two, zero, 2)).toBeNull();
    expect([compare(two, three), compare(two, { units: 200n, places: 2 })]).toEqual([-1, 0]);
  });
  it('is read as money without a float', () => {
    expect(['1284.6', '0', '0.005', '0.0042', '-0.5', '99999999999999999999.99', '1.995'].map((text) => money(text))).toEqual(['$1,284.60', '$0.00', '$0.005', '$0.0042', '−\u2060$0.50', '$99,999,999,999,999,999,999.99', '$2.00']);
    expect(money(null)).toBe('–');
    expect(['0.015436', '6.196', '0.1968'].map(unitMoney)).toEqual(['$0.0154', '$6.20', '$0.197']);
  });
  it('loses zeros at its end only where asked to', () => expect([shortest({ units: 1500n, places: 3 }), shortest({ units: 100n, places: 0 })]).toEqual(['1.5', '100']));
  it('is a float for heights alone', () => expect([height('2.50'), height(null)]).toEqual([2.5, null]));
});

describe('a range', () => {
  const today = '2026-11-24';
  it('of recent days ends today as the server counts them', () => {
    expect(boundsOf({ type: 'recent', days: 7 }, utcDay(Date.parse('2026-11-23T22:30:00-05:00')))).toEqual({ from: '2026-11-18', to: today });
    expect(lengthOf(boundsOf({ type: 'recent', days: 90 }, today))).toBe(90);
  });
  it('is compared with as many days right before it, over the ends of months and summer time', () => {
    expect(before({ from: '2026-03-01', to: '2026-03-31' })).toEqual({ from: '2026-01-29', to: '2026-02-28' });
    expect(before({ from: today, to: today })).toEqual({ from: '2026-11-23', to: '2026-11-23' });
  });
  it('says what is wrong with it', () => {
    const wrong = (from: string, to: string) => rangeProblem({ from, to }, today);
    expect([wrong('', today), wrong('2026-02-30', today), wrong('2026-11-01', 'x'), wrong('2026-11-02', '2026-11-01'), wrong('2026-11-01', '2026-11-25'), wrong('2025-11-23', today)]).toEqual(['noFrom', 'noFrom', 'noTo', 'backwards', 'future', 'tooLong']);
    expect(wrong('2025-11-24', today)).toBeNull();
    expect(isDay('2026-1-1')).toBe(false);
  });
  it('goes into the address and back', () => {
    for (const words of ['', '?days=7', '?days=90&metric=users', '?from=2026-11-01&to=2026-11-09&metric=tokens&compare=0']) expect(wordsOf(lookOf(new URLSearchParams(words), today))).toBe(words);
  });
  it('that makes no sense is the usual one', () => {
    expect(lookOf(new URLSearchParams('days=8&metric=x&from=2026-12-01&to=2026-11-01'), today)).toEqual({ range: { type: 'recent', days: 30 }, metric: 'cost', compare: true });
  });
});

describe('figures', () => {
  const days = [day('2026-11-01', { cost: '0.30', requests: 3, tokens: 100 }), day('2026-11-02', { requests: 7, tokens: 5 }), gap('2026-11-03')];
  it('unit costs come from the days that tell both numbers', () => {
    expect(unitCosts({ days, totals: totals({ cost: '0.30' }), uniqueUsers: 7 })).toEqual({ request: '0.1', million: '3000', user: '0.04285714' });
  });
  it('nothing costs something per nothing', () => {
    expect(unitCosts({ days: [day('a', { cost: '1', requests: 0 })], totals: totals({ cost: '1' }), uniqueUsers: 0 })).toEqual({ request: null, million: null, user: null });
  });
  it('a gap counts nowhere, a zero does', () => {
    expect(sumOf([gap('a')], 'requests')).toBeNull();
    expect(sumOf([gap('a'), day('b', { requests: 0 })], 'requests')).toEqual({ units: 0n, places: 0 });
  });
  it('changes are exact and not claimed against nothing', () => {
    const of = (now: string | null, then: string | null) => changeOf({ totals: totals({ cost: now }), before: totals({ cost: then, days: 1 }) }, 'cost');
    expect([of('118.25', '100'), of('0.3', '0.1'), of('1', '0'), of(null, '1'), of('1', null)]).toEqual(['18.3', '200.0', null, null, null]);
    expect(changeOf({ totals: totals({ tokens: 5 }), before: null }, 'tokens')).toBeNull();
    expect(change(decimal('1'), decimal('1'))?.units).toBe(0n);
  });
  it('no row anywhere is told from no row in the range', () => {
    expect(neverUsed(view())).toBe(true);
    expect(neverUsed(view({ before: totals({ days: 3 }) }))).toBe(false);
  });
});

describe('amounts below each other', () => {
  it('have the same places and lose none', () => expect(aligned(['1.5', null, '0.329017', '2'])).toEqual(['1.500000', null, '0.329017', '2.000000']));
});

describe('words', () => {
  it('of changes have a sign', () => {
    expect(['18.2', '-3.0', '0.0'].map((n) => plain(percentText(n)))).toEqual(['+18.2 %', '−3 %', '±0 %']);
    const of = (then: UsageTotals | null) => plain(changeText({ totals: totals({ cost: '2' }), before: then }, 'cost', 30));
    expect([of(totals({ cost: '1', days: 30 })), of(totals({ days: 3 })), of(null)]).toEqual(['+100 % on the 30 days before', 'Not comparable with the 30 days before', 'Nothing is known of the 30 days before']);
  });
  it('ask for care where days are missing or today is not over', () => {
    expect(careText(totals({ days: 29 }), totals({ days: 21 }), 30, true)).toContain('29 of 30 days');
    expect(careText(totals({ days: 30 }), totals({ days: 30 }), 30, true)).toContain('not over');
    expect(careText(totals({ days: 30 }), totals({ days: 30 }), 30, false)).toBeNull();
  });
  it('do not promise people where the platform tells none', () => {
    expect(noUsersText({ to: '2026-11-02', today: '2026-11-02' })).toBe('The platform does not tell them');
    expect(noUsersText({ to: '2026-11-01', today: '2026-11-02' })).toBe('Told for ranges that end today');
  });
  it('of a point say the day, the exact number, and what it is compared with', () => {
    const now = day('2026-11-22', { cost: '41.20' });
    expect(describeDay(now, 'cost')).toMatch(/22.*: \$41\.20$/);
    expect(plain(describeDay(now, 'cost', day('2026-10-23', { cost: '35' })))).toMatch(/\$41\.20, \+17\.7 % on \$35\.00 of .*23/);
    expect(describeDay({ ...now, unfinished: true }, 'cost')).toContain('not over yet');
    expect(describeDay(undefined, 'cost')).toBe('');
  });
  it('of a gap say no number, and of a day without its cost neither', () => {
    expect(describeDay(gap('2026-11-22'), 'cost')).toContain('no row');
    expect(describeDay(day('2026-11-22', { requests: 4 }), 'cost')).toContain('not told');
    expect(describeDay(day('2026-11-22', { requests: 0 }), 'requests')).toContain('0 requests');
    expect([gap('a'), day('a', { unfinished: true }), day('a')].map(dayState)).toEqual(['No row', 'Not over yet', 'Complete']);
  });
  it('of a forecast name its band and its method', () => {
    const forecast: UsageForecast = { month: '2026-11-01', spent: '10.00', low: '28.00', likely: '30.00', high: '32.00', method: 'weekdayMean', basedOnDays: 28 };
    const words = forecastWords(forecast);
    expect([words.likely, plain(words.band), words.spent, words.method]).toEqual(['$30.00', 'Between $28.00 and $32.00, an 80 % band', '$10.00 so far in November 2026', 'From each weekday’s own mean, over 28 full days']);
    expect(forecastWords({ ...forecast, low: '30.00', high: '30.00', method: 'dailyMean' })).toMatchObject({ band: 'All days so far cost the same: no band', method: 'From the mean of 28 full days' });
  });
});

describe('files', () => {
  const days = [day('2026-11-01', { cost: '0.10', requests: 9007199254740991, tokens: 0, raw: { region: '=cmd|x', nested: { a: 1 } } }), gap('2026-11-02')];
  it('carry the exact text, empty cells for gaps, unknown keys, and no formula', () => {
    expect(asCsv(usageRows({ days, otherKeys: ['region', 'nested'] }))).toBe('day_utc,cost_usd,requests,tokens,unique_users,state,region,nested\r\n2026-11-01,0.10,9007199254740991,0,,complete,\'=cmd|x,"{""a"":1}"\r\n2026-11-02,,,,,no row,,\r\n');
    expect(asTabs([['a', 'b'], ['1', '2']])).toBe('a\tb\n1\t2');
  });
  it('an inherited name is no key of a row', () => expect(otherText(day('a', { raw: {} }), 'toString')).toBe(''));
  it('as JSON keep money as text and gaps as null', () => {
    const read = JSON.parse(usageJson(view({ days, totals: totals({ cost: '12345678901234567890.10', days: 1 }) }), { id: 'i', name: 'Harbour' })) as { totals: unknown; daily: unknown[]; days_are: string };
    expect(read.totals).toMatchObject({ cost_usd: '12345678901234567890.10', requests: null });
    expect(read.daily[1]).toEqual({ day: '2026-11-02', state: 'no row', cost_usd: null, requests: null, tokens: null, unique_users: null, row: null });
    expect(read.days_are).toBe('UTC');
    const fleet: FleetUsageView = { total: 9, fetched: 2, oldestAt: null, cost: '0.30', requests: null, tokens: null, days, dearest: [], run: null };
    expect(JSON.parse(fleetJson(fleet))).toMatchObject({ instances: 9, instances_read: 2, totals: { cost_usd: '0.30' } });
  });
  it('have names that every system takes', () => {
    expect(fileName('Harbour / “desk” ../x', 'a', 'b', 'csv')).toBe('harbour-desk-x_usage_a_b.csv');
    expect(fileName('///', 'a', 'b', 'png')).toBe('instance_usage_a_b.png');
  });
  it('a picture is base64, also a large one', async () => {
    const bytes = new Uint8Array(100_000).fill(7);
    expect(atob(await base64(new Blob([bytes]))).length).toBe(100_000);
  });
});

describe('a budget', () => {
  const budget = (more: Partial<Budget> = {}): Budget => ({ scope: 'a', monthlyUsd: '500', spent: '412.30', share: 0.8246, level: 'most', chronic: false, likely: '520', ...more });
  it('takes an amount as people write it, and guesses nothing', () => {
    expect(['500', ' $1,200.50 ', '.5', '12.', '007'].map(readAmount)).toEqual([{ amount: '500' }, { amount: '1200.5' }, { amount: '0.5' }, { amount: '12' }, { amount: '7' }]);
    expect(['', '1,50', 'x', '1e3', '-', '-5', '0.00', '1000000000'].map(readAmount)).toEqual(['empty', 'noAmount', 'noAmount', 'noAmount', 'noAmount', 'notAboveZero', 'notAboveZero', 'tooMuch'].map((problem) => ({ problem })));
  });
  it('says how it stands, and that it does not know', () => {
    expect(plain(standing(budget()))).toBe('$412.30 of $500.00 this month, 82 %.');
    expect(standing(budget({ spent: null, share: null }))).toContain('not known');
    expect([levelTone(budget({ level: 'none', share: 0.1 })), levelTone(budget({ level: 'none', share: null })), levelTone(budget({ level: 'over', share: 2 }))]).toEqual(['ok', 'unknown', 'bad']);
  });
  it('says so many times no more in percent', () => expect([99.5, 4711.2].map((share) => plain(shareText(share)))).toEqual(['9,950 %', 'over 100 times']));
  it('is not all used before it is', () => expect([0.996, 1, 0.29].map((share) => plain(shareText(share)))).toEqual(['99 %', '100 %', '29 %']));
  it('says whether the month will end inside it', () => {
    expect([likelyText(budget()), likelyText(budget({ likely: '500.00' })), likelyText(budget({ likely: null }))]).toEqual([expect.stringContaining('more than the budget'), expect.stringContaining('within the budget'), null]);
  });
  it('crosses a level upwards once; a new, a changed or a calmer one crosses nothing', () => {
    const half = budget({ level: 'half' });
    expect(crossings([half], [budget()])).toMatchObject([{ scope: 'a', level: 'most', chronic: false }]);
    expect([crossings([budget()], [budget()]), crossings([], [budget()]), crossings([{ ...half, monthlyUsd: '900' }], [budget()]), crossings([budget()], [half])]).toEqual([[], [], [], []]);
    const [chronic] = crossings([half], [{ ...half, chronic: true }]);
    expect(chronic && crossingText(chronic, 'Harbour').title).toBe('Harbour burns its budget too fast');
  });
});

describe('the walk', () => {
  const run = { done: 45, total: 9_788, failed: 0, startedAt: '2026-11-24T14:00:00Z' };
  const now = Date.parse('2026-11-24T14:00:45Z');
  it('says how long it took and how much longer it takes, once that can be known', () => {
    expect(remaining(run, now)).toBe(9_743_000);
    expect(remaining({ ...run, done: 1 }, now)).toBeNull();
    expect(walkText(run, now)).toBe('Asked 45 of 9,788 in 45 s, about 2 h 42 min left.');
    expect(walkText({ ...run, done: 1, failed: 1 }, now)).toContain('not known yet. 1 gave no answer.');
  });
  it('names from how many the sum is, and how old the oldest', () => {
    expect(coverage({ fetched: 212, total: 10_000, oldestAt: '2026-11-24T11:00:00Z' }, now)).toBe('From 212 of 10,000 instances, oldest 3 h');
  });
  it('ends by itself, by hand, or breaks off', () => {
    expect([endingOf({ ...run, done: 9_788 }, true, now).type, endingOf(run, true, now).type, endingOf(run, false, now).type]).toEqual(['done', 'stopped', 'broken']);
  });
});
