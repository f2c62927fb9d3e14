/**
 * Decimal text without floats: adding, dividing, comparing, writing for people. Pure and exact.
 * Belongs here: the arithmetic of money. Does not belong here: what is divided by what (figures.ts).
 */
import { m } from '$lib/paraglide/messages';
import { locale } from '$lib/text/locale';

/** `units` / 10^`places`. */
export interface Decimal { units: bigint; places: number }

/** No amount has more digits than this; longer text is no amount. */
const LONGEST = 60;
const WRITTEN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/;

/** The number that a text is, to its last digit; null for what is none. */
export function decimal(text: string | null | undefined): Decimal | null {
  const read = text && text.length <= LONGEST ? WRITTEN.exec(text.trim()) : null;
  if (!read) return null;
  const [, sign = '', whole = '', part = '', power = '0'] = read;
  if (whole === '' && part === '') return null;
  const units = BigInt(`${whole}${part}`) * (sign === '-' ? -1n : 1n);
  const places = part.length - Number(power);
  return places < 0 ? { units: units * ten(-places), places: 0 } : { units, places };
}

const ten = (power: number): bigint => 10n ** BigInt(power);
const at = ({ units, places }: Decimal, more: number): bigint => units * ten(more - places);
const abs = (n: bigint): bigint => (n < 0n ? -n : n);

export function plus(one: Decimal, other: Decimal): Decimal {
  const places = Math.max(one.places, other.places);
  return { units: at(one, places) + at(other, places), places };
}

export const minus = (one: Decimal, other: Decimal): Decimal => plus(one, { ...other, units: -other.units });

export function compare(one: Decimal, other: Decimal): -1 | 0 | 1 {
  const { units } = minus(one, other);
  return units < 0n ? -1 : units > 0n ? 1 : 0;
}

/** The quotient to so many places, half away from zero; null where nothing can be divided by it. */
export function divided(one: Decimal, other: Decimal, places: number): Decimal | null {
  if (other.units === 0n) return null;
  const top = one.units * ten(other.places + places);
  const bottom = other.units * ten(one.places);
  const negative = top < 0n !== bottom < 0n;
  const half = (abs(top) * 2n + abs(bottom)) / (abs(bottom) * 2n);
  return { units: negative ? -half : half, places };
}

/** Cut to so many places, half away from zero. */
export const rounded = (number: Decimal, places: number): Decimal => divided(number, { units: 1n, places: 0 }, places) ?? number;

/** `0.10`: all places, nothing lost. */
export function asText({ units, places }: Decimal): string {
  const digits = abs(units).toString().padStart(places + 1, '0');
  const sign = units < 0n ? '-' : '';
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Amounts below each other: each exact, and all with as many places as the longest. What is no amount stays as it is. */
export function aligned(texts: readonly (string | null)[]): (string | null)[] {
  const read = texts.map(decimal);
  const places = Math.max(0, ...read.map((one) => one?.places ?? 0));
  return texts.map((text, index) => {
    const one = read[index];
    return one ? asText({ units: at(one, places), places }) : text;
  });
}

/** The same without zeros at its end. */
export function shortest(number: Decimal): string {
  const text = asText(number);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** As a float: good enough for a height in a drawing, and for nothing else. */
export const height = (text: string | null | undefined): number | null => {
  const read = decimal(text);
  return read ? Number(asText(read)) : null;
};

const dollars = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Two places; more for an amount that would otherwise say less than its first `figures` digits. Twelve at most. */
function placesFor(number: Decimal, figures: number): number {
  if (number.units === 0n) return 2;
  const zeros = number.places - abs(number.units).toString().length;
  return Math.min(12, Math.max(2, Math.min(number.places, zeros + figures)));
}

/** `$1,284.60`, and `$0.0042` for less than a cent: for reading. Give the exact text on hover. */
export function money(text: string | Decimal | null | undefined, figures = 2): string {
  const read = typeof text === 'object' ? text : decimal(text);
  if (!read) return m.text_none();
  const places = placesFor(read, figures);
  const near = rounded(read, places);
  const [whole = '0', part = ''] = asText({ ...near, units: abs(near.units) }).split('.');
  // Intl groups the whole part and knows where the sign goes; the digits behind the point are ours.
  const written = dollars.formatToParts(BigInt(whole)).map(({ type, value }) => (type === 'fraction' ? part : value)).join('');
  // The joiner keeps the sign from staying behind at the end of a line.
  return near.units < 0n ? `−\u2060${written}` : written;
}

/** The cost of one of something: `$0.0154`, three digits at least. */
export const unitMoney = (text: string): string => money(text, 3);

/** How much more than before, in percent to one place: `18.2`; null where there is nothing to compare with. */
export function change(now: Decimal | null, before: Decimal | null): Decimal | null {
  if (!now || !before || before.units <= 0n) return null;
  const more = minus(now, before);
  return divided({ ...more, units: more.units * 100n }, before, 1);
}
