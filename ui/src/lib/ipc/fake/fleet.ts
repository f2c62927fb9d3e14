/** What the core does to show a fleet: filter, sort, count, cut a window. Pure. */
import type { FleetQuery, FoundInstance, InstanceSummary, Phase, PhaseCounts } from '../bindings';
import { fits } from './filter';

export function phaseOf(status: string | null): Phase {
  switch (status) {
    case 'running': return 'running';
    case 'provisioning': return 'onItsWay';
    case 'failed': case 'error': return 'failed';
    case 'deleting': return 'deleting';
    case 'deleted': return 'gone';
    default: return 'unknown';
  }
}

const sortKeys: Record<FleetQuery['sort'], (row: InstanceSummary) => string | null> = {
  name: (row) => row.agent_name?.toLowerCase() ?? null, status: (row) => row.status, host: (row) => row.hostname, region: (row) => row.region_id,
  tier: (row) => row.product_tier_name, runtime: (row) => row.runtime_type, customer: (row) => row.customer_email, heartbeat: () => null, cost: () => null,
  // Age grows as the date shrinks.
  age: (row) => (row.created_at ? String(1e15 - Date.parse(row.created_at)).padStart(16, '0') : null),
};

export function arrange(rows: InstanceSummary[], query: FleetQuery): InstanceSummary[] {
  const key = sortKeys[query.sort];
  const sign = query.descending ? -1 : 1;
  return rows
    .filter((row) => (query.phases.length === 0 || query.phases.includes(phaseOf(row.status))) && fits(row, query.text))
    .map((row) => ({ row, key: key(row) }))
    // What is unknown comes last, whichever way.
    .sort((a, b) => (a.key === b.key ? (a.row.id < b.row.id ? -1 : 1) : a.key === null ? 1 : b.key === null ? -1 : a.key < b.key ? -sign : sign))
    .map(({ row }) => row);
}

export function countPhases(rows: InstanceSummary[]): PhaseCounts {
  const counts: PhaseCounts = { all: rows.length, running: 0, onItsWay: 0, failed: 0, deleting: 0, unknown: 0 };
  for (const row of rows) {
    const phase = phaseOf(row.status);
    if (phase !== 'gone') counts[phase] += 1;
  }
  return counts;
}

/** As the core finds them, without its order among near ones. */
export function findNear(rows: InstanceSummary[], text: string, limit: number): FoundInstance[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.map((row) => ({ row, fields: [row.agent_name, row.hostname, row.id].map((field) => (field ?? '').toLowerCase()) }))
    .filter(({ fields }) => words.every((word) => fields.some((field) => field.includes(word))))
    .map(({ row, fields }) => ({ id: row.id, name: row.agent_name, host: row.hostname, status: row.status, exact: words.length > 0 && fields.includes(words.join(' ')) }));
  return found.sort((a, b) => Number(b.exact) - Number(a.exact)).slice(0, limit);
}
