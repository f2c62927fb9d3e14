/**
 * What is known of an instance, as names and values. Pure. Belongs here: which facts there are, and their text.
 * Does not belong here: how they look.
 */
import type { InstanceDetail, RuntimeStatus, Seen } from '$lib/ipc/bindings';
import { isStarting } from '$lib/local/starting';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { number } from '$lib/text/number';
import { dayOf, duration, exactTime, clockTime } from '$lib/text/time';

export type Fact = { label: string; value: string | null; mono?: boolean; copy?: boolean; title?: string };

const text = (value: string | null | undefined): string | null => (value?.trim() ? showHidden(value.trim()) : null);
const count = (value: number | null | undefined): string | null => (value === null || value === undefined ? null : number(value));

/** A time as day and clock, exact on hover. */
function moment(label: string, iso: string | null | undefined): Fact {
  if (!iso || Number.isNaN(Date.parse(iso))) return { label, value: null };
  return { label, value: `${dayOf(iso)}, ${clockTime(iso)}`, title: exactTime(iso) };
}

function stage(name: string | null | undefined, step: number | null | undefined): string | null {
  const word = text(name);
  if (word !== null && step !== null && step !== undefined) return m.instance_stage_step({ stage: word, step: number(step) });
  return word ?? count(step);
}

/** What runs, and where. */
export function runtimeFacts(runtime: RuntimeStatus | null, detail: InstanceDetail | null): Fact[] {
  // While it is being started these seconds say for how long.
  const up = runtime === null || isStarting(runtime) ? null : runtime.uptime_seconds;
  return [
    { label: m.instance_fact_openclaw(), value: text(runtime?.openclaw_version), copy: true },
    { label: m.instance_fact_node(), value: text(runtime?.node_version), copy: true },
    { label: m.instance_fact_up(), value: up === null ? null : duration(up * 1000) },
    { label: m.instance_fact_connections(), value: count(runtime?.active_connections) },
    { label: m.instance_fact_address(), value: text(detail?.ip_address), mono: true, copy: true },
    { label: m.instance_fact_vpn(), value: text(detail?.vpn_ip), mono: true, copy: true },
    { label: m.instance_fact_plan(), value: text(detail?.server_type_plan), copy: true },
    { label: m.instance_fact_provider(), value: text(detail?.provider), copy: true },
    { label: m.instance_fact_region(), value: text(detail?.region_id), copy: true },
  ];
}

/** What it is. */
export function identityFacts(id: string, detail: InstanceDetail | null, runtime: RuntimeStatus | null): Fact[] {
  return [
    { label: m.instance_fact_id(), value: id, mono: true, copy: true },
    { label: m.instance_fact_host(), value: text(detail?.hostname), mono: true, copy: true },
    moment(m.instance_fact_created(), detail?.created_at),
    moment(m.instance_fact_updated(), detail?.updated_at),
    { label: m.instance_fact_preset(), value: text(detail?.preset_id), copy: true },
    { label: m.instance_fact_workload(), value: text(detail?.workload_type), copy: true },
    { label: m.instance_fact_runtime_type(), value: text(detail?.runtime_type), copy: true },
    { label: m.instance_fact_status(), value: text(detail?.status ?? runtime?.status), copy: true },
    { label: m.instance_fact_provisioning(), value: text(runtime?.provisioning_stage ?? detail?.provisioning_stage) },
    { label: m.instance_fact_bootstrap(), value: stage(runtime?.bootstrap_stage, runtime?.bootstrap_seq) },
    { label: m.instance_fact_callback(), value: stage(detail?.callback_stage, detail?.callback_seq) },
  ];
}

/** The names of loaded skills: entries are names, or objects with one. */
export function skillNames(skills: readonly unknown[]): string[] {
  return skills.map((skill) => {
    if (typeof skill === 'string') return showHidden(skill);
    if (typeof skill === 'object' && skill !== null) {
      for (const key of ['name', 'slug', 'id']) {
        const value: unknown = Reflect.get(skill, key);
        if (typeof value === 'string' && value.trim() !== '') return showHidden(value);
      }
    }
    return m.instance_skill_unnamed();
  });
}

/** Everything as the platform said it. */
export function asJson(detail: Seen<InstanceDetail> | null, runtime: Seen<RuntimeStatus> | null): string {
  return JSON.stringify({ detail: detail?.value ?? null, runtime: runtime?.value ?? null }, null, 2);
}
