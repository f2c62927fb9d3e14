/** A configuration while it is edited, kept and saved: through the fake door, as the screens use it. */
import { at } from '$lib/config/place';
import type { Exact } from '$lib/config/value';
import type { ConfigSaved, Failure } from '$lib/ipc/bindings';
import { fakeConfig, type FakeConfigOptions } from '$lib/ipc/fake/config';
import { FakeCore } from '$lib/ipc/fake/core';
import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { ConfigDraft } from './configDraft.svelte';
import { ConfigHistory } from './configHistory.svelte';
import { ConfigSave } from './configSave.svelte';
import { ConfigSchema } from './configSchema.svelte';
import { ConfigWatch } from './configWatch.svelte';


function world(options: FakeConfigOptions = {}) {
  const core = new FakeCore({});
  const drafts = new Map<string, string>();
  const ipc = {
    ...fakeConfig(core, options),
    getDraft: (name: string) => Promise.resolve(drafts.get(name) ?? null),
    setDraft: (name: string, text: string | null) => Promise.resolve(void (text === null ? drafts.delete(name) : drafts.set(name, text))),
  };
  const row = core.summaries().find((one) => one.status === 'running' && one.runtime_type === 'expressclaw');
  const id = row?.id ?? '';
  return { core, ipc, drafts, id };
}

async function opened(options: FakeConfigOptions = {}) {
  const all = world(options);
  const draft = new ConfigDraft(all.ipc, all.id);
  await draft.open();
  return { ...all, draft, save: new ConfigSave(all.ipc, all.id) };
}

const PORT = ['gateway', 'port'];

describe('a draft', () => {
  it('is nothing until something is edited, and nothing again when it is typed back', async () => {
    const { draft } = await opened();
    expect([draft.dirty, draft.changes.length]).toEqual([false, 0]);
    draft.set(PORT, 9000);
    expect([draft.dirty, draft.changes.map(({ path }) => path.join('.'))]).toEqual([true, ['gateway.port']]);
    draft.set(PORT, 18789);
    expect(draft.dirty).toBe(false);
  });

  it('says what is sent as edits, with numbers as they were typed', async () => {
    const { draft } = await opened();
    expect((at(draft.tree, ['limits', 'accountId']) as Exact).text).toBe('9007199254740993');
    draft.set(PORT, 9000);
    draft.remove(['logging']);
    expect(draft.asDraft()).toEqual({ base: draft.base?.version, text: null, edits: [{ path: ['gateway', 'port'], value: '9000' }, { path: ['logging'], value: null }] });
  });

  it('renames and moves entries, and goes back', async () => {
    const { draft } = await opened();
    expect(draft.rename(['skills', 'entries', 'mail'], 'post')).toBe(true);
    expect(draft.rename(['skills', 'entries', 'weather'], 'post')).toBe(false);
    draft.move(['session', 'resetTriggers', '0'], 1);
    expect(draft.changes.map(({ path }) => path.join('.'))).toEqual(['session.resetTriggers.0', 'session.resetTriggers.1', 'skills.entries.post', 'skills.entries.mail']);
    draft.revert(['skills', 'entries', 'mail']);
    draft.revert(['skills', 'entries', 'post']);
    draft.revert(['session', 'resetTriggers']);
    expect(draft.dirty).toBe(false);
  });

  it('holds a text that is no value until there is one', async () => {
    const { draft } = await opened();
    draft.hold(PORT, '80x', 'notANumber');
    expect([draft.dirty, draft.typed.get('/gateway/port')?.text, draft.changes.length]).toEqual([true, '80x', 0]);
    draft.set(PORT, 80);
    expect(draft.typed.size).toBe(0);
  });

  it('counts secrets', async () => {
    const { draft } = await opened();
    draft.set(['gateway', 'auth', 'token'], 'new-one');
    draft.set(PORT, 1);
    expect([draft.changes.length, draft.secrets]).toEqual([2, 1]);
  });

  it('survives a crash, with what was no value yet', async () => {
    const { draft, ipc, id } = await opened();
    draft.set(PORT, 9000);
    draft.hold(['session', 'idleMinutes'], '12x', 'notANumber');
    await draft.keep();
    const again = new ConfigDraft(ipc, id);
    await again.open();
    expect(at(again.tree, PORT)).toBe(9000);
    expect(again.typed.get('/session/idleMinutes')?.text).toBe('12x');
    expect(again.restoredFrom).not.toBeNull();
    again.discard();
    await again.keep();
    const third = new ConfigDraft(ipc, id);
    await third.open();
    expect([third.dirty, third.restoredFrom]).toEqual([false, null]);
  });

  it('is written down by itself after a rest', async () => {
    vi.useFakeTimers();
    const { draft, drafts, id } = await opened();
    draft.set(PORT, 9000);
    expect(drafts.size).toBe(0);
    await vi.advanceTimersByTimeAsync(500);
    expect(drafts.get(`config:${id}`)).toContain('9000');
    vi.useRealTimers();
  });

  it('stays on the version it was made from when the server moves on', async () => {
    const { draft, ipc, id } = await opened();
    draft.set(PORT, 9000);
    await draft.keep();
    ipc.somebodyWrites(id, ['session', 'idleMinutes'], 5);
    await draft.open();
    expect([draft.outdated, at(draft.tree, ['session', 'idleMinutes'])]).toEqual([true, 240]);
    const again = new ConfigDraft(ipc, id);
    await again.open();
    expect([again.outdated, at(again.tree, PORT), again.base?.version]).toEqual([true, 9000, draft.base?.version]);
  });

  it('stands on the newest version where its own is not kept any more', async () => {
    const { ipc, drafts, id } = await opened();
    drafts.set(`config:${id}`, JSON.stringify({ base: 1, text: null, edits: [{ path: PORT, value: '9000' }], at: '2026-11-01T00:00:00Z' }));
    const again = new ConfigDraft(ipc, id);
    await again.open();
    expect([again.baseLost, at(again.tree, PORT)]).toEqual([true, 9000]);
  });

  it('rubbish in its place is no draft', async () => {
    const { ipc, drafts, id } = await opened();
    drafts.set(`config:${id}`, '{"base":');
    const again = new ConfigDraft(ipc, id);
    await again.open();
    expect([again.dirty, again.failure]).toEqual([false, null]);
  });
});

describe('form and raw text', () => {
  it('are the same document, in both directions', async () => {
    const { draft } = await opened();
    draft.set(PORT, 9000);
    expect(await draft.toRaw()).toBeNull();
    expect(draft.text).toContain('"port": 9000');
    expect(draft.text).toContain('9007199254740993');
    draft.writeText(draft.text.replace('"port": 9000', '"port": 9001').replace('"bind": "loopback"', '"bind": "lan", "own": {"kept": 1.0}'));
    expect(draft.toForm()).toBe(true);
    expect(draft.changes.map(({ path }) => path.join('.'))).toEqual(['gateway.port', 'gateway.bind', 'gateway.own']);
    expect(draft.asDraft().edits.at(-1)).toEqual({ path: ['gateway', 'own'], value: '{"kept":1.0}' });
  });

  it('a text that is no configuration stays, and says where', async () => {
    const { draft, ipc, id } = await opened();
    await draft.toRaw();
    draft.writeText('{\n  "a": \n}');
    expect(draft.toForm()).toBe(false);
    expect(draft.mistake).toMatchObject({ kind: 'unexpected', line: 3, column: 1 });
    await draft.leave();
    const again = new ConfigDraft(ipc, id);
    await again.open();
    expect([again.mode, again.text, again.mistake?.line]).toEqual(['raw', '{\n  "a": \n}', 3]);
    again.writeText('[1]');
    expect([again.toForm(), again.mistake?.kind]).toEqual([false, 'notAnObject']);
    again.discard();
    expect([again.dirty, again.toForm()]).toEqual([false, true]);
  });

  it('without an edit the text is the server’s own', async () => {
    const { draft } = await opened();
    await draft.toRaw();
    expect(draft.text).toBe(draft.view?.document);
    expect(draft.dirty).toBe(false);
  });
});

describe('saving', () => {
  const plan = async (all: Awaited<ReturnType<typeof opened>>) => all.save.begin(() => all.draft.asDraft());

  it('shows what changes, sends it, and the draft has had its time', async () => {
    for (const writes of ['merge', 'replace'] as const) {
      const all = await opened({ writes });
      all.draft.set(PORT, 9000);
      await plan(all);
      expect(all.save.plan?.changes).toMatchObject([{ path: PORT, kind: 'changed', before: '18789', after: '9000' }]);
      const saved = await all.save.send();
      expect(saved).toMatchObject({ verified: true, differs: [] });
      await all.draft.settle();
      expect([all.draft.dirty, at(all.draft.tree, PORT), all.drafts.size, all.save.step]).toEqual([false, 9000, 0, 'closed']);
    }
  });

  it('keeps what somebody else wrote meanwhile', async () => {
    const all = await opened();
    all.draft.set(['ui', 'assistant', 'name'], 'meanwhile');
    await plan(all);
    expect(all.save.plan).toMatchObject({ changedMeanwhile: true, conflicts: [], theirChanges: [{ path: ['session', 'idleMinutes'], after: '777' }] });
    await all.save.send();
    await all.draft.settle();
    expect([at(all.draft.tree, ['session', 'idleMinutes']), at(all.draft.tree, ['ui', 'assistant', 'name'])]).toEqual([777, 'meanwhile']);
  });

  it('asks where both wrote, and takes the chosen side', async () => {
    for (const side of ['mine', 'theirs'] as const) {
      const all = await opened();
      all.draft.set(['ui', 'assistant', 'name'], 'contested');
      all.draft.set(PORT, 9000);
      await plan(all);
      expect([all.save.plan?.obstacle, all.save.ready, all.save.conflicts.length]).toEqual([{ type: 'conflicts' }, false, 2]);
      await all.save.choose(PORT, side);
      expect(all.save.conflicts.map(({ chosen }) => chosen)).toContain(side);
      await all.save.chooseAll(side);
      if (side === 'theirs') expect(all.save.plan?.obstacle).toEqual({ type: 'nothingChanged' });
      else expect(await all.save.send()).not.toBeNull();
      await all.draft.settle();
      expect(at(all.draft.tree, ['ui', 'assistant', 'name'])).toBe(side === 'mine' ? 'contested' : 'theirs');
    }
  });

  it('plans again when somebody writes between plan and save', async () => {
    const all = await opened();
    all.draft.set(['ui', 'assistant', 'name'], 'racing');
    await plan(all);
    expect(await all.save.send()).toBeNull();
    expect([all.save.rewritten, all.save.step, all.save.failure, all.save.ready]).toEqual([true, 'review', null, true]);
    expect(all.save.plan?.theirChanges.map(({ path }) => path.join('.'))).toContain('session.idleMinutes');
    expect(await all.save.send()).not.toBeNull();
  });

  it('says when nobody knows whether it arrived, and looks', async () => {
    const all = await opened();
    all.draft.set(['ui', 'assistant', 'name'], 'lost');
    await plan(all);
    expect(await all.save.send()).toBeNull();
    expect([all.save.failure?.code.type, all.draft.dirty]).toEqual(['mayHaveArrived', true]);
    await all.draft.open();
    expect(all.draft.outdated).toBe(true);
    await all.save.again();
    expect(all.save.plan?.obstacle).toEqual({ type: 'nothingChanged' });
  });

  it('says what the server did not take', async () => {
    const all = await opened({ writes: 'merge' });
    all.draft.set(['ui', 'assistant', 'name'], 'ignored');
    await plan(all);
    expect((await all.save.send())?.differs).toEqual([['ui', 'assistant', 'name']]);
  });

  it('never sends a mask, and says so', async () => {
    const all = await opened();
    all.draft.set(['skills', 'entries', 'mail', 'apiKey'], '********');
    await plan(all);
    expect([all.save.plan?.obstacle, all.save.ready]).toEqual([{ type: 'maskAsValue', paths: [['skills', 'entries', 'mail', 'apiKey']] }, false]);
    expect(await all.save.send()).toBeNull();
  });

  it('asks before a document loses more than half', async () => {
    const all = await opened();
    await all.draft.toRaw();
    all.draft.writeText('{"gateway":{}}');
    all.draft.readText();
    await plan(all);
    expect([all.save.plan?.shrinks, all.save.ready]).toEqual([true, false]);
    all.save.agreed = true;
    expect(all.save.ready).toBe(true);
  });

  it('offline refuses and keeps the draft', async () => {
    const all = await opened();
    all.draft.set(PORT, 9000);
    all.core.trouble = 'offline';
    await plan(all);
    expect([all.save.failure?.code.type, all.save.plan, all.draft.dirty]).toEqual(['offline', null, true]);
    await all.draft.open();
    expect([all.draft.view?.source, at(all.draft.tree, PORT)]).toEqual(['cached', 9000]);
    all.core.trouble = null;
    await all.save.again();
    expect(all.save.ready).toBe(true);
  });
});

describe('history', () => {
  it('any two versions are compared, and any one comes back as a draft', async () => {
    const { draft, ipc, id } = await opened();
    const history = new ConfigHistory(ipc, id);
    await history.load();
    const [newest, , oldest] = history.versions ?? [];
    expect(history.changes?.map(({ path }) => path.join('.'))).toEqual(['session.idleMinutes']);
    await history.compare(oldest?.id ?? 0, newest?.id ?? 0);
    expect(history.changes).toHaveLength(2);
    await draft.replaceWith((await history.read(oldest?.id ?? 0)) ?? '');
    expect(draft.changes.map(({ path }) => path.join('.')).toSorted()).toEqual(['agents.defaults.model.primary', 'session.idleMinutes']);
    expect(await history.read(1)).toBeNull();
    expect(history.failure?.code.type).toBe('notFound');
  });
});

describe('an agent that does not run', () => {
  it('has no configuration to read, and says why', async () => {
    const { core, ipc } = world();
    const row = core.summaries().find((one) => one.status === 'suspended');
    const draft = new ConfigDraft(ipc, row?.id ?? '');
    await draft.open();
    expect([draft.view, draft.failure?.code.type]).toEqual([null, 'conflict'] satisfies [null, Failure['code']['type']]);
  });
});

describe('the schema', () => {
  it('is the carried one, an imported one, or made from the document', async () => {
    const { ipc } = world();
    const schema = new ConfigSchema(ipc, 'expressclaw');
    await schema.load();
    expect([schema.source, schema.available]).toEqual(['bundled', ['bundled', 'document']]);
    expect(await schema.importOne()).toBe(true);
    expect([schema.source, schema.available]).toEqual(['imported', ['imported', 'bundled', 'document']]);
    schema.choose('document');
    expect(schema.rootFor('{"a":1}')).toMatchObject({ properties: { a: { type: 'number' } } });
    const other = new ConfigSchema(ipc, 'hermes');
    await other.load();
    expect(other.source).toBe('document');
  });
});

describe('the minute after', () => {
  const pulse = { status: 'running', health: 'healthy', failures: 0, heartbeat: null };
  const saved = { version: { id: 1, seenAt: '', origin: 'saved', bytes: 1, changes: 1 }, verified: true, differs: [], writes: 'merge' } satisfies ConfigSaved;
  it('is watched, asks now and then, and ends with a word', () => {
    const watch = new ConfigWatch();
    watch.start(saved, 7, pulse, 1_000);
    expect([watch.left, watch.look(pulse, 2_000), watch.look(pulse, 7_000), watch.look(pulse, 8_000)]).toEqual([60, false, true, false]);
    expect(watch.left).toBe(53);
    watch.look(pulse, 61_000);
    flushSync();
    expect([watch.verdict, watch.left, watch.back]).toEqual(['healthy', 0, 7]);
    watch.start(saved, 7, pulse, 1_000);
    watch.look({ ...pulse, health: 'degraded' }, 9_000);
    expect(watch.verdict).toBe('worse');
  });
});
