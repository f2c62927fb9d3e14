import { createFakeIpc } from '$lib/ipc/fake';
import type { Event, Failure, LocalRuntime } from '$lib/ipc/bindings';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalPermissionStore, widens } from './localPermission.svelte';
import { LocalRuntimeStore } from './localRuntime.svelte';
import { ModelProvidersStore } from './modelProviders.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const here = (program: 'absent' | 'ready' | 'failed' = 'absent') => createFakeIpc({ here: true, instances: 3, program, latencyMs: 1 });
const settled = async <T>(promise: Promise<T>) => { await vi.advanceTimersByTimeAsync(20); return promise; };

describe('the program', () => {
  it('is none where the platform has no such thing', async () => {
    const store = new LocalRuntimeStore(createFakeIpc());
    expect(store.runtime).toBeUndefined();
    await store.load();
    expect(store.runtime).toBeNull();
  });
  it('is followed while it installs, until it is ready', async () => {
    const store = new LocalRuntimeStore(here());
    const end = store.follow();
    await vi.advanceTimersByTimeAsync(5);
    expect(store.runtime?.state).toBe('absent');
    expect(await settled(store.install())).toBe(true);
    const steps = new Set<string>();
    for (let look = 0; look < 200 && !store.ready; look += 1) {
      if (store.runtime?.progress) steps.add(store.runtime.progress.step);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect([...steps]).toEqual(['fetching', 'placing', 'checking']);
    end();
  });
  it('keeps what was told over an answer that is older', async () => {
    let answer: (runtime: LocalRuntime) => void = () => undefined;
    let tell: (event: Event) => void = () => undefined;
    const { runtime } = await (async () => { const store = new LocalRuntimeStore(here('ready')); await settled(store.load()); return store; })();
    if (!runtime) throw new Error('the fake has one');
    const fail = () => Promise.reject(new Error('not asked'));
    const store = new LocalRuntimeStore({
      getLocalRuntime: () => new Promise((done) => { answer = done; }), installLocalRuntime: fail, removeLocalRuntime: fail, setKeepRunning: fail,
      onEvent: (listener) => { tell = listener; return () => undefined; },
    });
    store.follow();
    tell({ type: 'localRuntimeChanged', runtime });
    answer({ ...runtime, state: 'installing' });
    await vi.advanceTimersByTimeAsync(1);
    expect(store.runtime?.state).toBe('ready');
  });
  it('says why an act was refused, and stays as it was', async () => {
    const refusal: Failure = { code: { type: 'conflict', message: 'An agent uses it' }, detail: '409' };
    const store = new LocalRuntimeStore({ ...here('ready'), removeLocalRuntime: () => Promise.reject(refusal) });
    await settled(store.load());
    expect(await settled(store.remove())).toBe(false);
    expect([store.failure, store.runtime?.state, store.busy]).toEqual([refusal, 'ready', false]);
  });
});

describe('model providers', () => {
  it('offer what was found first, and keep it as one of their own', async () => {
    const store = new ModelProvidersStore(here());
    await settled(store.load());
    expect([store.offered.map(({ name }) => name), store.kept]).toEqual([['ollama'], []]);
    const found = store.find('ollama');
    expect(await settled(store.put('ollama', { base_url: found?.base_url ?? '', models: found?.models ?? [], api_key: null }))).toBeNull();
    expect(store.kept.map(({ name }) => name)).toEqual(['ollama']);
  });
  it('tell how a test went, and why one that is in use stays', async () => {
    const store = new ModelProvidersStore(here());
    const provider = { base_url: 'https://offline.example/v1', models: [], api_key: null };
    expect(await settled(store.test('x', provider))).toMatchObject({ step: 'told', test: { ok: false, problem: 'not_reached' } });
    await settled(store.put('busy', provider));
    expect((await settled(store.delete('busy')))?.code.type).toBe('conflict');
    expect(store.find('busy')).not.toBeNull();
  });
});

describe('what an agent may do', () => {
  it('grows from talk to the whole computer', () => {
    expect([widens('talk', 'own_folder'), widens('own_folder', 'whole_computer'), widens('whole_computer', 'talk'), widens('talk', 'talk')]).toEqual([true, true, false, false]);
  });
  it('is widened to everything with the server’s sentence alone, and holds as the server says', async () => {
    const ipc = here('ready');
    const { rows } = await settled(ipc.showFleet({ text: '', phases: [], sort: 'name', descending: false, group: null }, 0, 9));
    const real = rows.find(({ instance }) => instance.provider === 'this-computer')?.instance;
    const store = new LocalPermissionStore(ipc, real?.id ?? '');
    await settled(store.load());
    expect(store.view?.permission).toBe('talk');
    expect((await settled(store.set('whole_computer', 'yes')))?.code.type).toBe('notAllowed');
    expect(store.view?.permission).toBe('talk');
    expect(await settled(store.set('whole_computer', store.view?.confirmation ?? ''))).toBeNull();
    expect(store.view?.permission).toBe('whole_computer');
  });
  it('is no question for a demo', async () => {
    const ipc = here('ready');
    const { rows } = await settled(ipc.showFleet({ text: '', phases: [], sort: 'name', descending: false, group: null }, 0, 9));
    const store = new LocalPermissionStore(ipc, rows.find(({ instance }) => instance.provider !== 'this-computer')?.instance.id ?? '');
    await settled(store.load());
    expect(store.view).toBeNull();
  });
});
