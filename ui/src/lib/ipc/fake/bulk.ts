/** Bulk work in memory: plans, jobs that move by themselves, stages that stop. Trouble on demand: an agent called `Kiln` refuses everything. */
import type { BulkItem, BulkJob, BulkOrder, BulkPlan, BulkTargets, Failure, FleetQuery, InstanceSummary } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';
import { phaseOf } from './fleet';

type Bulk = Pick<Ipc,
  'listMatchedIds' | 'countMatched' | 'planBulk' | 'startBulk' | 'listBulk' | 'getBulk' | 'listBulkItems' | 'continueBulk' | 'retryBulk' | 'pauseBulk' | 'cancelBulk' | 'dismissBulk' | 'exportBulk' | 'exportInstances'>;

const ALL: FleetQuery = { text: '', phases: [], sort: 'name', descending: false, group: null };
const RATE = 120;
const ORDER = ['failed', 'begun', 'waiting', 'done', 'excluded'];
const refuse = (code: Failure['code'], detail: string): never => { throw { code, detail } satisfies Failure; };

interface Kept { job: BulkJob; items: BulkItem[]; order: BulkOrder; tolerated: number }

export function fakeBulk(core: FakeCore): Bulk {
  const jobs = new Map<string, Kept>();
  const all = (query: FleetQuery): InstanceSummary[] => core.matching(query);
  const targets = (wanted: BulkTargets): [string, InstanceSummary | undefined][] => {
    if (wanted.type === 'matching') return all(wanted.query).filter(({ id }) => !wanted.except.includes(id)).map((row) => [row.id, row]);
    const rows = new Map(all(ALL).map((row) => [row.id, row]));
    return wanted.ids.map((id) => [id, rows.get(id)]);
  };
  const sizes = (count: number) => { const first = Math.min(1, count); const second = Math.min(Math.ceil(count / 10), count - first); return [first, second, count - first - second]; };
  const stageOf = (place: number, count: number) => { const [first = 0, second = 0] = sizes(count); return place < first ? 0 : place < first + second ? 1 : 2; };

  function plan(order: BulkOrder, offset: number, limit: number): BulkPlan {
    const rows = targets(order.targets).map(([id, row]) => {
      const phase = row ? phaseOf(row.status) : 'gone';
      const wrong = order.act.type !== 'delete' && phase !== 'running';
      const excluded = phase === 'gone' ? 'gone' as const : phase === 'deleting' ? 'deleting' as const : wrong ? 'wrongPhase' as const : null;
      return { id, name: row?.agent_name ?? row?.hostname ?? id, status: row?.status ?? null, customer: row?.customer_email ?? null, stage: null as number | null, excluded };
    });
    const work = rows.filter(({ excluded }) => excluded === null);
    work.forEach((row, place) => { row.stage = stageOf(place, work.length); });
    const left = rows.filter(({ excluded }) => excluded !== null);
    const requests = order.act.type === 'patchPlatformConfig' || order.act.type === 'updateModelPolicy' ? 2 : 1;
    const whys = [...new Set(left.flatMap(({ excluded }) => excluded ?? []))];
    return {
      verb: order.act.type, included: work.length, running: work.filter(({ status }) => status === 'running').length, onThisComputer: 0,
      excluded: whys.map((why) => ({ why, count: left.filter(({ excluded }) => excluded === why).length })), stages: sizes(work.length).filter((size) => size > 0),
      requests, perMinute: RATE, seconds: Math.floor((work.length * requests * 60) / RATE), wordsToType: order.act.type === 'delete' ? `delete ${work.length}` : null,
      asOf: new Date(Date.now() - 4_000).toISOString(), offset, rows: [...work, ...left].slice(offset, offset + limit),
    };
  }

  const kept = (id: string): Kept => jobs.get(id) ?? refuse({ type: 'notFound', message: null }, 'no such bulk job');
  const count = (items: BulkItem[]) => {
    const of = (state: BulkItem['state']) => items.filter((item) => item.state === state).length;
    return { waiting: of('waiting'), begun: of('begun'), done: of('done'), failed: of('failed'), excluded: of('excluded') };
  };
  function tell(one: Kept, item: BulkItem | null = null): BulkJob {
    one.job = { ...one.job, counts: count(one.items), stages: [0, 1, 2].map((stage) => one.items.filter((known) => known.stage === stage)).filter((stage) => stage.length > 0).map(count) };
    core.announce({ type: 'bulkChanged', job: one.job, item });
    return one.job;
  }
  function rest(one: Kept, state: BulkJob['state']): BulkJob {
    one.job = { ...one.job, state, endedAt: new Date().toISOString() };
    return tell(one);
  }
  function run(one: Kept): BulkJob {
    one.job = { ...one.job, state: { type: 'running' }, startedAt: new Date().toISOString(), endedAt: null };
    const step = () => {
      if (one.job.state.type !== 'running') return;
      const next = one.items.find(({ state }) => state === 'waiting' || state === 'begun');
      if (!next) { rest(one, { type: 'finished' }); return; }
      const before = next.stage === 2 && one.order.stopInRest ? 3 : (next.stage ?? 0);
      if (one.items.filter((item) => item.state === 'failed' && (item.stage ?? 3) < before).length > one.tolerated) { rest(one, { type: 'paused', why: { type: 'stopped' } }); return; }
      next.state = 'begun';
      next.attempts += 1;
      tell(one, { ...next });
      core.later(core.pace * 2, () => {
        const refused = /Kiln/.test(next.name);
        next.state = refused ? 'failed' : 'done';
        next.failure = refused ? { code: { type: 'conflict', message: 'Instance is busy' }, detail: '409' } : null;
        next.at = new Date().toISOString();
        if (!refused && one.job.verb === 'delete') core.delete(next.id);
        tell(one, { ...next });
        core.later(core.pace, step);
      });
    };
    core.later(core.pace, step);
    return tell(one);
  }

  return {
    countMatched: (query, ids) => core.answer(() => all(query).filter(({ id }) => ids.includes(id)).length),
    listMatchedIds: (query, offset, limit) => core.answer(() => all(query).slice(offset, offset + limit).map(({ id }) => id)),
    planBulk: (order, offset, limit) => core.answer(() => plan(order, offset, limit)),
    startBulk: (order, confirmed, typed) => core.write(() => {
      const now = plan(order, 0, 100_000);
      if (now.included !== confirmed || [...jobs.values()].some(({ job }) => job.state.type === 'running')) refuse({ type: 'conflict', message: null }, 'another one goes on');
      if (now.wordsToType !== null && typed?.trim().toLowerCase() !== now.wordsToType) refuse({ type: 'declined' }, '');
      const words = order.act.type === 'patchPlatformConfig' ? Object.keys(order.act.fields) : [];
      const job: BulkJob = { id: core.newId(), verb: order.act.type, words, state: { type: 'running' }, createdAt: new Date().toISOString(), startedAt: null, endedAt: null, stopInRest: order.stopInRest, counts: count([]), stages: [], perMinute: RATE, requests: now.requests };
      const items = now.rows.map((row, place): BulkItem => ({ place, id: row.id, name: row.name, stage: row.stage, state: row.excluded ? 'excluded' : 'waiting', failure: null, excluded: row.excluded, found: false, attempts: 0, at: null }));
      const one = { job, items, order, tolerated: 0 };
      jobs.set(job.id, one);
      return run(one);
    }),
    listBulk: () => core.answer(() => [...jobs.values()].map(({ job }) => job)),
    getBulk: (id) => core.answer(() => kept(id).job),
    listBulkItems: (id, state, offset, limit) => core.answer(() => {
      const items = kept(id).items.filter((item) => state === null || item.state === state).sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.place - b.place);
      return { total: items.length, items: items.slice(offset, offset + limit).map((item) => ({ ...item })) };
    }),
    continueBulk: (id) => core.write(() => { const one = kept(id); one.tolerated = count(one.items).failed; return run(one); }),
    retryBulk: (id) => core.write(() => {
      const one = kept(id);
      one.tolerated = 0;
      for (const item of one.items) if (item.state === 'failed') Object.assign(item, { state: 'waiting', failure: null });
      return run(one);
    }),
    pauseBulk: (id) => core.answer(() => rest(kept(id), { type: 'paused', why: { type: 'person' } })),
    cancelBulk: (id) => core.answer(() => rest(kept(id), { type: 'cancelled' })),
    dismissBulk: (id) => core.answer(() => { if (jobs.delete(id)) core.announce({ type: 'bulkForgotten', id }); }),
    exportBulk: () => core.answer(() => true),
    exportInstances: () => core.answer(() => true),
  };
}
