/** What groups of the fleet are called. Pure. */
import type { FleetGroup, GroupBy } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { statusSign } from './status';

/** What can lie together, as it is called. */
export function groupByName(by: GroupBy | null): string {
  switch (by) {
    case null: return m.fleet_group_none();
    case 'status': return m.fleet_column_status();
    case 'customer': return m.fleet_column_customer();
    case 'region': return m.fleet_column_region();
    case 'version': return m.fleet_column_version();
  }
}

/** The heading of a group. */
export function groupName(by: GroupBy | null, { key, label }: Pick<FleetGroup, 'key' | 'label'>): string {
  if (key === '') return m.fleet_group_unknown();
  return by === 'status' ? statusSign(label).label : showHidden(label);
}
