import type { Failure } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const absent = () => Promise.reject({ code: { type: 'notFound', message: null }, detail: 'not there yet' } satisfies Failure);

export function fakePlatform(core: FakeCore): Pick<Ipc, 'getPlatformConfig' | 'patchPlatformConfig' | 'getSkillUse' | 'getModelPolicy' | 'updateModelPolicy' | 'listModels'> {
  void core;
  return {
    getPlatformConfig: absent,
    patchPlatformConfig: absent,
    getSkillUse: absent,
    getModelPolicy: absent,
    updateModelPolicy: absent,
    listModels: absent,
  };
}
