/**
 * The fields of the filter language as a person meets them: an example to try and a line about it.
 * Belongs here: words. Does not belong here: what a field matches (the core).
 */
import type { FilterField } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';

export interface FilterFieldWords { example: string; about: () => string }

/** In the order in which help lists them. */
export const FILTER_FIELDS: Record<FilterField, FilterFieldWords> = {
  status: { example: 'status:failed', about: m.filter_about_status },
  region: { example: 'region:eu-*', about: m.filter_about_region },
  tier: { example: 'tier:starter,pro', about: m.filter_about_tier },
  runtime: { example: 'runtime:goose', about: m.filter_about_runtime },
  customer: { example: 'customer:example.com', about: m.filter_about_customer },
  preset: { example: '-preset:demo', about: m.filter_about_preset },
  provider: { example: 'provider:this-computer', about: m.filter_about_provider },
  name: { example: 'name:"night desk"', about: m.filter_about_name },
  host: { example: 'host:vps-1*', about: m.filter_about_host },
  ip: { example: 'ip:10.0.', about: m.filter_about_ip },
  id: { example: 'id:0b1c', about: m.filter_about_id },
  age: { example: 'age:>7d', about: m.filter_about_age },
  heartbeat: { example: 'heartbeat:>1h', about: m.filter_about_heartbeat },
  cost: { example: 'cost:>10', about: m.filter_about_cost },
  tag: { example: 'tag:vip', about: m.filter_about_tag },
  star: { example: 'star:yes', about: m.filter_about_star },
  note: { example: 'note:call', about: m.filter_about_note },
};
