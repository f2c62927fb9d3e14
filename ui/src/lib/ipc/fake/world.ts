/** A believable tenant: instances with their details, runtime and logs. Pure; deciding what changes is not done here. */
import type { Choices, InstanceDetail, InstanceSummary, LogLine, RuntimeStatus } from '../bindings';
import { chance, pick, uuid, type Chance } from './random';

export type Oddity = 'longNames' | 'nulls';

/** One instance with all there is to know about it. */
export interface Being { summary: InstanceSummary; detail: InstanceDetail; runtime: RuntimeStatus; logs: LogLine[] }

const FIRST = ['Harbour desk', 'Clinic intake', 'Atlas research', 'Marlow & Sons bookings', 'Sunrise bakery orders', 'Tenant 0042 concierge',
  'Ledger night shift', 'Kiln studio', 'Blue door lettings', 'Field notes', 'Quarry dispatch', 'Paper crane', 'Second line support', 'Orchard'];
const PLACES = ['Harbour', 'Clinic', 'Atlas', 'Marlow', 'Sunrise', 'Ledger', 'Kiln', 'Quarry', 'Crane', 'Orchard', 'Meadow', 'Lantern', 'Foundry', 'Garden'];
const TASKS = ['desk', 'intake', 'research', 'bookings', 'orders', 'concierge', 'night shift', 'studio', 'lettings', 'dispatch', 'support', 'archive'];
const REGIONS = ['eu-central', 'eu-west', 'us-east'];
const TIERS = ['Starter', 'Business', 'Enterprise'];
const STATUSES = ['running', 'running', 'running', 'running', 'running', 'provisioning', 'running', 'running', 'failed', 'running', 'running', 'suspended', 'running', 'running'];
const STAGES = ['installing', 'configuring', 'securing', 'ready'];
const DAY = 86_400_000;

const LONG = 'Customer relations for the Donaudampfschifffahrtsgesellschaft and all of its subsidiaries in every harbour between Passau and the Black Sea';

export function makeBeing(index: number, roll: Chance, now: number, oddity: Oddity | null, given: Partial<InstanceSummary> = {}): Being {
  const status = given.status ?? (index < STATUSES.length ? STATUSES[index] : pick(STATUSES, roll)) ?? 'running';
  const name = oddity === 'longNames' ? `${LONG} ${index + 1}` : FIRST[index] ?? `${pick(PLACES, roll)} ${pick(TASKS, roll)} ${index + 1}`;
  const summary: InstanceSummary = {
    id: uuid(roll),
    agent_name: name,
    created_at: new Date(now - Math.floor(roll() * 140 * DAY)).toISOString(),
    customer_email: `people+${index}@northwind.example`,
    hostname: `vps-${(0x7f3a + index * 733).toString(16)}`,
    ip_address: `203.0.113.${1 + (index % 250)}`,
    preset_id: 'personal_assistant',
    product_tier_name: pick(TIERS, roll),
    provider: 'hetzner',
    region_id: REGIONS[index % REGIONS.length] ?? null,
    runtime_type: index % 5 === 3 ? 'hermes' : 'expressclaw',
    workload_type: 'agent',
    ...given,
    status,
  };
  if (oddity === 'nulls') for (const key of Object.keys(summary) as (keyof InstanceSummary)[]) if (key !== 'id') (summary as Record<string, unknown>)[key] = null;
  return complete(summary, index, now, oddity);
}

/** The detail and runtime that fit a summary. */
function complete(summary: InstanceSummary, index: number, now: number, oddity: Oddity | null): Being {
  const bare = oddity === 'nulls';
  const { status } = summary;
  const failed = status === 'failed' || status === 'error';
  const logs = bare ? [] : provisioningLog(summary.hostname ?? '', summary.created_at ?? '', failed);
  const health = status === 'running' ? 'healthy' : failed ? 'unreachable' : null;
  const stage = status === 'running' ? 'ready' : failed ? 'securing' : 'installing';
  const { agent_name, created_at, hostname, id, ip_address, preset_id, provider, region_id, runtime_type, workload_type } = summary;
  return {
    summary,
    detail: {
      id, agent_name, created_at, hostname, ip_address, preset_id, provider, region_id, runtime_type, workload_type, status,
      callback_seq: bare ? null : STAGES.indexOf(stage) + 1,
      callback_stage: bare ? null : stage,
      capabilities: bare ? {} : { chat: true, web_browsing: true, voice: index % 3 === 0, email: true },
      error_message: failed ? 'securing: certificate could not be issued (timeout after 300 s)' : null,
      health_status: health,
      provisioning_stage: bare ? null : stage,
      server_type_plan: bare ? null : 'cx23',
      updated_at: bare ? null : new Date(now - 60_000 * (index + 1)).toISOString(),
      vpn_ip: bare ? null : `10.8.4.${1 + (index % 250)}`,
    },
    runtime: {
      instance_id: id, status, health_status: health,
      active_connections: status === 'running' ? index % 4 : null,
      bootstrap_seq: bare ? null : STAGES.indexOf(stage) + 1,
      bootstrap_stage: bare ? null : stage,
      error_code: failed ? 'BOOTSTRAP_TIMEOUT' : null,
      error_message: failed ? 'securing: certificate could not be issued (timeout after 300 s)' : null,
      health_failures: bare ? null : failed ? 5 : 0,
      last_heartbeat: status === 'running' ? new Date(now - 11_000).toISOString() : null,
      node_version: status === 'running' ? '24.21.0' : null,
      openclaw_version: status === 'running' ? '2026.9.6' : null,
      provision_logs: logs.slice(-5),
      provisioning_stage: bare ? null : stage,
      skills_loaded: status === 'running' ? ['calendar', 'weather', 'browser', 'mail'] : [],
      uptime_seconds: status === 'running' ? 273_600 + index * 911 : null,
    },
    logs,
  };
}

const WORDS: [stage: string, message: string][] = [
  ['accepted', 'task queued'], ['creating', 'server cx23 requested'], ['creating', 'server is up'],
  ['installing', 'bundle openclaw-basic 2026.9.6, 94.6 MB'], ['installing', 'checksums hold'],
  ['configuring', 'agent_config written, 22 skills'], ['configuring', 'workflow daily-brief signed'],
  ['securing', 'firewall rules applied'], ['securing', 'certificate issued'], ['ready', 'first heartbeat, 240 ms'],
];

export function provisioningLog(host: string, from: string, failed: boolean): LogLine[] {
  const start = Date.parse(from) || 0;
  const lines = failed ? WORDS.slice(0, 8) : WORDS;
  const log = lines.map(([stage, message], index): LogLine => ({
    seq: index + 1, stage, level: 'info', message: `${host}: ${message}`, created_at: new Date(start + index * 9_000).toISOString(),
  }));
  if (failed) log.push({ seq: 9, stage: 'securing', level: 'error', message: `${host}: certificate could not be issued (timeout after 300 s)`, created_at: new Date(start + 381_000).toISOString() });
  return log;
}

export function makeWorld(count: number, seed: number, now: number, oddity: Oddity | null): Being[] {
  const roll = chance(seed);
  return Array.from({ length: count }, (_, index) => makeBeing(index, roll, now, oddity));
}

export const CHOICES: Choices = {
  regions: [
    { id: 'eu-central', name: 'Central Europe', note: null, source: 'fleet' }, { id: 'eu-west', name: 'Western Europe', note: null, source: 'fleet' },
    { id: 'us-east', name: 'US East', note: null, source: 'earlier' },
  ],
  tiers: [
    { id: '5b0a4c9e-2f57-4d7e-9c62-0b8f9b1c2d11', name: 'Starter', note: '19.00 EUR / month', source: 'platform' },
    { id: '0d4b2f0a-6f0e-4b59-8f0e-1f6f1b7c9a22', name: 'Business', note: '49.00 EUR / month', source: 'platform' },
    { id: '7c1de0b4-9f0a-4d65-b1a2-55d0c3e8fa33', name: 'Enterprise', note: null, source: 'platform' },
  ],
  presets: [{ id: 'personal_assistant', name: null, note: null, source: 'documented' }],
  manifests: [{ id: 'openclaw-basic', name: null, note: null, source: 'documented' }],
  recipes: [
    { id: 'front-desk', name: 'Front desk', note: 'Answers, books, reminds, and hands over to a person when it is not sure', source: 'platform' },
    { id: 'night-watch', name: 'Night watch', note: null, source: 'platform' },
  ],
  workflows: [
    { id: 'daily-brief', name: 'Daily brief', note: 'What happened since yesterday, at seven', source: 'platform' },
    { id: 'invoice-sorter', name: 'Invoice sorter', note: 'Reads attachments, files them by customer', source: 'platform' },
    { id: 'follow-up', name: null, note: null, source: 'earlier' },
  ],
  templates: [
    { id: 'plain-shop', name: 'Plain shop', note: 'A catalogue, a basket, and a way to ask', source: 'platform' },
    { id: 'practice', name: 'Practice', note: null, source: 'platform' },
  ],
  customers: [],
  offers: [{
    id: 'front-desk', name: 'Front desk', description: null, manifest_id: 'openclaw-basic', hosting_mode: 'managed', is_active: true,
    channel_types: ['web_chat', 'telegram', { type: 'email' }], skills: ['calendar', { name: 'mail' }], workflow_slugs: ['daily-brief'],
  }],
};

/** A platform that lists nothing: what the fleet shows is all there is. */
export const BARE_CHOICES: Choices = { ...CHOICES, tiers: [], recipes: [], workflows: [], templates: [] };
