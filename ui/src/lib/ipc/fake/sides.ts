/** Instances side by side, in memory: what the list says of them, and a policy that the third has otherwise. */
import type { SideBySide, SideCell, SidePart, SideRow } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const PARTS: readonly SidePart[] = ['detail', 'config', 'platform', 'skills', 'policy', 'usage'];
const cell = (text: string | null): SideCell => (text === null ? { type: 'absent' } : { type: 'value', text });

export function fakeSides(core: FakeCore): Pick<Ipc, 'showSides' | 'lookAtSide'> {
  return {
    showSides: (ids, onlyDifferences) => core.answer((): SideBySide => {
      const views = ids.map((id) => core.instance(id));
      const row = (part: SidePart, path: string[], cells: SideCell[]): SideRow => ({ part, path, cells, differs: new Set(cells.map((one) => JSON.stringify(one))).size > 1 });
      const rows = [
        row('detail', ['region_id'], views.map((view) => cell(view.summary?.region_id ?? null))),
        row('detail', ['runtime_type'], views.map((view) => cell(view.summary?.runtime_type ?? null))),
        row('config', ['gateway', 'auth', 'token'], ids.map(() => ({ type: 'secret' }))),
        row('policy', ['primary'], ids.map((_, at) => cell(at === 2 ? 'anthropic/claude-opus-4-1' : 'anthropic/claude-sonnet-4-5'))),
        row('usage', ['cost'], ids.map((_, at) => cell(`${41.2 + at}`))),
      ];
      const differing = rows.filter(({ differs }) => differs);
      const seenAt = new Date().toISOString();
      return {
        columns: ids.map((id, at) => ({
          id, name: views[at]?.summary?.agent_name ?? id, host: views[at]?.summary?.hostname ?? null, status: views[at]?.summary?.status ?? null,
          gone: views[at]?.gone ?? true, parts: PARTS.map((part) => ({ part, seenAt })),
        })),
        rows: onlyDifferences ? differing : rows, compared: rows.length, differing: differing.length, leftOff: 0,
      };
    }, true),
    lookAtSide: () => core.answer(() => [], true),
  };
}
