import { EVERYTHING } from './fleet.svelte';
import { createFakeIpc } from '$lib/ipc/fake';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InstanceLabel } from './label.svelte';

async function opened() {
  const ipc = createFakeIpc();
  const { rows } = await ipc.showFleet(EVERYTHING, 0, 1);
  const row = rows[0];
  const id = row?.instance.id ?? '';
  const label = new InstanceLabel(ipc, id);
  await label.load();
  return { ipc, id, label };
}

describe('what is noted of an instance', () => {
  it('has a star, tags in lower case, and offers the tags of others', async () => {
    const { label } = await opened();
    expect([label.starred, label.tags]).toEqual([false, []]);
    expect(label.suggestions[0]?.tag).toBe('vip');
    expect(await label.setStar(true)).toBeNull();
    expect(await label.addTag(' VIP ')).toBeNull();
    expect([label.starred, label.tags]).toEqual([true, ['vip']]);
    expect(label.suggestions.map(({ tag }) => tag)).not.toContain('vip');
    await label.removeTag('vip');
    expect(label.tags).toEqual([]);
  });

  it('says why a tag is not taken', async () => {
    const { label } = await opened();
    expect((await label.addTag('two words'))?.type).toBe('noTag');
    for (let at = 0; at < 20; at += 1) await label.addTag(`t${at}`);
    expect((await label.addTag('more'))?.type).toBe('full');
    expect(label.tags).toHaveLength(20);
  });

  it('hears of what was noted elsewhere', async () => {
    const { ipc, id, label } = await opened();
    const end = label.follow();
    await ipc.setStar(id, true);
    await vi.waitFor(() => expect(label.starred).toBe(true));
    end();
  });
});

describe('its note', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is written when the hand rests, and nothing typed meanwhile is lost', async () => {
    const { ipc, id, label } = await opened();
    const end = label.follow();
    const { note } = label;
    await note?.read;
    if (!note) throw new Error('there is no note');
    note.text = 'Rang on Mon';
    await vi.advanceTimersByTimeAsync(400);
    expect((await ipc.getLabel(id)).label.note).toBe('Rang on Mon');
    note.text = 'Rang on Monday';
    expect(label.note?.text).toBe('Rang on Monday');
    await note.save();
    expect((await ipc.getLabel(id)).label.note).toBe('Rang on Monday');
    expect(label.note?.text).toBe('Rang on Monday');
    end();
  });

  it('is written when its screen is left', async () => {
    const { ipc, id, label } = await opened();
    const end = label.follow();
    await label.note?.read;
    if (label.note) label.note.text = 'half a sen';
    end();
    await vi.advanceTimersByTimeAsync(0);
    expect((await ipc.getLabel(id)).label.note).toBe('half a sen');
  });

  it('takes in what was written elsewhere unless something is being typed', async () => {
    const { ipc, id, label } = await opened();
    const end = label.follow();
    await label.note?.read;
    await ipc.setNote(id, 'from elsewhere');
    await vi.waitFor(() => expect(label.note?.text).toBe('from elsewhere'));
    if (label.note) label.note.text = 'mine';
    await ipc.setNote(id, 'theirs');
    await vi.advanceTimersByTimeAsync(0);
    expect(label.note?.text).toBe('mine');
    await label.note?.save();
    expect((await ipc.getLabel(id)).label.note).toBe('mine');
    end();
  });

  it('says that the disk refused it, and is written with the next key', async () => {
    const { ipc, id, label } = await opened();
    const { note } = label;
    await note?.read;
    if (!note) throw new Error('there is no note');
    note.text = 'disk full';
    await note.save();
    expect(note.unsaved).toBe(true);
    note.text = 'disk ful';
    await note.save();
    expect([note.unsaved, (await ipc.getLabel(id)).label.note]).toEqual([false, 'disk ful']);
  });
});
