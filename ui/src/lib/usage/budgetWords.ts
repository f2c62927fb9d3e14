/** Budgets in words, and what a typed amount is. Pure. */
import type { Budget, BudgetLevel } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import { number } from '$lib/text/number';
import { compare, decimal, money, shortest, type Decimal } from './decimal';

/** The scope of the fleet's budget. */
export const FLEET = 'fleet';

export type AmountProblem = 'empty' | 'noAmount' | 'notAboveZero' | 'tooMuch';
const MOST: Decimal = { units: 1_000_000_000n, places: 0 };
const GROUPED = /^\d{1,3}(,\d{3})+(\.\d+)?$/;

/** The typed amount as plain decimal text, or what is wrong with it. `$1,200.50` is understood, `1,50` is not guessed at. */
export function readAmount(typed: string): { amount: string } | { problem: AmountProblem } {
  const bare = typed.trim().replace(/^(US)?\$\s*/i, '');
  if (bare === '') return { problem: 'empty' };
  const plain = GROUPED.test(bare) ? bare.replaceAll(',', '') : bare;
  const read = /^-?\d*\.?\d*$/.test(plain) ? decimal(plain) : null;
  if (!read) return { problem: 'noAmount' };
  if (read.units <= 0n) return { problem: 'notAboveZero' };
  return compare(read, MOST) >= 0 ? { problem: 'tooMuch' } : { amount: shortest(read) };
}

export function amountProblemText(problem: AmountProblem): string {
  switch (problem) {
    case 'empty': return m.usage_budget_empty();
    case 'noAmount': return m.usage_budget_no_amount();
    case 'notAboveZero': return m.usage_budget_not_above_zero();
    case 'tooMuch': return m.usage_budget_too_much();
  }
}

export type Tone = 'ok' | 'unknown' | 'warn' | 'bad';

/** How bad it is: half is worth knowing, most and over are worth acting on. */
export function levelTone(budget: Pick<Budget, 'level' | 'share'>): Tone {
  if (budget.share === null) return 'unknown';
  return budget.level === 'over' ? 'bad' : budget.level === 'none' ? 'ok' : 'warn';
}

export function levelText({ level, share }: Pick<Budget, 'level' | 'share'>): string {
  if (share === null) return m.usage_budget_level_unknown();
  switch (level) {
    case 'none': return m.usage_budget_level_none();
    case 'half': return m.usage_budget_level_half();
    case 'most': return m.usage_budget_level_most();
    case 'over': return m.usage_budget_level_over();
  }
}

/** More than so many times the budget is only more. */
const TIMES = 100;

/** Whole percent, rounded down: 99.6 % is not yet all of it. */
export const shareText = (share: number | null): string => (share === null ? m.text_none() : share > TIMES ? m.usage_share_times({ n: number(TIMES) }) : m.usage_percent({ n: number(Math.floor(share * 100 + 1e-9)) }));

/** `$412.30 of $500.00 this month, 82 %`. */
export function standing(budget: Budget): string {
  const of = money(budget.monthlyUsd);
  return budget.spent === null ? m.usage_budget_spent_unknown({ of }) : m.usage_budget_spent({ spent: money(budget.spent), of, share: shareText(budget.share) });
}

/** What the month will likely have cost, beside the budget; null where that is not known. */
export function likelyText({ likely, monthlyUsd }: Budget): string | null {
  const end = decimal(likely);
  const budget = decimal(monthlyUsd);
  if (!end || !budget) return null;
  return compare(end, budget) > 0 ? m.usage_budget_likely_over({ amount: money(end) }) : m.usage_budget_likely_within({ amount: money(end) });
}

const ORDER: readonly BudgetLevel[] = ['none', 'half', 'most', 'over'];
export const rank = (level: BudgetLevel): number => ORDER.indexOf(level);

/** What happened to a budget since it was last looked at. */
export interface Crossing { scope: string; level: Exclude<BudgetLevel, 'none'> | null; chronic: boolean; budget: Budget }

/** The budgets that reached a higher level, or began to burn chronically. One that was not known before crosses nothing. */
export function crossings(before: readonly Budget[], now: readonly Budget[]): Crossing[] {
  return now.flatMap((budget) => {
    const old = before.find(({ scope }) => scope === budget.scope);
    // A changed budget is no news about spending.
    if (!old || old.monthlyUsd !== budget.monthlyUsd) return [];
    const risen = rank(budget.level) > rank(old.level) && budget.level !== 'none' ? budget.level : null;
    const chronic = budget.chronic && !old.chronic;
    return risen || chronic ? [{ scope: budget.scope, level: risen, chronic, budget }] : [];
  });
}

export function crossingText({ level, chronic, budget }: Crossing, name: string): { title: string; detail: string } {
  const title = level === 'over' ? m.usage_crossed_over({ name }) : level === 'most' ? m.usage_crossed_most({ name }) : level === 'half' ? m.usage_crossed_half({ name }) : m.usage_crossed_chronic({ name });
  return { title, detail: level && chronic ? `${standing(budget)} ${m.usage_budget_chronic()}` : level ? standing(budget) : m.usage_budget_chronic() };
}
