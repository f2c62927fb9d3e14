/** A row of the fleet as text, for copies. Its sign and its name are those of `$lib/text/status`. */
import type { InstanceSummary } from '$lib/ipc/bindings';
import { nameOf, statusSign } from '$lib/text/status';

export { nameOf, statusSign };

/** A row as text: what the table shows and what it leaves out, one tab between. */
export function rowText(row: InstanceSummary): string {
  return [nameOf(row), row.hostname, row.id, row.status, row.region_id, row.product_tier_name, row.runtime_type,
    row.customer_email, row.ip_address, row.created_at].map((value) => value ?? '').join('\t');
}
