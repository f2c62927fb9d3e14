/** What a chart shows. Belongs here: shapes and pure reckoning about them; not colours, not drawing. */

export interface Series {
  key: string;
  label: string;
  /** One for each day; null is a gap, never zero. */
  values: readonly (number | null)[];
  /** main: what the chart is about; muted: what it is compared with, dotted; band: a soft area behind. */
  tone: 'main' | 'muted' | 'band';
  /** The number in words, for the axis. */
  format: (n: number) => string;
}

/** What may come: drawn dashed, with the band it may lie in. It continues after the last day. */
export interface ForecastPoint { day: string; value: number; low: number; high: number }

const DAY = 86_400;
const isDay = (stamp: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(stamp);

export interface Timeline {
  /** Seconds since 1970, ascending; forecasts at the end. */
  at: number[];
  /** Whole days are the server's and read in UTC; moments are local. */
  daily: boolean;
  /** The smallest distance between two points. */
  step: number;
}

export function timeline(days: readonly string[], forecast: readonly ForecastPoint[]): Timeline {
  const stamps = [...days, ...forecast.map((point) => point.day)];
  const at = stamps.map((stamp) => Date.parse(stamp) / 1000);
  let step = Number.POSITIVE_INFINITY;
  for (let i = 1; i < at.length; i += 1) {
    const distance = (at[i] ?? 0) - (at[i - 1] ?? 0);
    if (distance > 0) step = Math.min(step, distance);
  }
  return { at, daily: stamps.every(isDay), step: Number.isFinite(step) ? step : DAY };
}

/** The largest and the smallest of everything drawn, zero among them: bars and areas start there. */
export function reach(series: readonly Series[], forecast: readonly ForecastPoint[]): { low: number; high: number } {
  let low = 0;
  let high = 0;
  const see = (value: number | null | undefined) => {
    if (value === null || value === undefined || !Number.isFinite(value)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const { values } of series) values.forEach(see);
  for (const point of forecast) [point.low, point.high, point.value].forEach(see);
  return { low, high };
}

/** One, two or five times a power of ten: the distance of grid lines, so that about `count` of them fit. */
export function gridStep(span: number, count: number): number {
  if (!(span > 0)) return 1;
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/** The lines of the value axis: from below the lowest to above the highest, few and round. */
export function grid({ low, high }: { low: number; high: number }, count: number): { min: number; max: number; lines: number[] } {
  if (low === 0 && high === 0) return { min: 0, max: 1, lines: [0] };
  const step = gridStep(high - low, count);
  const lines: number[] = [];
  const first = Math.floor(low / step + 1e-9);
  const last = Math.floor(high / step + 1e-9);
  for (let i = first; i <= last; i += 1) lines.push(Number((i * step).toPrecision(12)));
  const room = (high - low) * 0.06;
  return { min: Math.min(0, low === 0 ? 0 : low - room), max: high === 0 ? 0 : high + room, lines: lines.filter((line) => line >= low - room) };
}

/** Which points carry a label below: every n-th, counted back from `last`, with n a number people count days in. */
export function labelled(count: number, room: number, last = count - 1): number[] {
  if (count === 0) return [];
  const wanted = Math.max(1, Math.ceil(count / Math.max(1, room)));
  const every = [1, 2, 7, 14, 28, 56, 91, 182, 364].find((n) => n >= wanted) ?? wanted;
  const at: number[] = [];
  for (let i = last; i >= 0; i -= every) at.unshift(i);
  for (let i = last + every; i < count; i += every) at.push(i);
  return at;
}

/** Values that stand alone between gaps: a line has no length there, so they are drawn as points. */
export function alone(values: readonly (number | null)[]): number[] {
  const found: number[] = [];
  values.forEach((value, i) => {
    if (value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null) found.push(i);
  });
  return found;
}

/** The last point before `index` that has a value; -1 without one. */
export function lastBefore(values: readonly (number | null)[], index: number): number {
  for (let i = Math.min(index, values.length) - 1; i >= 0; i -= 1) if ((values[i] ?? null) !== null) return i;
  return -1;
}
