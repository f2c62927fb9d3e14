/** Costs as the platform writes them: decimals as text, summed without losing a digit. Pure. */
import { m } from '$lib/paraglide/messages';
import { locale } from '$lib/text/locale';

const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const dollars = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' });

/** The exact sum of those that are known, and how many they are. */
export function sumCosts(costs: readonly (string | null)[]): { sum: string; known: number } {
  const known = costs.filter((cost): cost is string => cost !== null && DECIMAL.test(cost.trim())).map((cost) => cost.trim());
  const places = Math.max(0, ...known.map((cost) => (cost.split('.')[1] ?? '').length));
  const units = known.reduce((sum, cost) => {
    const [whole = '0', part = ''] = cost.split('.');
    return sum + BigInt(`${whole}${part.padEnd(places, '0')}`);
  }, 0n);
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return { sum: units < 0n ? `-${text}` : text, known: known.length };
}

/** For reading; the exact text belongs on the hover. */
export function costText(cost: string | null): string {
  return cost !== null && DECIMAL.test(cost.trim()) ? dollars.format(Number(cost)) : m.acts_cleanup_cost_unknown();
}
