/** What the key of the fake core may do: calls without their scope answer 403, as the platform would, and are marked. */
import { holds } from '../../permissions/mayDo';
import { NEEDS, type Operation } from '../../permissions/operations';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const CALLS = {
  deleteInstance: 'delete_instance', applyUpdates: 'apply_updates', rotateKey: 'rotate_agent_key', runCleanup: 'cleanup_instances', startDeploy: 'create_instance',
  saveConfig: 'update_config', patchPlatformConfig: 'patch_platform_config', updateModelPolicy: 'update_model_policy', setConsent: 'update_consent',
} as const satisfies Partial<Record<keyof Ipc, Operation>>;

export function refuseWithout(core: FakeCore, operation: Operation): void {
  const { scope } = NEEDS[operation];
  if (core.profile?.safety === 'readOnly') throw { code: { type: 'readOnly' }, detail: 'the profile is read-only' };
  if (holds(core.scopes, scope)) return;
  core.deny(operation);
  throw { code: { type: 'notAllowed', operation, scope, message: `Missing scope: ${scope}` }, detail: `403 {"detail":"Missing scope: ${scope}"}` };
}

/** The same door, with a lock at everything that changes something. */
export function guarded(core: FakeCore, ipc: Ipc): Ipc {
  const locks = Object.entries(CALLS).map(([name, operation]) => {
    const call = ipc[name as keyof typeof CALLS] as (...given: unknown[]) => Promise<unknown>;
    return [name, (...given: unknown[]) => (holds(core.scopes, NEEDS[operation].scope) && core.profile?.safety !== 'readOnly' ? call(...given) : core.write(() => { refuseWithout(core, operation); }))];
  });
  return { ...ipc, ...Object.fromEntries(locks) as Partial<Ipc> };
}
