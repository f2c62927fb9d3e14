/**
 * What is reckoned from days: sums, changes, unit costs. Pure; money stays exact.
 * Does not belong here: words (words.ts), drawing.
 */
import type { UsageDay, UsageTotals, UsageView } from '$lib/ipc/bindings';
import { asText, change, decimal, divided, plus, shortest, type Decimal } from './decimal';
import type { Metric } from './range';

/** Digits behind the point of a unit cost. */
const UNIT_PLACES = 8;
const MILLION: Decimal = { units: 1_000_000n, places: 0 };

export const whole = (n: number | null | undefined): Decimal | null =>
  n === null || n === undefined || !Number.isSafeInteger(n) ? null : { units: BigInt(n), places: 0 };

/** One number of a day, as text: exact. Null: the day does not say. */
export function exactOf(day: UsageDay, metric: Metric): string | null {
  if (day.missing) return null;
  if (metric === 'cost') return day.cost;
  return day[metric] === null ? null : String(day[metric]);
}

/** The sum of what the days say; null where none says anything. */
export function sumOf(days: readonly UsageDay[], metric: Metric): Decimal | null {
  return days.reduce<Decimal | null>((sum, day) => {
    const one = decimal(exactOf(day, metric));
    return one === null ? sum : sum === null ? one : plus(sum, one);
  }, null);
}

export interface UnitCosts { request: string | null; million: string | null; user: string | null }

/** Dollars for one of something, from the days that tell both: a day without its cost would make all others look cheap. */
function each(days: readonly UsageDay[], metric: 'requests' | 'tokens', times: Decimal): string | null {
  const both = days.filter((day) => decimal(exactOf(day, 'cost')) !== null && exactOf(day, metric) !== null);
  const cost = sumOf(both, 'cost');
  const count = sumOf(both, metric);
  if (cost === null || count === null || count.units <= 0n) return null;
  const quotient = divided({ units: cost.units * times.units, places: cost.places }, count, UNIT_PLACES);
  return quotient && shortest(quotient);
}

export function unitCosts({ days, totals, uniqueUsers }: Pick<UsageView, 'days' | 'totals' | 'uniqueUsers'>): UnitCosts {
  const cost = decimal(totals.cost);
  const users = whole(uniqueUsers);
  const user = cost && users && users.units > 0n ? divided(cost, users, UNIT_PLACES) : null;
  return { request: each(days, 'requests', { units: 1n, places: 0 }), million: each(days, 'tokens', MILLION), user: user && shortest(user) };
}

const of = (totals: UsageTotals | null, metric: Exclude<Metric, 'users'>): Decimal | null =>
  totals === null ? null : metric === 'cost' ? decimal(totals.cost) : whole(totals[metric]);

/** In percent to one place, `-3.4`; null where one of the two is not known, or before was nothing. */
export function changeOf(view: Pick<UsageView, 'totals' | 'before'>, metric: Exclude<Metric, 'users'>): string | null {
  const more = change(of(view.totals, metric), of(view.before, metric));
  return more && asText(more);
}

/** No day has a row: neither in the range, nor before, nor in the days a forecast looks at. */
export const neverUsed = (view: UsageView): boolean => view.totals.days === 0 && view.before === null && view.forecast === null;
