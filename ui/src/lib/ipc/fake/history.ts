/** A believable past and a believable diagnosis, both following from the instance's state and the trouble asked for. */
import type { DiagnosisStep, HistoryEntry, InstanceHistory, InstanceView, Sighting } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const HOUR = 3_600_000;
const MINUTE = 60_000;

export function fakeHistory(core: FakeCore): Pick<Ipc, 'getHistory' | 'diagnoseInstance'> {
  return {
    getHistory: (id) => core.answer(() => historyOf(core.instance(id), Date.now())),
    diagnoseInstance: async (id, onStep) => {
      const steps = walk(core, core.instance(id));
      for (const step of steps) {
        await core.answer(() => undefined);
        await core.answer(() => undefined);
        onStep(step);
      }
      return steps;
    },
  };
}

/** A day with a night in which nobody looked, and the changes of the last weeks. */
function historyOf({ summary, detail, runtime }: InstanceView, now: number): InstanceHistory {
  const iso = (before: number) => new Date(now - before).toISOString();
  const status = summary?.status ?? null;
  const bare = status === null && detail?.value.created_at === null;
  const health = runtime?.value.health_status ?? null;
  const beating = runtime?.value.last_heartbeat ? now - Date.parse(runtime.value.last_heartbeat) < 5 * MINUTE : null;
  const seen = (from: number, until: number, more: Partial<Sighting> = {}): Sighting => ({ from: iso(from), until: iso(until), status, health, beating, ...more });
  if (bare) return { sightings: [seen(5 * MINUTE, 0)], changes: [] };
  const change = (before: number, kind: HistoryEntry['kind'], from: string | null, to: string | null, note: string | null = null): HistoryEntry => ({ id: 0, at: iso(before), kind, from, to, detail: note });
  const entries: HistoryEntry[] = status === 'running' ? [
    change(14 * MINUTE, 'act', null, 'update_config', 'models.primary, done'),
    change(15 * MINUTE, 'config', null, '3 paths differ'),
    change(4 * HOUR, 'version', '2026.9.4', '2026.9.6'),
    change(4.1 * HOUR, 'act', null, 'apply_updates', 'done'),
    change(6.1 * HOUR, 'health', 'degraded', 'healthy'),
    change(6.2 * HOUR, 'error', 'gateway timeout', null),
    change(6.5 * HOUR, 'health', 'healthy', 'degraded'),
    change(6.5 * HOUR, 'error', null, 'gateway timeout'),
    change(52 * HOUR, 'act', null, 'patch_platform_config', 'skills, done'),
    change(60 * HOUR, 'address', '203.0.113.8', summary?.ip_address ?? null),
    change(71 * HOUR, 'status', 'provisioning', 'running'),
    change(71.01 * HOUR, 'stage', 'securing', 'ready'),
    change(71.02 * HOUR, 'stage', 'configuring', 'securing'),
    change(71.05 * HOUR, 'act', null, 'create_instance', 'done'),
  ] : [
    change(40 * MINUTE, 'status', null, status),
    ...(runtime?.value.error_message ? [change(39 * MINUTE, 'error', null, runtime.value.error_message)] : []),
    change(50 * MINUTE, 'act', null, 'create_instance', 'done'),
  ];
  const sightings = status === 'running'
    ? [seen(23.6 * HOUR, 12 * HOUR), seen(6.9 * HOUR, 6.5 * HOUR), seen(6.5 * HOUR, 6.1 * HOUR, { health: 'degraded' }), seen(6.1 * HOUR, 3 * HOUR), seen(3 * HOUR, 2.9 * HOUR, { beating: false }), seen(2.9 * HOUR, 0)]
    : [seen(50 * MINUTE, 40 * MINUTE, { status: 'provisioning', health: null, beating: null }), seen(40 * MINUTE, 0)];
  return { sightings, changes: entries.map((entry, index) => ({ ...entry, id: entries.length - index })) };
}

/** Walks until something stops it; what lies behind is not reached. */
function walk(core: FakeCore, view: InstanceView): DiagnosisStep[] {
  const local = core.profile?.kind === 'thisComputer';
  const host = local ? '127.0.0.1' : new URL(core.profile?.baseUrl ?? 'https://api.example').host;
  const ok = (step: DiagnosisStep['step'], finding: DiagnosisStep['finding'], detail: string, tookMs: number): DiagnosisStep => ({ step, result: 'ok', finding, detail, tookMs, failure: null });
  const bad = (step: DiagnosisStep['step'], finding: DiagnosisStep['finding'], detail: string, result: DiagnosisStep['result'] = 'failed'): DiagnosisStep => ({ step, result, finding, detail, tookMs: 38, failure: result === 'failed' ? core.refusal() : null });
  const steps: DiagnosisStep[] = [local ? ok('name', 'loopback', host, 0) : ok('name', 'resolved', `${host} → 203.0.113.9`, 18)];
  const { trouble } = core;
  if (trouble === 'offline') steps.push(bad('tls', 'connectFailed', 'tcp connect: connection refused (os error 111)'));
  else {
    steps.push(ok('tls', 'connected', 'TLS 1.3, certificate until 2027-02-11', 31), ok('proxy', 'answered', 'HTTP 200, FastAPI', 44));
    if (trouble === 'refused') steps.push(bad('key', 'refused', '401 {"detail":"Invalid API key"}'));
    else steps.push(ok('key', 'accepted', 'instances:read, instances:write', 52), ...alive(view, ok, bad));
  }
  const rest = (['name', 'tls', 'proxy', 'key', 'instance', 'agent', 'channel'] as const).slice(steps.length);
  return [...steps, ...rest.map((step): DiagnosisStep => ({ step, result: 'skipped', finding: 'notReached', detail: '', tookMs: null, failure: null }))];
}

function alive(
  { summary, runtime }: InstanceView,
  ok: (step: DiagnosisStep['step'], finding: DiagnosisStep['finding'], detail: string, tookMs: number) => DiagnosisStep,
  bad: (step: DiagnosisStep['step'], finding: DiagnosisStep['finding'], detail: string, result?: DiagnosisStep['result']) => DiagnosisStep,
): DiagnosisStep[] {
  const status = summary?.status ?? null;
  if (status === 'failed' || status === 'error') return [bad('instance', 'failedStatus', runtime?.value.error_message ?? status)];
  if (status === 'provisioning') return [bad('instance', 'onItsWay', 'bootstrap 1 of 4: installing', 'warning')];
  const found = ok('instance', 'found', `status ${status ?? 'unknown'}`, 61);
  const beat = runtime?.value.last_heartbeat;
  if (!beat) return [found, bad('agent', 'noHeartbeat', 'last_heartbeat is null', 'failed')];
  if (Date.now() - Date.parse(beat) > 5 * MINUTE) return [found, bad('agent', 'silent', `last heartbeat ${beat}`)];
  return [found, ok('agent', 'beating', `last heartbeat ${beat}`, 73), bad('channel', 'noChannels', 'channels: telegram off, whatsapp off', 'warning')];
}
