import { createFakeIpc } from '$lib/ipc/fake';
import type { FakeOptions } from '$lib/ipc/fake';
import { describe, expect, it, vi } from 'vitest';
import { Draft, flushDrafts } from './drafts.svelte';
import { Questions } from './question.svelte';
import { HOSTED } from '$lib/ipc/fake/core';
import { Security } from './security.svelte';

async function opened(options: FakeOptions = {}) {
  const ipc = createFakeIpc(options);
  const noteActivity = vi.fn(() => Promise.resolve());
  const security = new Security({ ...ipc, noteActivity });
  await security.load();
  return { ipc, noteActivity, security };
}

describe('the security store', () => {
  it('tells of input only while the app may lock by itself, and not at every key', async () => {
    const { noteActivity, security } = await opened();
    let now = 0;
    const end = security.attend(document, () => now);
    const press = () => document.dispatchEvent(new Event('keydown'));
    press();
    expect(noteActivity).not.toHaveBeenCalled();
    await security.setIdleMinutes(5);
    press();
    press();
    now = 9_999;
    press();
    expect(noteActivity).toHaveBeenCalledTimes(1);
    now = 10_000;
    document.dispatchEvent(new Event('pointermove'));
    expect(noteActivity).toHaveBeenCalledTimes(2);
    end();
    now = 99_999;
    press();
    expect(noteActivity).toHaveBeenCalledTimes(2);
  });
  it('is undecided where there is no keystore, until the person chose', async () => {
    const { security } = await opened({ security: { keystore: { type: 'unavailable', detail: '' } } });
    expect(security.undecided).toBe(true);
    await security.keepForThisRun(true);
    expect(security.undecided).toBe(false);
    await security.createVault('passphrase');
    expect(security.view).toMatchObject({ place: 'vault', asksPassphrase: true });
    await expect(security.closeVault('another')).rejects.toMatchObject({ code: { type: 'wrongPassphrase' } });
  });
  it('locks after what was typed a moment ago has arrived', async () => {
    const { ipc, security } = await opened();
    const draft = new Draft(ipc, 'chat:x');
    draft.text = 'half a thought';
    await security.lock(flushDrafts());
    expect(await ipc.getDraft('chat:x')).toBe('half a thought');
    expect((await ipc.getSession()).profile).toBeNull();
    await security.unlock(null);
    expect((await ipc.getSession()).profile?.id).toBe('northwind');
  });
});

describe('the question before a change', () => {
  const question = { profile: HOSTED, operation: 'chat', byName: true } as const;
  it('is answered once, and a second one means no to the first', async () => {
    const questions = new Questions();
    const first = questions.ask(question);
    const second = questions.ask(question);
    expect(await first).toBe(false);
    questions.answer(true);
    expect(await second).toBe(true);
    expect(questions.current).toBeNull();
  });
});
