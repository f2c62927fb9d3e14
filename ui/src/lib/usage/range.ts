/**
 * Which days are looked at, and the screen's address. Pure. Belongs here: ranges, their bounds, their words in the address.
 * Days are the server's: UTC, whatever the clock of this computer says.
 */
export const LENGTHS = [7, 30, 90] as const;
export type Length = (typeof LENGTHS)[number];
export const METRICS = ['cost', 'tokens', 'requests', 'users'] as const;
export type Metric = (typeof METRICS)[number];

export type Range = { type: 'recent'; days: Length } | { type: 'free'; from: string; to: string };
export interface Look { range: Range; metric: Metric; compare: boolean }
export interface Bounds { from: string; to: string }

const DAY = 86_400_000;
/** The longest range that may be asked for, in days. */
export const LONGEST = 366;

/** The day of a moment as the server counts. */
export const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
const moment = (day: string): number => Date.parse(`${day}T00:00:00Z`);
export const shifted = (day: string, by: number): string => utcDay(moment(day) + by * DAY);
/** Days from one to the other, both counted. */
export const lengthOf = ({ from, to }: Bounds): number => Math.round((moment(to) - moment(from)) / DAY) + 1;

/** Whether a text is a day that exists. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = moment(text);
  return !Number.isNaN(at) && utcDay(at) === text;
}

export type RangeProblem = 'noFrom' | 'noTo' | 'backwards' | 'future' | 'tooLong';

/** What is wrong with a free range; null when it can be asked for. */
export function rangeProblem({ from, to }: Bounds, today: string): RangeProblem | null {
  if (!isDay(from)) return 'noFrom';
  if (!isDay(to)) return 'noTo';
  if (from > to) return 'backwards';
  if (from > today || to > today) return 'future';
  return lengthOf({ from, to }) > LONGEST ? 'tooLong' : null;
}

export function boundsOf(range: Range, today: string): Bounds {
  return range.type === 'free' ? { from: range.from, to: range.to } : { from: shifted(today, 1 - range.days), to: today };
}

/** As many days, right before. */
export function before(bounds: Bounds): Bounds {
  return { from: shifted(bounds.from, -lengthOf(bounds)), to: shifted(bounds.from, -1) };
}

/** `?days=7`, `?from=2026-11-01&to=2026-11-09&metric=tokens&compare=0`. What is not understood is the usual. */
export function lookOf(words: URLSearchParams, today: string): Look {
  const free = { from: words.get('from') ?? '', to: words.get('to') ?? '' };
  const days = LENGTHS.find((length) => String(length) === words.get('days')) ?? 30;
  return {
    range: rangeProblem(free, today) === null ? { type: 'free', ...free } : { type: 'recent', days },
    metric: METRICS.find((metric) => metric === words.get('metric')) ?? 'cost',
    compare: words.get('compare') !== '0',
  };
}

/** What comes behind the path; empty for the usual. */
export function wordsOf({ range, metric, compare }: Look): string {
  const words = new URLSearchParams();
  if (range.type === 'free') {
    words.set('from', range.from);
    words.set('to', range.to);
  } else if (range.days !== 30) words.set('days', String(range.days));
  if (metric !== 'cost') words.set('metric', metric);
  if (!compare) words.set('compare', '0');
  const text = words.toString();
  return text === '' ? '' : `?${text}`;
}
