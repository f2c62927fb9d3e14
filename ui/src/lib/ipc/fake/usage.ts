import type { Failure } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const absent = () => Promise.reject({ code: { type: 'notFound', message: null }, detail: 'not there yet' } satisfies Failure);

export function fakeUsage(core: FakeCore): Pick<Ipc, 'getUsage' | 'getFleetUsage' | 'fetchFleetUsage' | 'stopFleetUsage' | 'listBudgets' | 'setBudget'> {
  void core;
  return {
    getUsage: absent,
    getFleetUsage: absent,
    fetchFleetUsage: absent,
    stopFleetUsage: absent,
    listBudgets: absent,
    setBudget: absent,
  };
}
