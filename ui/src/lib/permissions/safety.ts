/**
 * How careful a profile is: which calls change something over there, and which of them ask once more before they leave.
 * The one place where that is decided: it sits at the door to the core, so that no screen can forget it. Read-only is
 * the core's own refusal.
 */
import type { Failure, Profile } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import type { LocalAct, Operation } from './operations';

/** Every call that changes something over there. `asked`: its screen has put a question of its own before. */
export const WRITES = {
  startDeploy: { operation: 'create_instance', asked: true },
  resendDeploy: { operation: 'create_instance', asked: false },
  deleteInstance: { operation: 'delete_instance', asked: true },
  applyUpdates: { operation: 'apply_updates', asked: true },
  startBulk: { operation: 'start_bulk', asked: true },
  continueBulk: { operation: 'start_bulk', asked: false },
  retryBulk: { operation: 'start_bulk', asked: false },
  rotateKey: { operation: 'rotate_agent_key', asked: true },
  runCleanup: { operation: 'cleanup_instances', asked: true },
  saveConfig: { operation: 'update_config', asked: true },
  patchPlatformConfig: { operation: 'patch_platform_config', asked: true },
  updateModelPolicy: { operation: 'update_model_policy', asked: false },
  setConsent: { operation: 'update_consent', asked: false },
  sendMessage: { operation: 'chat', asked: false },
  installLocalRuntime: { operation: 'install_local_runtime', asked: false },
  removeLocalRuntime: { operation: 'remove_local_runtime', asked: true },
  setKeepRunning: { operation: 'set_keep_running', asked: false },
  putModelProvider: { operation: 'put_model_provider', asked: false },
  deleteModelProvider: { operation: 'delete_model_provider', asked: true },
  setLocalPermission: { operation: 'put_local_permission', asked: true },
  removeDemo: { operation: 'remove_demo', asked: true },
} as const satisfies Partial<Record<keyof Ipc, { operation: Operation | LocalAct; asked: boolean }>>;

export type Write = keyof typeof WRITES;

export interface Question { profile: Profile; operation: Operation | LocalAct; byName: boolean }

/** What is asked before a call leaves; null where nothing is. */
export function questionFor(profile: Profile | null, write: Write): Question | null {
  const { operation, asked } = WRITES[write];
  switch (profile?.safety) {
    case 'confirmByName': return { profile, operation, byName: true };
    case 'confirm': return asked ? null : { profile, operation, byName: false };
    default: return null;
  }
}

const DECLINED: Failure = { code: { type: 'declined' }, detail: '' };

/** The same door, with a question before everything that changes something. A no rejects with `declined`; nothing has left then. */
export function careful(ipc: Ipc, profile: () => Profile | null, ask: (question: Question) => Promise<boolean>): Ipc {
  const locks = (Object.keys(WRITES) as Write[]).map((write) => {
    const call = ipc[write] as (...given: unknown[]) => Promise<unknown>;
    return [write, async (...given: unknown[]) => {
      const question = questionFor(profile(), write);
      if (question && !(await ask(question))) throw DECLINED;
      return call(...given);
    }];
  });
  return { ...ipc, ...(Object.fromEntries(locks) as Partial<Ipc>) };
}
