/** What one real agent may do on this computer. Belongs here: how it stands and changing it. Words do not. */
import type { Failure, InstanceId, LocalPermission, Permission } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type PermissionIpc = Pick<Ipc, 'getLocalPermission' | 'setLocalPermission'>;

const ORDER: readonly Permission[] = ['talk', 'own_folder', 'whole_computer'];

/** Whether the second gives more than the first. */
export const widens = (from: Permission, to: Permission): boolean => ORDER.indexOf(to) > ORDER.indexOf(from);

export class LocalPermissionStore {
  /** `undefined`: not asked yet. `null`: that is no question for this instance. */
  view = $state.raw<LocalPermission | null | undefined>(undefined);
  failure = $state.raw<Failure | null>(null);
  busy = $state.raw<Permission | null>(null);
  readonly #ipc: PermissionIpc;
  readonly #id: InstanceId;

  constructor(ipc: PermissionIpc, id: InstanceId) {
    this.#ipc = ipc;
    this.#id = id;
  }

  async load(): Promise<void> {
    try {
      this.view = await this.#ipc.getLocalPermission(this.#id);
      this.failure = null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }

  /** Changes it. Null when it is done, otherwise why not; what holds is read anew then. */
  async set(permission: Permission, confirmation: string | null = null): Promise<Failure | null> {
    if (this.busy) return null;
    this.busy = permission;
    try {
      this.view = await this.#ipc.setLocalPermission(this.#id, { permission, confirmation });
      this.failure = null;
      return null;
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code.type !== 'declined') await this.load();
      return failure;
    } finally {
      this.busy = null;
    }
  }
}
