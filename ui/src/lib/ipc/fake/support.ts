/** What helps when something went wrong, in memory. `?fake=long-names`: the run before ended without a word. */
import type { BundlePart } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

export function fakeSupport(core: FakeCore, ended: boolean): Pick<Ipc, 'getUnexpectedEnd' | 'noteMishap' | 'getSupportBundle'> {
  let told = !ended;
  return {
    getUnexpectedEnd: () => core.answer(() => {
      if (told) return null;
      told = true;
      return { at: new Date(Date.now() - 7_200_000).toISOString(), reference: '4f1c09ab' };
    }),
    noteMishap: () => core.answer(() => core.newId().slice(0, 8)),
    getSupportBundle: () => core.answer((): BundlePart[] => [
      { name: 'versions', text: 'Nineheads: 0.1.0\nTauri: 2.12.5\nWebView: 2.50.1\nSystem: linux x86_64' },
      { name: 'profiles', text: core.profiles.map(({ name, baseUrl }) => `${name} · ${baseUrl ? new URL(baseUrl).host : 'this computer'} · ApiKey, kept in Keystore`).join('\n') },
      { name: 'poller', text: JSON.stringify(core.poller, null, 2) },
      { name: 'failures', text: '2026-11-25T01:02:03.000Z [WARN] nineheads_core::connect: the key was not read: the keystore did not answer within 5 seconds' },
      { name: 'deploys', text: [...core.deploys.values()].map(({ key, state, confirmedAt }) => `${key} ${state} confirmed ${confirmedAt}`).join('\n') },
      { name: 'storage', text: 'cache-northwind.db 4268032 bytes\njournal.db 24576 bytes\nledger.db 65536 bytes\nledger.seal 102 bytes' },
      { name: 'preferences', text: '{\n  "theme": "system"\n}' },
      { name: 'log', text: Array.from({ length: 40 }, (_, at) => `2026-11-25T01:02:${String(at + 10)}.000Z [INFO] nineheads_core::polling: looked, 12 instances`).join('\n') },
    ]),
  };
}
