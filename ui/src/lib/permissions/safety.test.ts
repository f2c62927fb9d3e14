import { createFakeIpc } from '$lib/ipc/fake';
import { HOSTED } from '$lib/ipc/fake/core';
import type { Safety } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { describe, expect, it, vi } from 'vitest';
import { careful, questionFor, WRITES, type Write } from './safety';

const writes = Object.keys(WRITES) as Write[];
const profile = (safety: Safety) => ({ ...HOSTED, safety });

/** A door whose every write only counts. */
function door(safety: Safety, answer: boolean) {
  const sent = vi.fn(() => Promise.resolve());
  const ipc = { ...createFakeIpc(), ...Object.fromEntries(writes.map((write) => [write, sent])) } as Ipc;
  const ask = vi.fn(() => Promise.resolve(answer));
  return { sent, ask, ipc: careful(ipc, () => profile(safety), ask) };
}
const call = (ipc: Ipc, write: Write) => (ipc[write] as () => Promise<unknown>)();

describe('before a change leaves', () => {
  it.each(writes)('%s wants the name typed where the profile asks for it, and a no sends nothing', async (write) => {
    const { sent, ask, ipc } = door('confirmByName', false);
    await expect(call(ipc, write)).rejects.toMatchObject({ code: { type: 'declined' } });
    expect(ask).toHaveBeenCalledWith(expect.objectContaining({ byName: true, operation: WRITES[write].operation }));
    expect(sent).not.toHaveBeenCalled();
  });
  it.each(writes)('%s is sent once after a yes', async (write) => {
    const { sent, ipc } = door('confirmByName', true);
    await call(ipc, write);
    expect(sent).toHaveBeenCalledTimes(1);
  });
  it('asks once where it only asks, and not where the screen has asked already', () => {
    expect(questionFor(profile('confirm'), 'sendMessage')).toMatchObject({ byName: false });
    expect(questionFor(profile('confirm'), 'deleteInstance')).toBeNull();
  });
  it.each(writes)('%s asks nothing more where changes are allowed', async (write) => {
    const { sent, ask, ipc } = door('full', false);
    await call(ipc, write);
    expect(ask).not.toHaveBeenCalled();
    expect(sent).toHaveBeenCalledTimes(1);
  });
});
