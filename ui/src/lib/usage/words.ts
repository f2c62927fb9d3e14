/** Usage in words. Belongs here: sentences about days, changes, forecasts, ranges. Pure. Budgets have their own (budgetWords.ts). */
import type { UsageDay, UsageForecast, UsageTotals, UsageView } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import { locale } from '$lib/text/locale';
import { compact, number } from '$lib/text/number';
import { change, decimal, money, shortest, type Decimal } from './decimal';
import { changeOf, exactOf } from './figures';
import type { Metric, RangeProblem } from './range';

const day = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
const percent = new Intl.NumberFormat(locale, { minimumFractionDigits: 0, maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: 6 });

const written = (format: Intl.DateTimeFormat, text: string): string => {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) ? text : format.format(at);
};
/** `Sun, 22 Nov 2026`, the server's day. */
export const dayText = (text: string): string => written(day, text);
export const shortDayText = (text: string): string => written(shortDay, text);
export const monthText = (text: string): string => written(month, text);

export function metricText(metric: Metric): string {
  switch (metric) {
    case 'cost': return m.usage_metric_cost();
    case 'tokens': return m.usage_metric_tokens();
    case 'requests': return m.usage_metric_requests();
    case 'users': return m.usage_metric_users();
  }
}

/** The number with what it counts: `$41.20`, `12,400 requests`. */
export function amountText(text: string, metric: Metric): string {
  if (metric === 'cost') return money(text);
  const count = Number(text);
  switch (metric) {
    case 'tokens': return m.usage_tokens({ count, shown: number(count) });
    case 'requests': return m.usage_requests({ count, shown: number(count) });
    case 'users': return m.usage_users({ count, shown: number(count) });
  }
}

/** The scale's own numbers: no money, only lines of a drawing. */
export const axisText = (metric: Metric) => (n: number): string => (metric !== 'cost' ? compact(n) : (Number.isInteger(n) ? dollars : cents).format(n));

/** `+18.2 %`; `±0 %` for the same. */
export function percentText(more: string | Decimal): string {
  const n = Number(typeof more === 'string' ? more : shortest(more));
  const size = percent.format(Math.abs(n));
  return m.usage_percent({ n: n > 0 ? `+${size}` : n < 0 ? `−${size}` : `±${size}` });
}

/** How a sum stands against the period before; the sentence also when it can not be said. */
export function changeText(view: Pick<UsageView, 'totals' | 'before'>, metric: Exclude<Metric, 'users'>, length: number): string {
  const more = changeOf(view, metric);
  if (more !== null) return m.usage_change({ change: percentText(more), count: length });
  return view.before === null ? m.usage_change_none({ count: length }) : m.usage_change_unknown({ count: length });
}

/** Why a comparison is to be read with care; null when both periods are whole. */
export function careText(totals: UsageTotals, before: UsageTotals | null, length: number, unfinished: boolean): string | null {
  if (before !== null && (before.days < length || totals.days < length)) return m.usage_care_gaps({ now: totals.days, before: before.days, days: length });
  return unfinished ? m.usage_care_today() : null;
}

/** Why there is no number of people: the platform tells one for ranges that end today, and some tell none. */
export const noUsersText = ({ to, today }: Pick<UsageView, 'to' | 'today'>): string => (to === today ? m.usage_users_uncounted() : m.usage_users_unsaid());

/** One point of the chart, read aloud and below it. */
export function describeDay(one: UsageDay | undefined, metric: Metric, against: UsageDay | null = null): string {
  if (!one) return '';
  const title = one.unfinished ? m.usage_day_unfinished({ day: dayText(one.day) }) : dayText(one.day);
  const exact = exactOf(one, metric);
  if (exact === null) return m.usage_day_says({ day: title, what: one.missing ? m.usage_day_missing() : m.usage_day_unsaid({ metric: metricText(metric) }) });
  const what = amountText(exact, metric);
  const other = against && exactOf(against, metric);
  if (!against || other === null || other === '') return m.usage_day_says({ day: title, what });
  // Half a day against a whole one says nothing.
  const more = one.unfinished || against.unfinished ? null : change(decimal(exact), decimal(other));
  const compared = more ? m.usage_day_before_change({ change: percentText(more), amount: amountText(other, metric), day: shortDayText(against.day) }) : m.usage_day_before({ amount: amountText(other, metric), day: shortDayText(against.day) });
  return m.usage_day_says({ day: title, what: m.usage_day_compared({ what, compared }) });
}

/** What is said of one day's state in a table. */
export const dayState = (one: UsageDay): string => (one.missing ? m.usage_state_missing() : one.unfinished ? m.usage_state_unfinished() : m.usage_state_complete());

export interface ForecastWords { likely: string; band: string; spent: string; method: string }

export function forecastWords(forecast: UsageForecast): ForecastWords {
  const days = forecast.basedOnDays;
  return {
    likely: money(forecast.likely),
    band: forecast.low === forecast.high ? m.usage_forecast_exact() : m.usage_forecast_band({ low: money(forecast.low), high: money(forecast.high) }),
    spent: m.usage_forecast_spent({ amount: money(forecast.spent), month: monthText(forecast.month) }),
    method: forecast.method === 'weekdayMean' ? m.usage_forecast_weekday({ count: days }) : m.usage_forecast_daily({ count: days }),
  };
}

export function rangeProblemText(problem: RangeProblem): string {
  switch (problem) {
    case 'noFrom': return m.usage_range_no_from();
    case 'noTo': return m.usage_range_no_to();
    case 'backwards': return m.usage_range_backwards();
    case 'future': return m.usage_range_future();
    case 'tooLong': return m.usage_range_too_long();
  }
}
