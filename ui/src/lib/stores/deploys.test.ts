import { describe, expect, it } from 'vitest';
import type { Deploy, Event, LogsView, NewInstance } from '$lib/ipc/bindings';
import { DeployLines, DeploysStore } from './deploys.svelte';

const deploy = (key: string, more: Partial<Deploy> = {}): Deploy => ({
  key, state: 'accepted', request: { region_id: 'r', tier_id: 't' }, confirmedAt: '2026-01-01T00:00:00Z', sentAt: null,
  settledAt: null, taskId: null, instanceId: null, hostname: null, status: null, provisioningStage: null,
  bootstrapStage: null, bootstrapSeq: null, stages: [], logCount: 0, errorMessage: null, failure: null, typicalSeconds: null, ...more,
});

/** A core that remembers deploys and counts what it was told. */
function core(list: Deploy[]) {
  let listener: (event: Event) => void = () => undefined;
  const answers: (() => void)[] = [];
  const started: NewInstance[] = [];
  const known = (key: string) => { const found = list.find((one) => one.key === key); if (!found) throw new Error(key); return found; };
  return {
    started, say: (event: Event) => { listener(event); },
    release: () => { answers.splice(0).forEach((answer) => { answer(); }); },
    listDeploys: () => new Promise<Deploy[]>((resolve) => { answers.push(() => { resolve([...list]); }); }),
    startDeploy: (request: NewInstance) => new Promise<Deploy>((resolve) => {
      started.push(request);
      answers.push(() => { resolve(deploy(`new-${started.length}`, { request, state: 'intent' })); });
    }),
    getDeploy: (key: string) => Promise.resolve(known(key)),
    checkDeploy: (key: string) => Promise.resolve({ ...known(key), state: 'absent' as const }),
    resendDeploy: (key: string) => Promise.resolve({ ...known(key), state: 'sent' as const }),
    dismissDeploy: () => Promise.resolve(),
    getDeployLogs: () => Promise.reject(new Error('not asked here')),
    onEvent: (next: (event: Event) => void) => { listener = next; return () => undefined; },
  };
}

async function loaded(list: Deploy[]) {
  const ipc = core(list);
  const store = new DeploysStore(ipc);
  const reading = store.load();
  ipc.release();
  await reading;
  return { ipc, store };
}

describe('the list', () => {
  it('puts open deploys first and the newest on top', async () => {
    const { store } = await loaded([
      deploy('done', { state: 'ready', confirmedAt: '2026-01-05T00:00:00Z' }),
      deploy('old', { confirmedAt: '2026-01-01T00:00:00Z' }),
      deploy('new', { confirmedAt: '2026-01-02T00:00:00Z', state: 'unknown' }),
    ]);
    expect(store.list.map(({ key }) => key)).toEqual(['new', 'old', 'done']);
  });

  it('keeps what failed in the lane until it is put away, but not what is ready', async () => {
    const { store } = await loaded([deploy('a', { state: 'ready' }), deploy('b', { state: 'failed' }), deploy('c')]);
    expect(store.lane.map(({ key }) => key)).toEqual(['c', 'b']);
    await store.dismiss('b');
    expect(store.lane.map(({ key }) => key)).toEqual(['c']);
  });

  it('follows what the core announces', async () => {
    const { ipc, store } = await loaded([deploy('a')]);
    ipc.say({ type: 'deployChanged', deploy: deploy('a', { state: 'ready' }) });
    expect(store.get('a')?.state).toBe('ready');
    ipc.say({ type: 'deployForgotten', key: 'a' });
    expect(store.list).toEqual([]);
  });

  it('does not let a slow answer undo what was announced meanwhile', async () => {
    const ipc = core([deploy('a'), deploy('b')]);
    const store = new DeploysStore(ipc);
    const reading = store.load();
    ipc.say({ type: 'deployChanged', deploy: deploy('a', { state: 'ready' }) });
    ipc.say({ type: 'deployForgotten', key: 'b' });
    ipc.release();
    await reading;
    expect(store.list.map(({ key, state }) => [key, state])).toEqual([['a', 'ready']]);
  });

  it('drops the list of an earlier session', async () => {
    const { ipc, store } = await loaded([deploy('a')]);
    ipc.say({ type: 'sessionChanged' });
    expect(store.list).toEqual([]);
    expect(store.loaded).toBe(false);
  });
});

describe('starting', () => {
  it('starts once, however often it is pressed', async () => {
    const { ipc, store } = await loaded([]);
    const request = { region_id: 'eu', tier_id: 't' };
    const first = store.start(request);
    const second = store.start(request);
    expect(store.starting).toBe(true);
    ipc.release();
    expect((await first).key).toBe((await second).key);
    expect(ipc.started).toHaveLength(1);
    expect(store.starting).toBe(false);
  });

  it('shows the outcome of a check and of a resend', async () => {
    const { store } = await loaded([deploy('a', { state: 'unknown' })]);
    await store.check('a');
    expect(store.get('a')?.state).toBe('absent');
    await store.resend('a');
    expect(store.get('a')?.state).toBe('sent');
  });
});

describe('the log of a deploy', () => {
  const line = (seq: number) => ({ seq, created_at: null, level: null, message: `line ${seq}`, stage: null });
  const pages = (all: number, page: number) => {
    const asked: number[] = [];
    return {
      asked,
      getDeployLogs: (_: string, from: number): Promise<LogsView> => {
        asked.push(from);
        const lines = Array.from({ length: Math.max(0, Math.min(page, all - from)) }, (__, i) => line(from + i));
        return Promise.resolve({ total: all, from, lines, seenAt: null, failure: null });
      },
    };
  };

  it('reads on from the last line until all are here', async () => {
    const source = pages(7, 3);
    const log = new DeployLines(source, 'a');
    await log.reach(7);
    expect(log.lines.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(source.asked).toEqual([0, 3, 6]);
    await log.reach(7);
    expect(source.asked).toHaveLength(3);
  });

  it('stops where the core has fewer lines than were announced', async () => {
    const source = pages(2, 3);
    const log = new DeployLines(source, 'a');
    await log.reach(9);
    expect(log.lines).toHaveLength(2);
    expect(source.asked.length).toBeLessThan(4);
  });
});
