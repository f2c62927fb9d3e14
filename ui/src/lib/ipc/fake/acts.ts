/**
 * Acts of administration in the fake core. Trouble on demand, by an agent's name: `Kiln` may have got it,
 * `Paper` forbids it (403); everything that does not run refuses updates (409). A demo has no alerts to offer.
 */
import type { AlertRow, CleanupCandidate, Code, Failure, InstanceSummary } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';
import { makeWorld } from './world';

const DAY = 86_400_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const refuse = (code: Code, detail: string): never => {
  throw { code, detail } satisfies Failure;
};

type Acts = Pick<Ipc, 'applyUpdates' | 'rotateKey' | 'planCleanup' | 'runCleanup' | 'getAlerts' | 'speakAct'>;

export function fakeActs(core: FakeCore): Acts {
  const dead = (): InstanceSummary[] => core.window({ text: '', phases: ['failed'], sort: 'name', descending: false, group: null }, 0, 500).rows.map(({ instance }) => instance);
  /** The first instances of every world are the same. */
  const first = makeWorld(12, 11, Date.now(), null).map(({ summary }) => summary);
  const trouble = (id: string, operation: string) => {
    const name = core.instance(id).summary?.agent_name ?? '';
    if (/Kiln/.test(name)) refuse({ type: 'mayHaveArrived' }, 'connection reset after sending');
    if (!/Paper/.test(name)) return;
    core.deny(operation, 'instances:write');
    refuse({ type: 'notAllowed', operation, scope: 'instances:write', message: 'Admin access required' }, '403 {"detail":"Admin access required"}');
  };

  const candidate = (row: InstanceSummary, place: number): CleanupCandidate => ({
    id: row.id, name: row.agent_name ?? row.hostname ?? row.id, hostname: row.hostname, status: row.status, createdAt: row.created_at, customerEmail: row.customer_email,
    errorMessage: core.instance(row.id).detail?.value.error_message ?? null,
    cost: place % 3 === 2 ? null : (1.27 + place * 2.41).toFixed(4), costSeenAt: place % 3 === 2 ? null : ago(3 * 3_600_000),
  });

  return {
    applyUpdates: (id) => core.write(() => {
      trouble(id, 'apply_updates');
      if (core.instance(id).summary?.status !== 'running') refuse({ type: 'conflict', message: 'Instance is not running' }, '409');
      return { instance_id: id, message: 'Updates applied', status: 'applied' };
    }),
    rotateKey: (id) => core.write(() => {
      trouble(id, 'rotate_agent_key');
      // The agent fetches its new key and is heard again.
      core.later(core.pace * 60, () => {
        const runtime = core.instance(id).runtime?.value;
        if (runtime) runtime.last_heartbeat = ago(-1_000);
        core.announce({ type: 'instanceChanged', id });
      });
      return { instance_id: id, status: 'rotated' };
    }),
    planCleanup: () => core.write(() => ({ candidates: dead().map(candidate), asOf: ago(4_000) })),
    runCleanup: (expected) => core.write(() => {
      const rows = dead();
      for (const { id } of rows) core.delete(id);
      const results = expected.map((id, place) => {
        const row = rows.find((one) => one.id === id);
        return { id, name: row?.agent_name ?? id, outcome: row ? (place === 1 ? 'gone' as const : 'deleting' as const) : 'gone' as const };
      });
      return { cleaned: rows.length, errors: 0, message: `${rows.length} instances cleaned up`, results };
    }),
    speakAct: (act) => core.answer(() => {
      const id = 'id' in act ? act.id : '';
      return { command: `nineheads ${act.type} ${id}`.trim(), curl: `curl --request POST '${core.profile?.baseUrl ?? ''}/v1/instances/${id}'`, masked: false };
    }),
    getAlerts: () => core.write(() => {
      if (core.profile?.kind === 'thisComputer' || core.neighbours === 'none') return null;
      const items = core.neighbours === 'quiet' ? [] : alerts(first);
      return { items, total: items.length, seenAt: ago(0) };
    }),
  };
}

function alerts(rows: InstanceSummary[]): AlertRow[] {
  const about = (status: string) => rows.find((row) => row.status === status)?.id ?? null;
  const alert = (change: Partial<AlertRow> & { id: string }): AlertRow => ({ kind: null, severity: null, title: null, instanceId: null, createdAt: ago(DAY), acknowledgedAt: null, resolvedAt: null, detail: null, ...change });
  return [
    alert({ id: 'al-3', kind: 'usage_spike', severity: 'warning', title: 'Usage is three times its usual', instanceId: about('running'), createdAt: ago(5 * 3_600_000), detail: { day: 'today', factor: 3.1, tokens: 1_240_000 } }),
    alert({ id: 'al-4', kind: 'provision_failed', severity: 'critical', title: 'Provisioning failed', instanceId: about('failed'), createdAt: ago(40 * 60_000), detail: { stage: 'securing', error: 'certificate could not be issued' } }),
    alert({ id: 'al-1', kind: 'maintenance', severity: 'info', title: 'Maintenance of eu-central on Sunday', acknowledgedAt: ago(3_600_000) }),
    alert({ id: 'al-0', kind: 'heartbeat_lost', severity: 'critical', title: 'No heartbeat for 10 minutes', createdAt: ago(2 * DAY), resolvedAt: ago(DAY) }),
  ];
}
