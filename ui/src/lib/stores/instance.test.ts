import { describe, expect, it } from 'vitest';
import type { Event, InstanceView } from '$lib/ipc/bindings';
import { Instance } from './instance.svelte';

const [NOON, LATER] = ['2026-11-24T12:00:00Z', '2026-11-24T12:00:15Z'];

/** A core that knows one instance, and counts how often it is asked for it. */
class Core {
  asked = 0;
  say: (event: Event) => void = () => undefined;
  readonly view = {
    summary: null, failure: null, gone: false,
    detail: { value: { id: 'a', status: 'running' }, seenAt: NOON, source: 'live' },
    runtime: { value: { status: 'degraded' }, seenAt: NOON, source: 'live' },
  } as unknown as InstanceView;
  watchInstance = () => Promise.resolve(this.view);
  unwatchInstance = () => Promise.resolve();
  getInstance = () => { this.asked += 1; return Promise.resolve(this.view); };
  refreshInstance = this.getInstance;
  deleteInstance = () => Promise.reject(new Error('not here'));
  onEvent = (listener: (event: Event) => void) => { this.say = listener; return () => { this.say = () => undefined; }; };
}

async function open() {
  const core = new Core();
  const store = new Instance(core, 'a');
  await store.watch();
  return { core, store };
}

describe('an instance', () => {
  it('that was seen as it is gets younger without a question', async () => {
    const { core, store } = await open();
    core.say({ type: 'instanceSeen', id: 'a', at: LATER, withRuntime: true });
    expect([store.detail?.seenAt, store.runtime?.seenAt]).toEqual([LATER, LATER]);
    expect(store.status).toBe('running');
    expect(core.asked).toBe(0);
  });

  it('whose agent did not answer keeps the age of its report', async () => {
    const { core, store } = await open();
    core.say({ type: 'instanceSeen', id: 'a', at: LATER, withRuntime: false });
    expect([store.detail?.seenAt, store.runtime?.seenAt]).toEqual([LATER, NOON]);
  });

  it('does not listen to what is said of another', async () => {
    const { core, store } = await open();
    core.say({ type: 'instanceSeen', id: 'b', at: LATER, withRuntime: true });
    expect(store.detail?.seenAt).toBe(NOON);
  });

  it('that changed is asked for', async () => {
    const { core } = await open();
    core.say({ type: 'instanceChanged', id: 'a' });
    expect(core.asked).toBe(1);
  });
});
