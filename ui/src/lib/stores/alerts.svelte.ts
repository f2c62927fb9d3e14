/**
 * What the platform warns of. Where it does not offer alerts there are none, and nothing is said about it.
 * Belongs here: asking, at most once a minute; what is active, how bad it is, whom it is about. Words do not.
 */
import type { AlertRow, AlertsView, Failure, InstanceId } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type AlertsIpc = Pick<Ipc, 'getAlerts' | 'getInstance'>;

export type Severity = 'critical' | 'warning' | 'info' | 'unknown';

/** How often it is asked while somebody may see it, in milliseconds. */
export const EVERY = 60_000;

const ORDER: readonly Severity[] = ['critical', 'warning', 'unknown', 'info'];
const SEVERITIES: ReadonlyMap<string, Severity> = new Map([['critical', 'critical'], ['warning', 'warning'], ['info', 'info']]);

export const severityOf = (alert: AlertRow): Severity => SEVERITIES.get(alert.severity?.trim().toLowerCase() ?? '') ?? 'unknown';

/** What is not over yet: the worst first, then the newest. */
export function activeAlerts(items: readonly AlertRow[]): AlertRow[] {
  const rank = (alert: AlertRow) => ORDER.indexOf(severityOf(alert));
  return items.filter((alert) => alert.resolvedAt === null)
    .sort((a, b) => rank(a) - rank(b) || (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
}

/** What is over, should the platform still tell it: the latest first. */
export const resolvedAlerts = (items: readonly AlertRow[]): AlertRow[] =>
  items.filter((alert) => alert.resolvedAt !== null).sort((a, b) => (b.resolvedAt ?? '').localeCompare(a.resolvedAt ?? ''));

export class Alerts {
  /** `null`: not known, or not offered. */
  view = $state.raw<AlertsView | null>(null);
  failure = $state.raw<Failure | null>(null);
  loading = $state(false);
  /** What instances are called, as far as they were asked for. */
  names = $state.raw<ReadonlyMap<InstanceId, string>>(new Map());

  readonly active = $derived(activeAlerts(this.view?.items ?? []));
  readonly resolved = $derived(resolvedAlerts(this.view?.items ?? []));
  readonly worst = $derived<Severity | null>(this.active[0] ? severityOf(this.active[0]) : null);

  readonly #ipc: AlertsIpc;
  #askedAt = -Infinity;

  constructor(ipc: AlertsIpc) {
    this.#ipc = ipc;
  }

  /** Asks when the last time was a minute ago. The clock stands while the window is hidden, and so does this. */
  tick(now: number): void {
    if (now - this.#askedAt >= EVERY) void this.load(now);
  }

  async load(now: number): Promise<void> {
    if (this.loading) return;
    this.#askedAt = now;
    this.loading = true;
    try {
      this.view = await this.#ipc.getAlerts();
      this.failure = null;
    } catch (thrown) {
      // What was known stays, and says how old it is.
      this.failure = asFailure(thrown);
    } finally {
      this.loading = false;
    }
  }

  /** Looks up what the instances of the shown alerts are called. */
  async name(): Promise<void> {
    const wanted = new Set([...this.active, ...this.resolved].flatMap(({ instanceId }) => (instanceId && !this.names.has(instanceId) ? [instanceId] : [])).slice(0, 50));
    const found = await Promise.all([...wanted].map(async (id) => {
      const view = await this.#ipc.getInstance(id).catch(() => null);
      const row = view?.summary ?? view?.detail?.value ?? null;
      return [id, row?.agent_name?.trim() || row?.hostname?.trim() || ''] as const;
    }));
    this.names = new Map([...this.names, ...found.filter(([, name]) => name !== '')]);
  }
}
