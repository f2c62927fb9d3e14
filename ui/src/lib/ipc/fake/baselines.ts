/** Baselines in memory. Belongs here: the core's limits; one that follows another's differs in one place. */
import type { Baseline, Failure, InstanceId } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

type BaselineIpc = Pick<Ipc, 'listBaselines' | 'saveBaseline' | 'deleteBaseline' | 'followBaseline' | 'getDrift' | 'draftDrift'>;

const refused = (kind: string, detail: string): Failure =>
  ({ code: { type: 'invalid', message: null, fields: [{ loc: ['name'], msg: detail, type: kind }] }, detail });

export function fakeBaselines(core: FakeCore): BaselineIpc {
  let kept: Baseline[] = [];
  const followers = new Map<InstanceId, string>();
  const differs = (id: InstanceId, baseline: Baseline) => (baseline.from === id ? 0 : 1);
  const list = (): Baseline[] => kept.map((baseline) => {
    const own = [...followers].filter(([, of]) => of === baseline.id).map(([id]) => id);
    return { ...baseline, followers: own.length, drifting: own.filter((id) => differs(id, baseline) > 0).length, unread: 0 };
  });
  const changed = (): Baseline[] => {
    core.announce({ type: 'baselinesChanged' });
    return list();
  };

  return {
    listBaselines: () => core.answer(list, true),
    saveBaseline: (id, name, from) => core.answer(() => {
      if (name.trim() === '' || name.length > 60) throw refused('length', 'a baseline’s name has 1 to 60 characters');
      if (kept.some((one) => one.id !== id && one.name.toLowerCase() === name.trim().toLowerCase())) throw refused('taken', 'another baseline has this name');
      const fromName = core.instance(from).summary?.agent_name ?? from;
      const baseline: Baseline = { id, name: name.trim(), from, fromName, savedAt: new Date().toISOString(), parts: ['config', 'platform', 'skills', 'policy'], followers: 0, drifting: 0, unread: 0 };
      kept = [...kept.filter((one) => one.id !== id), baseline];
      followers.set(from, id);
      return changed();
    }, true),
    deleteBaseline: (id) => core.answer(() => {
      kept = kept.filter((one) => one.id !== id);
      for (const [follower, of] of followers) if (of === id) followers.delete(follower);
      return changed();
    }, true),
    followBaseline: (id, targets) => core.answer(() => {
      const ids = targets.type === 'ids' ? targets.ids : core.window(targets.query, 0, 200).rows.map(({ instance }) => instance.id).filter((one) => !targets.except.includes(one));
      for (const one of ids) if (id) followers.set(one, id); else followers.delete(one);
      return changed();
    }, true),
    getDrift: (id) => core.answer(() => {
      const baseline = list().find((one) => one.id === followers.get(id));
      if (!baseline) return null;
      const places = differs(id, baseline);
      const seenAt = new Date().toISOString();
      return { baseline, places, parts: [{ part: 'config' as const, seenAt, changes: places === 0 ? [] : [{ path: ['logging', 'level'], kind: 'changed' as const, weight: 'plain' as const, before: '"debug"', after: '"info"' }] }] };
    }, true),
    draftDrift: () => core.answer(() => ({ draft: { base: 1, text: null, edits: [{ path: ['logging', 'level'], value: '"info"' }] }, secrets: [] }), true),
  };
}
