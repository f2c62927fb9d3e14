/**
 * Usage in memory. Belongs here: believable days that stay the same while the page is open: weekends, a gap, a today that
 * is not over, a key nobody knows; the walk through the fleet; budgets.
 */
import type { Budget, BudgetLevel, Failure, FleetUsageRun, FleetUsageView, UsageDay, UsageTotals, UsageView } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';
import { chance } from './random';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const FLEET = 'fleet';
type Kind = 'busy' | 'silent' | 'new' | 'free' | 'forbidden';

const utc = (at: number): string => new Date(at).toISOString().slice(0, 10);
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const seed = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2_000_000_000, 7);
/** Ten-thousandths of a dollar as text: the fake adds whole numbers, like the core adds decimals. */
const money = (units: number): string => `${Math.floor(units / 10_000)}.${String(units % 10_000).padStart(4, '0')}`;
const units = (text: string): number => Math.round(Number(text) * 10_000);
const sum = (numbers: (number | null)[]): number | null => numbers.reduce<number | null>((all, one) => (one === null ? all : (all ?? 0) + one), null);

/** What is odd about an instance follows from its place in the list. */
function kindOf(core: FakeCore, id: string): Kind {
  const name = core.instance(id).summary?.agent_name ?? '';
  if (/forbidden/i.test(name)) return 'forbidden';
  const status = core.instance(id).summary?.status;
  return status === 'provisioning' ? 'new' : status === 'failed' || status === 'error' ? 'silent' : seed(id) % 7 === 3 ? 'free' : 'busy';
}

function dayOf(id: string, kind: Kind, day: string, now: number): UsageDay {
  const today = utc(now);
  const age = Math.round((at(today) - at(day)) / DAY);
  const nothing: UsageDay = { day, tokens: null, requests: null, users: null, cost: null, unfinished: day >= today, missing: true, raw: null };
  if (kind === 'new' || age > 160 || age < 0 || (kind === 'silent' && age < 40) || age === 9) return nothing;
  const roll = chance(seed(id + day));
  roll();
  const weekend = [0, 6].includes(new Date(at(day)).getUTCDay()) ? 0.45 : 1;
  const so_far = day === today ? (now - at(today)) / DAY : 1;
  const size = 40 + (seed(id) % 360);
  const requests = Math.round(size * weekend * so_far * (0.75 + roll() * 0.5) * (1.25 - age / 400));
  const tokens = requests * Math.round(2_100 + roll() * 900);
  const users = Math.round(requests / (4 + roll() * 3));
  const cost = kind === 'free' ? null : money(Math.round(tokens * (0.055 + roll() * 0.012)));
  const raw = { date: day, requests, tokens, unique_end_users: users, ...(cost === null ? {} : { cost_usd: cost }), cache_hits: Math.round(requests * 0.31), region: 'eu-central' };
  return { day, tokens, requests, users, cost, unfinished: day >= today, missing: false, raw };
}

function totalsOf(days: UsageDay[]): UsageTotals {
  const cost = sum(days.map((day) => (day.cost === null ? null : units(day.cost))));
  return { tokens: sum(days.map((day) => day.tokens)), requests: sum(days.map((day) => day.requests)), cost: cost === null ? null : money(cost), days: days.filter((day) => !day.missing).length };
}

const daysFrom = (from: string, count: number, make: (day: string) => UsageDay): UsageDay[] => Array.from({ length: count }, (_, index) => make(utc(at(from) + index * DAY)));

export function fakeUsage(core: FakeCore): Pick<Ipc, 'getUsage' | 'getFleetUsage' | 'fetchFleetUsage' | 'stopFleetUsage' | 'listBudgets' | 'setBudget'> {
  const ids = (): string[] => core.window({ text: '', phases: [], sort: 'name', descending: false, group: null }, 0, 10_000).rows.map(({ instance }) => instance.id);
  /** When each was read; those of an earlier start among them. */
  const known = new Map<string, number>();
  let begun = false;
  const budgets = new Map<string, string>();
  let run: FleetUsageRun | null = null;

  /** A third was read before, and a few budgets are set. */
  function begin(): void {
    if (begun) return;
    begun = true;
    const all = ids();
    all.slice(0, Math.min(212, Math.floor(all.length / 3))).forEach((id, index) => known.set(id, Date.now() - ((index % 4) + 0.2) * HOUR));
    const [first, second] = [...known.keys()].filter((id) => kindOf(core, id) === 'busy');
    if (first) budgets.set(first, money(Math.round(monthOf([first]) * 1.15)));
    if (second) budgets.set(second, money(Math.round(monthOf([second]) * 0.92)));
    if (all.length > 1) budgets.set(FLEET, '2500');
  }
  const recent = (id: string, now: number) => daysFrom(utc(now - 29 * DAY), 30, (day) => dayOf(id, kindOf(core, id), day, now));
  const thisMonth = (): string => `${utc(Date.now()).slice(0, 8)}01`;
  function monthOf(of: string[]): number {
    const now = Date.now();
    return of.flatMap((id) => recent(id, now)).filter((day) => day.day >= thisMonth()).reduce((all, day) => all + (day.cost === null ? 0 : units(day.cost)), 0);
  }

  function judge(scope: string, monthlyUsd: string): Budget {
    const of = scope === FLEET ? [...known.keys()] : [scope];
    const spent = known.size > 0 || scope !== FLEET ? monthOf(of) : null;
    const share = spent === null ? null : spent / units(monthlyUsd);
    const level: BudgetLevel = share === null || share < 0.5 ? 'none' : share < 0.8 ? 'half' : share < 1 ? 'most' : 'over';
    const date = new Date().getUTCDate();
    return { scope, monthlyUsd, spent: spent === null ? null : money(spent), share, level, chronic: (share ?? 0) > date / 28, likely: spent === null ? null : (Number(money(spent)) * (30 / date)).toFixed(2) };
  }
  const allBudgets = (): Budget[] => [...budgets].map(([scope, monthly]) => judge(scope, monthly));

  function announce(): void {
    core.announce({ type: 'fleetUsageChanged', fetched: known.size, total: ids().length, run });
  }
  function walk(left: string[]): void {
    core.later(core.pace * 4, () => {
      const [id, ...rest] = left;
      if (!run) return;
      if (id === undefined) run = null;
      else {
        const failed = seed(id) % 11 === 5;
        if (!failed) known.set(id, Date.now());
        run = { ...run, done: run.done + 1, failed: run.failed + (failed ? 1 : 0) };
      }
      announce();
      if (id !== undefined) walk(rest);
    });
  }

  return {
    getUsage: async (id, from, to) => {
      await core.answer(begin, true);
      const kind = kindOf(core, id);
      if (kind === 'forbidden') throw { code: { type: 'notAllowed', operation: 'get_usage', message: null, scope: 'instances:read' }, detail: '403' } satisfies Failure;
      const refused = core.refusal();
      // Who was read before is known without the platform.
      if (refused && (refused.code.type !== 'offline' || !known.has(id))) throw refused;
      return core.answer((): UsageView => {
        const now = Date.now();
        const make = (day: string) => dayOf(id, kind, day, now);
        const length = Math.round((at(to) - at(from)) / DAY) + 1;
        const days = daysFrom(from, length, make);
        const before = totalsOf(daysFrom(utc(at(from) - length * DAY), length, make));
        if (!refused) known.set(id, now);
        const month = totalsOf(daysFrom(thisMonth(), new Date(now).getUTCDate(), make));
        const a_day = Number(totalsOf(daysFrom(utc(now - 28 * DAY), 28, make)).cost ?? Number.NaN) / 27;
        const left = 30 - new Date(now).getUTCDate() + 0.4;
        const end = (more: number) => (Number(month.cost) + Math.max(0, left + more) * a_day).toFixed(2);
        const users = sum(days.map((day) => day.users));
        return {
          from, to, today: utc(now), days, totals: totalsOf(days), before: before.days > 0 ? before : null,
          uniqueUsers: to === utc(now) && users !== null ? Math.round(users / 2.4) : null,
          forecast: month.cost === null || Number.isNaN(a_day) ? null : { month: thisMonth(), spent: month.cost, low: end(-1.2), likely: end(0), high: end(1.3), method: 'weekdayMean', basedOnDays: 27 },
          otherKeys: days.some((day) => !day.missing) ? ['cache_hits', 'region'] : [],
          seenAt: new Date(refused ? (known.get(id) ?? now) : now).toISOString(), source: refused ? 'cached' : 'live', failure: refused,
        };
      });
    },
    getFleetUsage: () => core.answer((): FleetUsageView => {
      begin();
      const now = Date.now();
      const read = [...known].filter(([id]) => core.instance(id).summary !== null).map(([id, seen]) => ({ id, seen, days: recent(id, now) }));
      const days = daysFrom(utc(now - 29 * DAY), 30, (day): UsageDay => {
        const all = read.map(({ days: of }) => of.find((one) => one.day === day)).filter((one) => one !== undefined && !one.missing) as UsageDay[];
        const { tokens, requests, cost } = totalsOf(all);
        return { day, tokens, requests, users: null, cost, unfinished: day >= utc(now), missing: all.length === 0, raw: null };
      });
      const dearest = read.map(({ id, seen, days: of }) => {
        const { tokens, requests, cost } = totalsOf(of);
        const { summary } = core.instance(id);
        return { id, name: summary?.agent_name?.trim() || summary?.hostname || id, cost, requests, tokens, seenAt: new Date(seen).toISOString() };
      }).sort((a, b) => Number(b.cost ?? -1) - Number(a.cost ?? -1)).slice(0, 10);
      const { tokens, requests, cost } = totalsOf(days);
      const oldest = Math.min(...read.map(({ seen }) => seen));
      return { total: ids().length, fetched: read.length, oldestAt: read.length > 0 ? new Date(oldest).toISOString() : null, cost, requests, tokens, days, dearest, run };
    }, true),
    fetchFleetUsage: () => core.write(() => {
      begin();
      const rest = ids().filter((id) => Date.now() - (known.get(id) ?? 0) > HOUR);
      if (run || rest.length === 0) return;
      run = { done: 0, total: rest.length, failed: 0, startedAt: new Date().toISOString() };
      announce();
      walk(rest);
    }),
    stopFleetUsage: () => core.answer(() => {
      run = null;
      announce();
    }),
    listBudgets: () => core.answer(() => {
      begin();
      return allBudgets();
    }, true),
    setBudget: (scope, monthlyUsd) => core.answer(() => {
      begin();
      if (monthlyUsd === null) budgets.delete(scope);
      else budgets.set(scope, monthlyUsd);
      return allBudgets();
    }),
  };
}
