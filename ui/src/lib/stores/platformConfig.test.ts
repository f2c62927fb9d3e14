/** Platform configuration and model policy while they are edited and sent: through the fake door, as the screens use it. */
import type { FleetQuery } from '$lib/ipc/bindings';
import { FakeCore } from '$lib/ipc/fake/core';
import { fakePlatform, type FakePlatformOptions } from '$lib/ipc/fake/platform';
import { CHOICES } from '$lib/ipc/fake/world';
import { install, listOf, moveTo } from '$lib/platform/entries';
import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { ModelPolicy } from './modelPolicy.svelte';
import { PlatformConfig } from './platformConfig.svelte';

const ALL: FleetQuery = { text: '', phases: [], sort: 'name', descending: false, group: null };

function world(options: FakePlatformOptions = {}) {
  const core = new FakeCore({});
  const drafts = new Map<string, string>();
  const ipc = {
    ...fakePlatform(core, options),
    getChoices: () => Promise.resolve(CHOICES),
    getUsage: () => Promise.reject(new Error('none')),
    getDraft: (name: string) => Promise.resolve(drafts.get(name) ?? null),
    setDraft: (name: string, text: string | null) => Promise.resolve(void (text === null ? drafts.delete(name) : drafts.set(name, text))),
  };
  const patch = vi.spyOn(ipc, 'patchPlatformConfig');
  const update = vi.spyOn(ipc, 'updateModelPolicy');
  return { core, ipc, drafts, patch, update, id: core.window(ALL, 0, 1).rows[0]?.instance.id ?? '' };
}

async function opened(options: FakePlatformOptions = {}) {
  const all = world(options);
  const config = new PlatformConfig(all.ipc, all.id);
  await config.open();
  return { ...all, config, edits: config.edits };
}

async function sent(config: PlatformConfig | ModelPolicy) {
  await config.review();
  return config.send();
}

describe('the platform configuration', () => {
  it('sends the touched fields alone, each whole, with everything in it that nobody understands', async () => {
    const { config, edits, patch } = await opened();
    const before = edits.base;
    edits.set(['channels', 'web_chat', 'title'], 'Hello');
    edits.set(['workflow_slugs'], moveTo(listOf(edits.tree.workflow_slugs), 2, 0));
    expect(await sent(config)).toBe(true);
    expect(patch.mock.calls[0]?.[1]).toEqual({
      channels: { ...(before?.channels as object), web_chat: { enabled: true, title: 'Hello', greeting: 'Hello, how can I help?' } },
      workflow_slugs: ['follow-up_calls', 'daily-brief', 'Weekly Report'],
    });
    expect([config.step, edits.dirty, config.saved?.differs]).toEqual(['edit', false, []]);
  });

  it('is nothing to send once it is typed back', async () => {
    const { edits } = await opened();
    edits.set(['advanced', 'auto_restart'], false);
    expect(edits.touched).toEqual(['advanced']);
    edits.set(['advanced', 'auto_restart'], true);
    expect([edits.dirty, edits.changes]).toEqual([false, []]);
  });

  it('never sends a mask: what is touched is typed anew, taken out or undone first', async () => {
    const { config, edits, patch } = await opened({ server: 'masked' });
    edits.set(['channels', 'email', 'enabled'], true);
    expect(await sent(config)).toBe(false);
    expect([config.obstacle, edits.masks]).toEqual(['masks', [['channels', 'telegram', 'bot_token']]]);
    expect(patch).not.toHaveBeenCalled();
    edits.set(['channels', 'telegram', 'bot_token'], 'typed anew');
    expect(await sent(config)).toBe(true);
    expect(JSON.stringify(patch.mock.calls[0])).not.toMatch(/\*\*\*|REDACTED/);
  });

  it('does not mind masks in fields that stay', async () => {
    const { config, edits } = await opened({ server: 'masked' });
    edits.set(['recipe_id'], null);
    expect(await sent(config)).toBe(true);
  });

  it('keeps a draft through a crash, with what was no value yet', async () => {
    const { ipc, id, edits, drafts } = await opened();
    edits.set(['skills'], install(listOf(edits.tree.skills), 'web-cam'));
    edits.hold(['advanced', 'max_parallel_tasks'], 'four', 'notANumber');
    await edits.leave();
    const again = new PlatformConfig(ipc, id);
    await again.open();
    expect([again.edits.touched, [...again.edits.typed.values()][0]?.text, again.edits.restoredFrom !== null]).toEqual([['skills'], 'four', true]);
    await again.review();
    expect(again.obstacle).toBe('unfinished');
    again.edits.discard();
    await again.edits.leave();
    expect(drafts.size).toBe(0);
  });

  it('stands on what others wrote meanwhile, and asks where both wrote', async () => {
    const { config, ipc, id, edits, patch } = await opened();
    edits.set(['advanced', 'debug_logging'], true);
    edits.set(['recipe_id'], 'mine');
    ipc.somebodyWrites(id, { advanced: { ...(edits.base?.advanced as object), daily_summary: false }, recipe_id: 'theirs' });
    await config.review();
    expect([config.obstacle, [...edits.contested]]).toEqual(['contested', ['recipe_id']]);
    edits.keepMine('recipe_id');
    expect(await config.send()).toBe(true);
    expect(patch.mock.calls[0]?.[1]).toMatchObject({ recipe_id: 'mine', advanced: { debug_logging: true, daily_summary: false } });
  });

  it('takes theirs where a person says so', async () => {
    const { config, ipc, id, edits } = await opened();
    edits.set(['recipe_id'], 'mine');
    ipc.somebodyWrites(id, { recipe_id: 'theirs' });
    await config.review();
    edits.revert(['recipe_id']);
    expect([edits.tree.recipe_id, config.obstacle]).toEqual(['theirs', 'nothing']);
  });

  it('says what reads back otherwise', async () => {
    const { config, edits } = await opened();
    edits.set(['skills'], install(listOf(edits.tree.skills), 'ignored'));
    edits.set(['recipe_id'], 'other');
    expect(await sent(config)).toBe(true);
    expect([config.saved?.differs, edits.dirty]).toEqual([['skills'], false]);
  });

  it('keeps the draft when it is refused, forbidden or offline', async () => {
    const { config, edits, core } = await opened();
    edits.set(['recipe_id'], 'forbidden');
    expect(await sent(config)).toBe(false);
    expect([config.refused?.code.type, config.step, edits.dirty]).toEqual(['notAllowed', 'review', true]);
    core.trouble = 'offline';
    await config.review();
    expect([config.obstacle, config.failure?.code.type, edits.dirty]).toEqual(['notLive', 'offline', true]);
  });

  it('looks after an outcome that nobody knows: it has arrived', async () => {
    const { config, edits, drafts } = await opened();
    edits.set(['recipe_id'], 'lost');
    expect(await sent(config)).toBe(false);
    expect(config.refused?.code.type).toBe('mayHaveArrived');
    await config.look();
    expect([config.arrival, config.step, edits.dirty, drafts.size]).toEqual(['arrived', 'edit', false, 0]);
  });

  it('looks after an outcome that nobody knows: it has not', async () => {
    const { config, edits } = await opened();
    edits.set(['recipe_id'], 'dropped');
    await sent(config);
    await config.look();
    expect([config.arrival, config.step, edits.tree.recipe_id]).toEqual(['notSeen', 'review', 'dropped']);
  });

  it('shows what it does not know and does not send it', async () => {
    const { config, edits } = await opened();
    expect(config.otherFields).toEqual({ billing_label: 'desk' });
    expect(Object.keys(edits.tree)).not.toContain('billing_label');
  });

  it('is forbidden as a whole where the key may not read', async () => {
    const { config } = await opened({ server: 'forbidden' });
    expect([config.failure?.code.type, config.edits.base]).toEqual(['notAllowed', null]);
  });
});

describe('the model policy', () => {
  async function policy(options: FakePlatformOptions = {}) {
    const all = world(options);
    const model = new ModelPolicy(all.ipc, all.id);
    await model.open();
    await model.loadPrices(Date.now());
    flushSync();
    return { ...all, model };
  }

  it('goes out whole, unknown keys and all', async () => {
    const { model, update } = await policy();
    model.edits.set(['primary'], 'openlab/orion-mini');
    expect(await sent(model)).toBe(true);
    expect(update.mock.calls[0]?.[1]).toEqual({ primary: 'openlab/orion-mini', fallbacks: ['platform/sonnet-small', 'openlab/orion-mini'], budget: { daily_usd: 4.5 }, temperature: 0.4, routing: 'cheapest-first' });
    expect([model.saved?.answer.pushed, model.saved?.differs]).toEqual(['pushed', []]);
  });

  it('sends what was taken out as null', async () => {
    const { model, update } = await policy();
    model.edits.set(['routing'], undefined);
    await sent(model);
    expect(update.mock.calls[0]?.[1]).toHaveProperty('routing', null);
  });

  it('tells one that is stored from one that the agent has', async () => {
    const { model } = await policy();
    model.edits.set(['primary'], 'stored');
    expect(await sent(model)).toBe(true);
    expect(model.saved?.answer.pushed).toBe('storedOnly');
  });

  it('keeps the draft when the push fails, and finds out whether the agent has it', async () => {
    const { model } = await policy();
    model.edits.set(['primary'], 'broken');
    expect(await sent(model)).toBe(false);
    expect([model.refused?.code.type, model.edits.dirty]).toEqual(['serverFailed', true]);
    await model.look();
    expect(model.arrival).toBe('notSeen');
    model.edits.set(['primary'], 'lost');
    expect(await sent(model)).toBe(false);
    await model.look();
    expect([model.arrival, model.edits.dirty]).toEqual(['arrived', false]);
  });

  it('can be sent where none is known, and says so', async () => {
    const { model, update } = await policy({ server: 'unknown' });
    expect([model.unknown, model.models, model.cost]).toEqual([true, null, 'noPrimary']);
    model.edits.set(['primary'], 'a/b');
    expect(await sent(model)).toBe(true);
    expect([update.mock.calls[0]?.[1], model.saved?.answer.pushed]).toEqual([{ primary: 'a/b' }, 'unknown']);
  });
});
