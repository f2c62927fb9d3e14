/**
 * A view of the fleet as a link that can be passed on: `nineheads://view?…`. Pure.
 * Belongs here: what the link carries, and reading one that somebody pasted. It says what to look at and nothing of
 * where: no address of a platform, no profile, no key. Does not belong here: the query as an address (fleetAddress.ts).
 */
import type { FleetQuery } from '$lib/ipc/bindings';
import { redact } from '$lib/logs/redact';
import { addressOf, queryOf } from '../../routes/instances/fleetAddress';

const BEGINNING = 'nineheads://view';
/** A longer text is no link of this app. */
const LONGEST = 8_000;

export interface ViewLink {
  query: FleetQuery;
  /** The columns in their order; null: whichever the person who opens it prefers. */
  columns: readonly string[] | null;
}

/** The part of the fleet's address behind `?`; empty for the whole fleet. It tells two queries apart, whatever made them. */
export const searchOf = (query: FleetQuery): string => addressOf(query).split('?')[1] ?? '';

function carriedBy({ query, columns }: ViewLink): string {
  const carried = new URLSearchParams(searchOf(query));
  if (columns) carried.set('columns', columns.join(','));
  const text = carried.toString();
  return text && `?${text}`;
}

export const viewLink = (view: ViewLink): string => BEGINNING + carriedBy(view);

/** Where the app shows it: the fleet's address, with columns where it brings some. */
export const linkAddress = (view: ViewLink): string => `/instances${carriedBy(view)}`;

/** The columns that an address brings along, with their widths where they have some; null where it brings none. */
export function columnsOf(address: URLSearchParams): readonly string[] | null {
  const columns = address.get('columns')?.split(',').filter((column) => /^[a-z0-9]{1,32}(:\d{1,4})?$/i.test(column)) ?? [];
  return columns.length > 0 ? columns.slice(0, 40) : null;
}

/** Whether what was typed into the filter looks like a key: such a link must not be passed on. */
export function holdsSecret({ query }: Pick<ViewLink, 'query'>): boolean {
  // A customer’s address is a fair thing to filter by: without its sign it is no longer taken for one.
  const text = query.text.replaceAll('@', ' ');
  return redact(text) !== text;
}

/** What a link shows; null where the text is no such link. Parts that this version does not know are left out. */
export function readViewLink(text: string): ViewLink | null {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST || /\s/.test(trimmed)) return null;
  const [beginning, ...rest] = trimmed.split('?');
  if (beginning?.toLowerCase().replace(/\/$/, '') !== BEGINNING) return null;
  const carried = new URLSearchParams(rest.join('?'));
  return { query: queryOf(carried), columns: columnsOf(carried) };
}
