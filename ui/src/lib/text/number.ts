/** Numbers for people. Pure; what is unknown is a dash. */
import { m } from '$lib/paraglide/messages';
import { locale } from './locale';

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const three = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });

/** `12,400`. */
export function number(n: number | null | undefined): string {
  return n === null || n === undefined || !Number.isFinite(n) ? m.text_none() : whole.format(n);
}

/** `3.2 MB`, in steps of 1024. */
export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return m.text_none();
  if (bytes < 1024) return m.text_bytes({ n: whole.format(Math.round(bytes)) });
  if (bytes < 1024 ** 2) return m.text_kilobytes({ n: three.format(bytes / 1024) });
  if (bytes < 1024 ** 3) return m.text_megabytes({ n: three.format(bytes / 1024 ** 2) });
  return m.text_gigabytes({ n: three.format(bytes / 1024 ** 3) });
}

/** `318 k`, `1.2 M`: for reading; give the exact number on hover. */
export function compact(n: number | null | undefined): string {
  if (n === null || n === undefined || !Number.isFinite(n)) return m.text_none();
  const size = Math.abs(n);
  if (size < 10_000) return whole.format(n);
  if (size < 999_500) return m.text_thousands({ n: three.format(n / 1e3) });
  if (size < 999_500_000) return m.text_millions({ n: three.format(n / 1e6) });
  return m.text_billions({ n: three.format(n / 1e9) });
}
