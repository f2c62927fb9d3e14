/** What needs a person, in memory: what failed, and every third that runs has been silent. Belongs here: windows of it, as the core cuts them. */
import { EVERYTHING } from '../../stores/fleet.svelte';
import type { FleetRow, Need, NeedKind, NeedsWindow } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const KINDS: readonly NeedKind[] = ['key', 'failed', 'stuck', 'silent', 'warned', 'budget', 'drift'];

function needOf({ instance }: FleetRow, silent: boolean, now: number): Need {
  return {
    key: instance.id, kind: silent ? 'silent' : 'failed', also: silent ? ['budget'] : [],
    reason: silent ? { type: 'silent', seconds: 7_200 } : { type: 'failed', message: 'The server did not answer within 600 s' },
    act: { type: silent ? 'diagnose' : 'readLog' }, instanceId: instance.id,
    name: instance.agent_name ?? instance.hostname ?? instance.id, host: instance.hostname, status: instance.status,
    since: silent ? new Date(now - 7_200_000).toISOString() : null, seenAt: new Date(now).toISOString(),
  };
}

export function fakeNeeds(core: FakeCore): Pick<Ipc, 'showNeeds'> {
  return {
    showNeeds: (anchor, offset, limit) => core.answer((): NeedsWindow => {
      const of = (phase: 'failed' | 'running') => core.window({ ...EVERYTHING, phases: [phase] }, 0, 200);
      const running = of('running');
      const now = Date.now();
      const all = [...of('failed').rows.map((row) => needOf(row, false, now)), ...running.rows.filter((_, at) => at % 3 === 2).map((row) => needOf(row, true, now))];
      const { total, seenAt } = running.facts;
      const kinds = KINDS.map((kind) => ({ kind, count: all.filter((need) => need.kind === kind).length })).filter(({ count }) => count > 0);
      const at = all.findIndex(({ key }) => key === anchor);
      return {
        facts: { count: all.length, kinds, total, looked: total, unheard: 0, unpriced: 0, unread: 0, seenAt, alertsAt: seenAt },
        offset, rows: all.slice(offset, offset + limit), anchorAt: at < 0 ? null : at,
      };
    }, true),
  };
}
