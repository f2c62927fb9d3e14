/**
 * What the last thirty days would have cost with another model. Exact decimals, in whole numbers of 10⁻¹⁸ dollars. Pure.
 * Usage tells tokens and not which of them were read or written: so there are two ends, all of them read and all of them written.
 * Where a price or every day's tokens are missing there is no number.
 */
import type { ModelOffer, UsageDay } from '$lib/ipc/bindings';
import { locale } from '$lib/text/locale';

const DIGITS = 18;
const ONE = 10n ** BigInt(DIGITS);
/** Prices are per million tokens. */
const MILLION = 1_000_000n;

/** Dollars from decimal text; null where it is none. */
export function decimal(text: string | null | undefined): bigint | null {
  const found = /^(\d+)(?:\.(\d+))?$/.exec(text?.trim() ?? '');
  if (!found) return null;
  const part = (found[2] ?? '').slice(0, DIGITS + 1);
  return part.length > DIGITS ? null : BigInt(found[1] ?? '0') * ONE + BigInt(part.padEnd(DIGITS, '0'));
}

export interface Range { low: bigint; high: bigint }
export type NoNumber = 'noUsage' | 'noTokens' | 'nowUnknown' | 'nowPriceUnknown' | 'thenPriceUnknown' | 'noPrimary';
export interface Preview {
  tokens: bigint;
  /** Days whose tokens are known, of those asked for. */
  days: number;
  asked: number;
  now: Range;
  then: Range;
  /** What the change alone makes, at either end. */
  change: Range;
  /** What was billed in those days; null where a day's cost is not known. */
  billed: bigint | null;
}

interface Price { input: bigint; output: bigint }

/** A price needs both of its halves. */
export function priceOf(models: readonly ModelOffer[] | null, id: string | null): Price | null {
  const model = id === null ? undefined : models?.find((one) => one.id === id);
  const [input, output] = [decimal(model?.inputCost), decimal(model?.outputCost)];
  return input === null || output === null ? null : { input, output };
}

const range = (a: bigint, b: bigint): Range => (a <= b ? { low: a, high: b } : { low: b, high: a });

export function preview(days: readonly UsageDay[] | null, models: readonly ModelOffer[] | null, now: string | null, then: string | null): Preview | NoNumber {
  if (then === null) return 'noPrimary';
  if (now === null) return 'nowUnknown';
  if (days === null) return 'noUsage';
  const known = days.filter((day) => !day.missing && day.tokens !== null && Number.isSafeInteger(day.tokens) && day.tokens >= 0);
  if (known.length === 0) return 'noTokens';
  const [before, after] = [priceOf(models, now), priceOf(models, then)];
  if (!before) return 'nowPriceUnknown';
  if (!after) return 'thenPriceUnknown';
  const tokens = known.reduce((sum, day) => sum + BigInt(day.tokens ?? 0), 0n);
  const at = (price: bigint) => (tokens * price) / MILLION;
  const costs = known.map((day) => decimal(day.cost));
  return {
    tokens, days: known.length, asked: days.length,
    now: range(at(before.input), at(before.output)),
    then: range(at(after.input), at(after.output)),
    change: range(at(after.input) - at(before.input), at(after.output) - at(before.output)),
    billed: costs.includes(null) ? null : costs.reduce<bigint>((sum, cost) => sum + (cost ?? 0n), 0n),
  };
}

/** Exact text: `12.345`. */
export function exactText(amount: bigint): string {
  const size = amount < 0n ? -amount : amount;
  const part = String(size % ONE).padStart(DIGITS, '0').replace(/0+$/, '');
  return `${amount < 0n ? '−' : ''}${size / ONE}${part ? `.${part}` : ''}`;
}

const dollars = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' });
const small = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });
const signed = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', signDisplay: 'exceptZero' });

/** For reading; what is less than a cent is not shown as nothing. */
export function money(amount: bigint, withSign = false): string {
  const value = Number(amount) / Number(ONE);
  // The joiner keeps the sign from staying behind at the end of a line.
  if (withSign) return signed.format(value).replace('-', '−\u2060').replace('+', '+\u2060');
  return value !== 0 && Math.abs(value) < 0.01 ? small.format(value) : dollars.format(value);
}

export function moneyRange({ low, high }: Range): string {
  const [from, to] = [money(low), money(high)];
  return from === to ? from : `${from} – ${to}`;
}

/** The last thirty days of the server (UTC), both ends included. */
export function lastDays(now: number, count = 30): { from: string; to: string } {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(now - (count - 1) * 86_400_000), to: day(now) };
}
