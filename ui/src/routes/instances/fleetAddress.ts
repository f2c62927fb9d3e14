/**
 * The fleet's view as an address, and back. Pure.
 * Belongs here: which parts of a query the address carries. Does not belong here: moving there.
 */
import type { FleetQuery, GroupBy, Phase, SortBy } from '$lib/ipc/bindings';
import { EVERYTHING } from '$lib/stores/fleet.svelte';

/** The phases that a person can filter by, in the order of their tabs. */
export const PHASES = ['running', 'onItsWay', 'failed', 'deleting', 'unknown'] as const satisfies readonly Phase[];
const SORTS: readonly SortBy[] = ['name', 'status', 'host', 'region', 'tier', 'runtime', 'age', 'customer', 'heartbeat', 'cost'];
/** What can lie together, in the order in which it is offered. */
export const GROUPS: readonly GroupBy[] = ['status', 'customer', 'region', 'version'];

/** The query that an address asks for. What it does not know, it leaves out. */
export function queryOf(address: URLSearchParams): FleetQuery {
  const wanted = address.get('status')?.split(',') ?? [];
  return {
    text: address.get('q') ?? EVERYTHING.text,
    phases: PHASES.filter((phase) => wanted.includes(phase)),
    sort: SORTS.find((sort) => sort === address.get('sort')) ?? EVERYTHING.sort,
    descending: address.get('desc') === '1',
    group: GROUPS.find((group) => group === address.get('group')) ?? EVERYTHING.group,
  };
}

/** The address of a query, as short as it can be. */
export function addressOf(query: FleetQuery): string {
  const address = new URLSearchParams();
  if (query.text) address.set('q', query.text);
  if (query.phases.length > 0) address.set('status', query.phases.join(','));
  if (query.sort !== EVERYTHING.sort) address.set('sort', query.sort);
  if (query.descending) address.set('desc', '1');
  if (query.group) address.set('group', query.group);
  const text = address.toString();
  return text ? `/instances?${text}` : '/instances';
}

/** The query after a column's head was pressed: by this column, or the other way round. */
export function sortedBy(query: FleetQuery, sort: SortBy): FleetQuery {
  return { ...query, sort, descending: query.sort === sort ? !query.descending : false };
}
