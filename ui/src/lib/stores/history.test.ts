import { describe, expect, it } from 'vitest';
import type { Event, InstanceHistory } from '$lib/ipc/bindings';
import { History } from './history.svelte';

const settled = async () => { for (let i = 0; i < 5; i += 1) await Promise.resolve(); };
const history = (status: string): InstanceHistory => ({ sightings: [{ from: '2026-11-24T12:00:00Z', until: '2026-11-24T14:00:00Z', status, health: null, beating: null }], changes: [] });

/** A core whose answers come when the test says so. */
class SlowCore {
  asked: { answer: (history: InstanceHistory) => void; refuse: (thrown: unknown) => void }[] = [];
  say: (event: Event) => void = () => undefined;
  getHistory = () => new Promise<InstanceHistory>((answer, refuse) => { this.asked.push({ answer, refuse }); });
  onEvent = (listener: (event: Event) => void) => { this.say = listener; return () => { this.say = () => undefined; }; };
}

function open() {
  const core = new SlowCore();
  const store = new History(core, 'a');
  return { core, store, end: store.follow() };
}

describe('a history', () => {
  it('is read at once, and again when its instance changed', async () => {
    const { core, store } = open();
    core.asked[0]?.answer(history('provisioning'));
    await settled();
    core.say({ type: 'instanceChanged', id: 'another' });
    expect(core.asked).toHaveLength(1);
    core.say({ type: 'instanceChanged', id: 'a' });
    core.asked[1]?.answer(history('running'));
    await settled();
    expect(store.view?.sightings[0]?.status).toBe('running');
  });

  it('is read again when its instance was seen as it was: the newest stretch is longer', async () => {
    const { core } = open();
    core.asked[0]?.answer(history('running'));
    await settled();
    core.say({ type: 'instanceSeen', id: 'a', at: '2026-11-24T14:01:00Z', withRuntime: true });
    expect(core.asked).toHaveLength(2);
  });

  it('many changes while it is being read are one more reading', async () => {
    const { core } = open();
    for (let i = 0; i < 5; i += 1) core.say({ type: 'instanceChanged', id: 'a' });
    core.asked[0]?.answer(history('running'));
    await settled();
    expect(core.asked).toHaveLength(2);
  });

  it('keeps what it had when a reading fails', async () => {
    const { core, store } = open();
    core.asked[0]?.answer(history('running'));
    await settled();
    core.say({ type: 'instanceChanged', id: 'a' });
    core.asked[1]?.refuse({ code: { type: 'storage' }, detail: '' });
    await settled();
    expect(store.view).not.toBeNull();
    expect(store.failure?.code.type).toBe('storage');
  });

  it('asks for nothing once its screen is left', async () => {
    const { core, end } = open();
    core.say({ type: 'instanceChanged', id: 'a' });
    end();
    core.asked[0]?.answer(history('running'));
    await settled();
    expect(core.asked).toHaveLength(1);
  });
});
