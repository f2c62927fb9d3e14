import type { AlertRow, AlertsView } from '$lib/ipc/bindings';
import { describe, expect, it, vi } from 'vitest';
import { activeAlerts, Alerts, EVERY, resolvedAlerts, severityOf } from './alerts.svelte';

const alert = (change: Partial<AlertRow> & { id: string }): AlertRow =>
  ({ kind: null, severity: null, title: null, instanceId: null, createdAt: null, acknowledgedAt: null, resolvedAt: null, detail: null, ...change });
const view = (items: AlertRow[]): AlertsView => ({ items, total: items.length, seenAt: '2026-11-24T12:00:00Z' });
const ids = (items: AlertRow[]) => items.map(({ id }) => id);

describe('alerts', () => {
  const items = [
    alert({ id: 'note', severity: 'info' }), alert({ id: 'odd', severity: 'purple' }), alert({ id: 'old', severity: 'critical', createdAt: '2026-11-01T00:00:00Z' }),
    alert({ id: 'new', severity: ' Critical ', createdAt: '2026-11-02T00:00:00Z' }), alert({ id: 'over', severity: 'critical', resolvedAt: '2026-11-03T00:00:00Z' }),
    alert({ id: 'later', resolvedAt: '2026-11-04T00:00:00Z' }),
  ];
  it('show the worst first, then the newest; what is over stands apart', () => {
    expect(ids(activeAlerts(items))).toEqual(['new', 'old', 'odd', 'note']);
    expect(ids(resolvedAlerts(items))).toEqual(['later', 'over']);
  });
  it('with a severity that nobody knows are not called harmless', () => expect(severityOf(alert({ id: 'x', severity: 'purple' }))).toBe('unknown'));
  it('are asked for once a minute, and not while an answer is awaited', async () => {
    const getAlerts = vi.fn(() => Promise.resolve(null));
    const alerts = new Alerts({ getAlerts, getInstance: vi.fn() });
    alerts.tick(0);
    alerts.tick(EVERY);
    await vi.waitFor(() => expect(alerts.loading).toBe(false));
    alerts.tick(EVERY - 1);
    expect(getAlerts).toHaveBeenCalledTimes(1);
    alerts.tick(EVERY);
    expect(getAlerts).toHaveBeenCalledTimes(2);
  });
  it('are gone without a trace where the platform offers none', async () => {
    const alerts = new Alerts({ getAlerts: () => Promise.resolve(null), getInstance: vi.fn() });
    await alerts.load(0);
    expect([alerts.view, alerts.failure, alerts.worst]).toEqual([null, null, null]);
  });
  it('stay as they were known when a later look fails', async () => {
    const answers = [Promise.resolve(view(items)), Promise.reject({ code: { type: 'offline' }, detail: '' })];
    const alerts = new Alerts({ getAlerts: () => answers.shift() ?? Promise.resolve(null), getInstance: vi.fn() });
    await alerts.load(0);
    await alerts.load(1);
    expect([alerts.worst, alerts.failure?.code.type]).toEqual(['critical', 'offline']);
  });
});
