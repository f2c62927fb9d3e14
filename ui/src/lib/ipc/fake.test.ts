import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event, FleetQuery } from './bindings';
import { createFakeIpc, fakeOptions } from './fake';

const all: FleetQuery = { text: '', phases: [], sort: 'name', descending: false, group: null };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the fleet in memory', () => {
  it.each([0, 1, 12, 10_000])('of %i shows a window and counts the whole', async (instances) => {
    const { facts, rows } = await createFakeIpc({ instances }).showFleet(all, 0, 50);
    expect([facts.total, facts.matched, facts.counts.all, rows.length]).toEqual([instances, instances, instances, Math.min(50, instances)]);
  });
  it('has an id of its own for each of ten thousand', async () => {
    const { rows } = await createFakeIpc({ instances: 10_000 }).showFleet(all, 0, 10_000);
    expect(new Set(rows.map(({ instance }) => instance.id)).size).toBe(10_000);
  });
  it('is the same at each start', async () => {
    const ids = async () => (await createFakeIpc().showFleet(all, 0, 12)).rows.map(({ instance }) => instance.id);
    expect(await ids()).toEqual(await ids());
  });
  it('sorts both ways', async () => {
    const ipc = createFakeIpc();
    const names = async (descending: boolean) => (await ipc.showFleet({ ...all, descending }, 0, 99)).rows.map(({ instance }) => instance.agent_name);
    expect((await names(true)).reverse()).toEqual(await names(false));
  });
  it('filters by words, fields, exclusions and phases', async () => {
    const ipc = createFakeIpc();
    const matched = async (change: Partial<FleetQuery>) => (await ipc.showFleet({ ...all, ...change }, 0, 99)).rows.map(({ instance }) => instance);
    expect((await matched({ text: 'HARBOUR desk' })).map((row) => row.agent_name)).toEqual(['Harbour desk']);
    expect((await matched({ text: 'region:eu-*' })).every((row) => row.region_id?.startsWith('eu-'))).toBe(true);
    expect((await matched({ text: '-region:eu' })).every((row) => row.region_id === 'us-east')).toBe(true);
    expect((await matched({ text: 'status:failed,running region:eu-* -name:harbour' })).length).toBeGreaterThan(0);
    expect((await ipc.readFilter('ü regoin:x desk')).problems).toMatchObject([{ from: 2, length: 7 }]);
    expect((await ipc.completeFilter('-regi', 5)).map(({ text }) => text)).toEqual(['region:']);
    expect((await matched({ phases: ['failed'] })).map((row) => row.status)).toEqual(['failed']);
  });
  it('deletes at once in word, a little later in fact, and twice without harm', async () => {
    const ipc = createFakeIpc({ latencyMs: 10 });
    const heard: Event['type'][] = [];
    ipc.onEvent((event) => heard.push(event.type));
    const settled = async <T>(promise: Promise<T>) => { await vi.advanceTimersByTimeAsync(50); return promise; };
    const id = (await settled(ipc.showFleet(all, 0, 1))).rows[0]?.instance.id ?? '';
    expect((await settled(ipc.deleteInstance(id))).already_deleted).toBe(false);
    expect((await settled(ipc.deleteInstance(id))).already_deleted).toBe(true);
    await vi.advanceTimersByTimeAsync(400);
    expect((await settled(ipc.getInstance(id))).gone).toBe(true);
    expect(heard).toContain('instanceGone');
  });
});

describe('a deploy in memory', () => {
  const request = { region_id: 'eu-central', tier_id: 't', agent_name: 'Orchard' };
  const run = async (agent_name: string) => {
    const ipc = createFakeIpc({ latencyMs: 10 });
    const starting = ipc.startDeploy({ ...request, agent_name });
    await vi.advanceTimersByTimeAsync(5_000);
    const { key } = await starting;
    const reading = ipc.getDeploy(key);
    const counting = ipc.showFleet(all, 0, 99);
    await vi.advanceTimersByTimeAsync(100);
    return { deploy: await reading, fleet: (await counting).facts.total };
  };
  it('goes through its stages until it is ready, and its instance joins the fleet', async () => {
    const { deploy, fleet } = await run('Orchard');
    expect(deploy.state).toBe('ready');
    expect(deploy.stages.map(({ stage }) => stage)).toEqual(['installing', 'configuring', 'securing', 'ready']);
    expect(fleet).toBe(13);
  });
  it('fails where it is told to', async () => expect((await run('fail please')).deploy.state).toBe('failed'));
  it('without a region is invalid at that field', async () => {
    await expect(createFakeIpc().startDeploy({ ...request, region_id: '' })).rejects.toMatchObject({ code: { type: 'invalid', fields: [{ loc: ['body', 'region_id'] }] } });
  });
});

describe('a chat in memory', () => {
  it('streams a reply and keeps it', async () => {
    const ipc = createFakeIpc();
    let text = '';
    const exchange = await ipc.sendMessage('a', 'x1', 'which bookings?', (part) => { if (part.type === 'text') text += part.value; });
    expect(exchange.state.type).toBe('complete');
    expect(exchange.reply).toBe(text);
    expect((await ipc.getTranscript('a')).map(({ id }) => id)).toEqual(['x1']);
  });
  it('stops when nobody waits any more', async () => {
    const ipc = createFakeIpc({ latencyMs: 10 });
    const sending = ipc.sendMessage('a', 'x1', 'which bookings?', () => undefined);
    await vi.advanceTimersByTimeAsync(60);
    void ipc.stopWaiting('a');
    await vi.advanceTimersByTimeAsync(100);
    expect((await sending).state.type).toBe('stopped');
  });
});

describe('trouble on demand', () => {
  it('offline still shows the fleet, and refuses to write', async () => {
    const ipc = createFakeIpc({ trouble: 'offline' });
    expect((await ipc.showFleet(all, 0, 1)).facts).toMatchObject({ source: 'cached', failure: { code: { type: 'offline' } } });
    await expect(ipc.refreshFleet()).rejects.toMatchObject({ code: { type: 'offline' } });
  });
  it.each([
    ['https://offline.example', 'k', 'offline'], ['https://portal.example', 'k', 'notOurApi'], ['https://prefix.example', 'k', 'notFound'],
    ['https://a.example', 'refused', 'credentialRefused'], ['https://a.example', 'narrow', 'notAllowed'],
    ['http://a.example', 'k', 'badAddress'], ['nonsense', 'k', 'badAddress'], ['https://u:p@a.example', 'k', 'badAddress'], ['https://a.example?x=1', 'k', 'badAddress'],
  ])('connecting %s with %s ends as %s says', async (url, secret, type) => {
    await expect(createFakeIpc({ firstStart: true }).connectPlatform(url, 'n', 'apiKey', secret)).rejects.toMatchObject({ code: { type } });
  });
  it('knows every scenario of the address', () => {
    expect(fakeOptions('first-start').firstStart).toBe(true);
    expect([fakeOptions('empty'), fakeOptions('one'), fakeOptions('10000'), fakeOptions(null)].map(({ instances }) => instances)).toEqual([0, 1, 10_000, 12]);
    expect([fakeOptions('offline').trouble, fakeOptions('refused').trouble, fakeOptions('nulls').oddity, fakeOptions('long-names').oddity]).toEqual(['offline', 'refused', 'nulls', 'longNames']);
  });
  it('with nulls knows nothing of an instance but its id', async () => {
    const { rows } = await createFakeIpc({ oddity: 'nulls', instances: 1 }).showFleet(all, 0, 1);
    expect(Object.entries(rows[0]?.instance ?? {}).filter(([, value]) => value !== null).map(([key]) => key)).toEqual(['id']);
  });
});
