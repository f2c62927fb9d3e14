/**
 * Usage as files: numbers exactly as they came. Pure. Belongs here: what stands in a file and what it is called.
 * Spreadsheet care (formulas, quoting) is lib/conversations/csv.ts.
 */
import { cell, csv } from '$lib/conversations/csv';
import type { FleetUsageView, UsageDay, UsageView } from '$lib/ipc/bindings';
import { unitCosts } from './figures';

const state = (day: UsageDay): string => (day.missing ? 'no row' : day.unfinished ? 'unfinished' : 'complete');
const text = (n: number | null): string => (n === null ? '' : String(n));

/** The value of a key that this app does not know, as text. */
export function otherText(day: UsageDay, key: string): string {
  const row = day.raw;
  const value: unknown = typeof row === 'object' && row !== null && Object.hasOwn(row, key) ? (row as Record<string, unknown>)[key] : undefined;
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

const HEAD = ['day_utc', 'cost_usd', 'requests', 'tokens'];

/** One row a day; a day without a row has empty cells, never zeros. */
export function usageRows({ days, otherKeys }: Pick<UsageView, 'days' | 'otherKeys'>): string[][] {
  const rows = days.map((day) => [day.day, day.cost ?? '', text(day.requests), text(day.tokens), text(day.users), state(day), ...otherKeys.map((key) => otherText(day, key))]);
  return [[...HEAD, 'unique_users', 'state', ...otherKeys], ...rows];
}

export function fleetRows({ days }: Pick<FleetUsageView, 'days'>): string[][] {
  return [[...HEAD, 'state'], ...days.map((day) => [day.day, day.cost ?? '', text(day.requests), text(day.tokens), state(day)])];
}

export const asCsv = (rows: string[][]): string => csv(rows);
/** For pasting into a spreadsheet. */
export const asTabs = (rows: string[][]): string => rows.map((row) => row.map(cell).join('\t')).join('\n');

const dayJson = (day: UsageDay) => ({ day: day.day, state: state(day), cost_usd: day.cost, requests: day.requests, tokens: day.tokens });

export interface Subject { id: string; name: string }

export function usageJson(view: UsageView, { id, name }: Subject): string {
  const costs = unitCosts(view);
  return JSON.stringify({
    instance_id: id, name, from: view.from, to: view.to, days_are: 'UTC', seen_at: view.seenAt, source: view.source,
    totals: { cost_usd: view.totals.cost, requests: view.totals.requests, tokens: view.totals.tokens, unique_users: view.uniqueUsers, days_with_a_row: view.totals.days },
    before: view.before && { cost_usd: view.before.cost, requests: view.before.requests, tokens: view.before.tokens, days_with_a_row: view.before.days },
    unit_costs_usd: { request: costs.request, million_tokens: costs.million, user: costs.user },
    forecast: view.forecast && { month: view.forecast.month, spent_usd: view.forecast.spent, likely_usd: view.forecast.likely, low_usd: view.forecast.low, high_usd: view.forecast.high, method: view.forecast.method, based_on_days: view.forecast.basedOnDays },
    daily: view.days.map((day) => ({ ...dayJson(day), unique_users: day.users, row: day.raw ?? null })),
  }, null, 2);
}

export function fleetJson(view: FleetUsageView): string {
  return JSON.stringify({
    instances: view.total, instances_read: view.fetched, oldest_at: view.oldestAt, days_are: 'UTC',
    totals: { cost_usd: view.cost, requests: view.requests, tokens: view.tokens },
    dearest: view.dearest.map((row) => ({ instance_id: row.id, name: row.name, cost_usd: row.cost, requests: row.requests, tokens: row.tokens, seen_at: row.seenAt })),
    daily: view.days.map(dayJson),
  }, null, 2);
}

/** `harbour-desk_usage_2026-10-26_2026-11-24.csv`. */
export function fileName(name: string, from: string, to: string, ending: 'csv' | 'json' | 'png'): string {
  const plain = name.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return `${plain || 'instance'}_usage_${from}_${to}.${ending}`;
}

/** A picture as the core takes it. */
export async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(binary);
}
