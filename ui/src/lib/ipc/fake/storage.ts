/** What the fake core keeps, and what it sent: believable numbers that follow what is set and forgotten. */
import type { StorageView } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

export function fakeStorage(core: FakeCore): Pick<Ipc, 'getTraffic' | 'getStorage' | 'setCacheLimit' | 'clearCache'> {
  let limitMb = 1024;
  let full = 1;
  const view = (): StorageView => {
    const parts: StorageView['parts'] = [
      { kind: 'fleet', bytes: 9_200 }, { kind: 'logs', bytes: 61_300_000 }, { kind: 'answers', bytes: 3_400_000 },
      { kind: 'chats', bytes: 512_000 }, { kind: 'versions', bytes: 8_100_000 }, { kind: 'history', bytes: 40_960 },
    ];
    const kept = parts.map((part) => ({ ...part, bytes: (part.bytes ?? 0) * full }));
    return { cache: 'encrypted', limitMb, usedBytes: kept.reduce((sum, part) => sum + part.bytes, 0), parts: kept };
  };
  return {
    getTraffic: () => core.answer(() => Array.from({ length: 60 }, (_, minute) => ({
      requests: 4 + ((minute * 7) % 9), failed: core.trouble && minute > 54 ? 3 : 0, bytes: 18_000 + minute * 311, waitedMs: minute % 11 === 0 ? 240 : 0,
    }))),
    getStorage: () => core.answer(view),
    setCacheLimit: (mb) => core.answer(() => ((limitMb = mb), view())),
    clearCache: () => core.answer(() => ((full = 0), view())),
  };
}
