import type { Event, Failure, SessionView } from '$lib/ipc/bindings';
import { createFakeIpc } from '$lib/ipc/fake';
import type { Ipc } from '$lib/ipc/ipc';
import { describe, expect, it, vi } from 'vitest';
import { Poller } from './poller.svelte';
import { Preferences } from './preferences.svelte';
import { Session } from './session.svelte';

const loaded = async (ipc: Ipc) => {
  const session = new Session(ipc);
  await session.load();
  return session;
};

describe('the session', () => {
  it('is empty at the first start', async () => {
    const session = await loaded(createFakeIpc({ firstStart: true }));
    expect([session.view?.profile, session.profiles]).toEqual([null, []]);
  });
  it('opens the demo, which is then known', async () => {
    const session = await loaded(createFakeIpc({ firstStart: true }));
    await session.openThisComputer(true);
    expect(session.profile?.kind).toBe('thisComputer');
    expect(session.profiles).toHaveLength(1);
  });
  it('stays as it was when a platform refuses, and says why', async () => {
    const session = await loaded(createFakeIpc());
    const before = session.profile;
    await expect(session.connect('https://api.example.com', 'x', 'apiKey', 'refused')).rejects.toMatchObject({ code: { type: 'credentialRefused' } });
    expect(session.profile).toEqual(before);
  });
  it('follows the core when another profile is opened', async () => {
    const ipc = createFakeIpc();
    const session = await loaded(ipc);
    const end = session.follow();
    await ipc.openProfile('this-computer');
    await vi.waitFor(() => expect(session.profile?.id).toBe('this-computer'));
    end();
  });
  it('asks for a key when the core has none that works, and no more once it has', async () => {
    const session = await loaded(createFakeIpc({ trouble: 'refused' }));
    expect(session.view?.needsCredential).toBe(true);
    await session.renew('northwind', 'apiKey', 'hc_live_new');
    expect(session.view?.needsCredential).toBe(false);
  });
  it('without its profile is the first start again', async () => {
    const session = await loaded(createFakeIpc());
    await session.forget('northwind');
    expect(session.profile).toBeNull();
    expect(session.profiles.map(({ id }) => id)).toEqual(['acme', 'this-computer']);
  });
  it('drops an answer that a newer one overtook', async () => {
    const ipc = createFakeIpc();
    const view = await ipc.getSession();
    const answers: ((view: SessionView) => void)[] = [];
    const session = new Session({ ...ipc, getSession: () => new Promise((answer) => answers.push(answer)) });
    const first = session.load();
    const second = session.load();
    answers[1]?.({ ...view, needsCredential: true });
    await second;
    answers[0]?.({ ...view, needsCredential: false });
    await first;
    expect(session.view?.needsCredential).toBe(true);
  });
  it('knows what the key may not do', async () => {
    const ipc = createFakeIpc();
    const view = await ipc.getSession();
    const session = await loaded({ ...ipc, getSession: async () => ({ ...view, key: view.key && { ...view.key, scopes: ['instances:read'] } }) });
    expect([session.denies('create_instance'), session.denies('get_instance'), session.denies('no such operation')]).toEqual([true, false, false]);
  });
  it('keeps a refusal at the instance it was about, until there is another credential', async () => {
    const session = await loaded(createFakeIpc());
    const failure = (code: Failure['code']) => ({ code, detail: '' });
    session.noteRefusal('delete_instance', 'theirs', failure({ type: 'notAllowed', operation: 'delete_instance', scope: 'instances:delete', message: 'Not yours' }));
    session.noteRefusal('delete_instance', 'ours', failure({ type: 'offline' }));
    expect(session.may('delete_instance', 'theirs')).toEqual({ allowed: false, why: 'here', says: 'Not yours' });
    expect(session.may('delete_instance', 'ours').allowed).toBe(true);
    await session.renew('northwind', 'apiKey', 'hc_live_new');
    expect(session.may('delete_instance', 'theirs').allowed).toBe(true);
  });
  it('shuts nothing on this computer after a 403: its key may do everything there', async () => {
    const session = await loaded(createFakeIpc({ here: true }));
    session.noteRefusal('patch_platform_config', 'a', { code: { type: 'notAllowed', operation: 'patch_platform_config', scope: 'instances:write', message: 'It widens' }, detail: '' });
    expect(session.may('patch_platform_config', 'a').allowed).toBe(true);
  });
  it('says what a key may do where it was just typed in, and not where a profile is only opened', async () => {
    const session = await loaded(createFakeIpc());
    await session.connect('https://api.example.com', 'x', 'apiKey', 'hc_live_1');
    expect(session.arrived).toBe(session.profile?.id);
    await session.open('this-computer');
    expect(session.arrived).toBeNull();
  });
  it('keeps the failure when the core does not answer', async () => {
    const session = await loaded({ ...createFakeIpc(), getSession: () => Promise.reject({ code: { type: 'storage' }, detail: 'x' }) });
    expect([session.view, session.failure?.code.type]).toEqual([null, 'storage']);
  });
});

describe('the poller', () => {
  it('keeps what was announced, even when an older answer comes later', async () => {
    let announce: (event: Event) => void = () => undefined;
    let answer: (view: Poller['view']) => void = () => undefined;
    const poller = new Poller({
      ...createFakeIpc(),
      onEvent: (listener) => { announce = listener; return () => undefined; },
      getPoller: () => new Promise((done) => { answer = done; }),
    });
    poller.follow();
    announce({ type: 'pollerChanged', poller: { state: { type: 'refused' }, lastAnswerAt: null, nextLookAt: null } });
    answer({ state: { type: 'live' }, lastAnswerAt: null, nextLookAt: null });
    await Promise.resolve();
    expect(poller.view.state.type).toBe('refused');
  });
  it('tells the core how much the window is looked at, once for each change', () => {
    const setAttention = vi.fn(() => Promise.resolve());
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible', hasFocus: () => true });
    const frame = new EventTarget();
    const end = new Poller({ ...createFakeIpc(), setAttention }).attend(page as unknown as Document, frame as Window);
    frame.dispatchEvent(new globalThis.Event('focus'));
    page.visibilityState = 'hidden';
    page.dispatchEvent(new globalThis.Event('visibilitychange'));
    end();
    page.visibilityState = 'visible';
    page.dispatchEvent(new globalThis.Event('visibilitychange'));
    expect(setAttention.mock.calls).toEqual([['front'], ['hidden']]);
  });
});

describe('the preferences', () => {
  it('are kept by the core, one change after the other', async () => {
    const ipc = createFakeIpc();
    const preferences = new Preferences(ipc);
    await preferences.load();
    await Promise.all([preferences.setTheme('dark'), preferences.change({ lastView: '/deploys' })]);
    expect(await ipc.getPreferences()).toEqual({ theme: 'dark', columns: null, lastView: '/deploys', recent: null, shortcuts: null });
  });
  it('show a theme even when the core has none', async () => {
    const preferences = new Preferences({ ...createFakeIpc(), getPreferences: () => Promise.reject(new Error('no')) });
    await preferences.load();
    expect([preferences.theme, preferences.loaded]).toEqual(['light', true]);
  });
});
