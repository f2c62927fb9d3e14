import { describe, expect, it } from 'vitest';
import type { Sighting } from '$lib/ipc/bindings';
import { DAY, gapsOf, shareRunning, shareText, STEPS, stretchesOf, stripOf, stripText, toneOf } from './sightings';

const now = Date.parse('2026-11-24T14:00:00Z');
const HOUR = 3_600_000;
/** A stretch from so many hours ago to so many hours ago. */
const seen = (from: number, until: number, more: Partial<Sighting> = {}): Sighting => ({
  from: new Date(now - from * HOUR).toISOString(), until: new Date(now - until * HOUR).toISOString(), status: 'running', health: 'healthy', beating: true, ...more,
});
const strip = (...sightings: Sighting[]) => stripOf(stretchesOf(sightings, now), now);

describe('a strip of the last day', () => {
  it('has a step for every twenty minutes, and a hole where nobody looked', () => {
    const steps = strip(seen(12, 0));
    expect(steps).toHaveLength(STEPS);
    expect(steps.slice(0, STEPS / 2 - 1).every((step) => step === null)).toBe(true);
    expect(steps.slice(STEPS / 2 + 1).every((step) => step?.tone === 'ok')).toBe(true);
  });

  it('shows the worst that a step holds', () => {
    const steps = strip(seen(2, 1), seen(1, 0.9, { status: 'failed' }), seen(0.9, 0));
    expect(steps.filter((step) => step?.tone === 'bad').length).toBeGreaterThanOrEqual(1);
    expect(steps.at(-1)?.tone).toBe('ok');
  });

  it('shows a single look', () => expect(strip(seen(5, 5)).filter(Boolean).length).toBeGreaterThanOrEqual(1));

  it('leaves out what is older than a day and what can not be read', () => {
    expect(strip(seen(50, 30), { ...seen(3, 2), from: 'nonsense' }).every((step) => step === null)).toBe(true);
  });
});

describe('the tone of a look', () => {
  it('is green only where the heart was seen beating', () => {
    const one = seen(1, 0);
    expect([one, { ...one, beating: null }, { ...one, beating: false }, { ...one, health: 'degraded' }, { ...one, health: 'unhealthy' }].map(toneOf)).toEqual(['ok', 'unknown', 'warn', 'warn', 'bad']);
    expect(toneOf({ ...one, health: 'starting', beating: null })).toBe('busy');
    expect(['failed', 'provisioning', 'deleting', 'hibernating', null].map((status) => toneOf({ ...one, status }))).toEqual(['bad', 'busy', 'busy', 'unknown', 'unknown']);
  });
});

describe('the strip in words', () => {
  it('names the times without a look, also before the first and after the last', () => {
    const gaps = (...sightings: Sighting[]) => gapsOf(stretchesOf(sightings, now), now).map(({ from, until }) => [(now - from) / HOUR, (now - until) / HOUR]);
    expect(gaps(seen(20, 12), seen(6, 1))).toEqual([[24, 20], [12, 6], [1, 0]]);
    expect(gaps(seen(24, 12), seen(11.99, 0))).toEqual([]);
    expect(gaps()).toEqual([]);
  });

  it('counts the time looked at alone, and never rounds up to all of it', () => {
    expect(shareRunning([seen(10, 5), seen(1, 0, { status: 'failed' })], now)).toBeCloseTo(5 / 6);
    expect(shareRunning([], now)).toBeNull();
    expect([shareText(1), shareText(0.99999)]).toEqual(['100', '99.9']);
  });

  it('says that nothing was seen', () => {
    expect(stripText([], [], now)).toBe('Nothing was seen in the last 24 hours');
    expect(stripText([seen(20, 0)], [{ from: now - DAY, until: now - 20 * HOUR }], now)).toMatch(/seen running 100 % of the time looked at; no look between \d\d:\d\d and \d\d:\d\d/);
  });
});
