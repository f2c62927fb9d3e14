import { describe, expect, it } from 'vitest';
import type { Failure, Prompt } from '$lib/ipc/bindings';
import { createFakeIpc } from '$lib/ipc/fake';
import { Prompts } from './prompts.svelte';

const open = async () => {
  const prompts = new Prompts(createFakeIpc());
  await prompts.load();
  return prompts;
};

describe('the prompts', () => {
  it('are read, kept in the core’s order, and deleted', async () => {
    const prompts = await open();
    const before = prompts.list.length;
    expect(await prompts.save({ title: '  Aardvark ', text: 'x' })).toBeNull();
    expect([prompts.list.length, prompts.list[0]?.title]).toEqual([before + 1, 'Aardvark']);
    expect(await prompts.delete(prompts.list[0]?.id ?? '')).toBeNull();
    expect(prompts.list).toHaveLength(before);
  });
  it('keep their id when they are edited, and come back after a deletion', async () => {
    const prompts = await open();
    const first = prompts.list[0] as Prompt;
    await prompts.save({ ...first, text: 'Other' });
    expect(prompts.list.find(({ id }) => id === first.id)?.text).toBe('Other');
    await prompts.delete(first.id);
    await prompts.save(first);
    expect(prompts.list.find(({ id }) => id === first.id)?.text).toBe(first.text);
  });
  it('say why one was not kept, and stay as they were', async () => {
    const prompts = await open();
    const before = prompts.list;
    expect((await prompts.save({ title: 'x'.repeat(121), text: 'x' }))?.code.type).toBe('invalid');
    expect((await prompts.save({ title: 'Disk full', text: 'x' }))?.code.type).toBe('storage');
    expect(prompts.list).toBe(before);
  });
  it('that can not be read say so', async () => {
    const refused: Failure = { code: { type: 'storage' }, detail: '' };
    const prompts = new Prompts({ ...createFakeIpc(), listPrompts: () => Promise.reject(refused) });
    await prompts.load();
    expect([prompts.loaded, prompts.failure?.code.type]).toEqual([false, 'storage']);
  });
});
