/** What an instance cost in the last thirty days. Belongs here: asking for them. Everything else about cost is the usage screen's. */
import type { Failure, InstanceId, UsageView } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

const DAY = 86_400_000;

/** The last thirty days as the server counts them (UTC), today included. */
export function lastThirtyDays(now: number): { from: string; to: string } {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return { from: day(now - 29 * DAY), to: day(now) };
}

export class Cost {
  view = $state.raw<UsageView | null>(null);
  failure = $state.raw<Failure | null>(null);

  async load(ipc: Pick<Ipc, 'getUsage'>, id: InstanceId, now: number): Promise<void> {
    const { from, to } = lastThirtyDays(now);
    try {
      this.view = await ipc.getUsage(id, from, to);
      this.failure = this.view.failure;
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }
}
