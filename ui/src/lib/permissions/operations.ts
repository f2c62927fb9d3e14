/**
 * The operations of the platform, as its documentation names them, and what a key needs for each. Pure.
 * Belongs here: the tables. Does not belong here: who may do what now (`mayDo.ts`), words (`words.ts`).
 */

export const READ = 'instances:read';
export const WRITE = 'instances:write';
export const DELETE = 'instances:delete';

export interface Need {
  /** The scope a key must carry. */
  scope: string;
  /** Beyond the scope, an admin of the tenant is needed. */
  admin?: boolean;
}

const needs = {
  list_instances: { scope: READ },
  create_instance: { scope: WRITE },
  cleanup_instances: { scope: WRITE, admin: true },
  poll_by_key: { scope: READ },
  rotate_agent_key: { scope: WRITE, admin: true },
  get_instance: { scope: READ },
  delete_instance: { scope: DELETE },
  chat: { scope: WRITE },
  get_config: { scope: READ },
  update_config: { scope: WRITE },
  update_consent: { scope: WRITE },
  list_conversations: { scope: READ },
  get_conversation: { scope: READ },
  get_logs: { scope: READ },
  update_model_policy: { scope: WRITE },
  get_platform_config: { scope: READ },
  patch_platform_config: { scope: WRITE },
  get_runtime: { scope: READ },
  apply_updates: { scope: WRITE },
  get_usage: { scope: READ },
} as const satisfies Record<string, Need>;

export type Operation = keyof typeof needs;

/** What only the platform on this computer does beside them. A key that may create an instance there may do these. */
export type LocalAct =
  | 'install_local_runtime' | 'remove_local_runtime' | 'set_keep_running' | 'put_model_provider' | 'delete_model_provider'
  | 'put_local_permission' | 'remove_demo'
  // Many of the twenty operations, one after the other.
  | 'start_bulk';

export const NEEDS: Readonly<Record<Operation, Need>> = needs;

export const isOperation = (name: string): name is Operation => Object.hasOwn(needs, name);

/** Which operations an act of the palette comes down to; it is closed when all of them are. */
export const OPERATIONS_OF_ACT: Readonly<Record<string, readonly Operation[]>> = {
  'deploy': ['create_instance'],
  'bulk-applyUpdates': ['apply_updates'],
  'bulk-patchPlatformConfig': ['patch_platform_config'],
  'bulk-updateModelPolicy': ['update_model_policy'],
  'bulk-revokeConsent': ['update_consent'],
  'bulk-delete': ['delete_instance'],
  'fleet-cleanup': ['cleanup_instances', 'delete_instance'],
  'instance-updates': ['apply_updates'],
  'instance-rotate': ['rotate_agent_key'],
  'instance-delete': ['delete_instance'],
  'config-save': ['update_config'],
  'compare-again': ['chat'],
};
