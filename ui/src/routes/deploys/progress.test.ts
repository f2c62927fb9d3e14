import { describe, expect, it } from 'vitest';
import type { Deploy } from '$lib/ipc/bindings';
import { elapsedMs, stepsOf } from './progress';

const T0 = Date.parse('2026-01-01T00:00:00Z');
const time = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();
const deploy = (more: Partial<Deploy>): Deploy => ({
  key: 'k', state: 'accepted', request: { region_id: 'r', tier_id: 't' }, confirmedAt: time(0), sentAt: time(0), settledAt: null,
  taskId: 'task', instanceId: null, hostname: null, status: null, provisioningStage: null, bootstrapStage: null,
  bootstrapSeq: null, stages: [], logCount: 0, errorMessage: null, failure: null, typicalSeconds: null, ...more,
});
const states = (one: Deploy, seconds: number) => stepsOf(one, T0 + seconds * 1000).map(({ stage, state }) => `${stage} ${state}`);

describe('steps', () => {
  it('waits to be accepted while the request is being sent', () => {
    expect(states(deploy({ state: 'sent', taskId: null }), 1)[0]).toBe('accepted now');
  });

  it('waits for a server once it was accepted', () => {
    expect(states(deploy({}), 3)).toEqual(
      ['accepted done', 'created now', 'installing todo', 'configuring todo', 'securing todo', 'ready todo']);
  });

  it('says what each stage took and how long the present one has run', () => {
    const one = deploy({
      instanceId: 'i', bootstrapStage: 'configuring',
      stages: [{ stage: 'installing', at: time(22) }, { stage: 'configuring', at: time(53) }],
    });
    const steps = stepsOf(one, T0 + 66_000);
    expect(steps.map(({ tookMs }) => tookMs)).toEqual([null, 22_000, 31_000, 13_000, null, null]);
    expect(steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'now', 'todo', 'todo']);
  });

  it('counts a stage nobody saw begin as passed', () => {
    const one = deploy({ instanceId: 'i', bootstrapStage: 'securing', stages: [{ stage: 'securing', at: time(40) }] });
    expect(states(one, 50)).toContain('configuring done');
    expect(states(one, 50)).toContain('securing now');
  });

  it('shows a stage that it does not know where it was seen', () => {
    const one = deploy({ instanceId: 'i', stages: [{ stage: 'installing', at: time(10) }, { stage: 'warming', at: time(20) }] });
    expect(states(one, 25).slice(2, 5)).toEqual(['installing done', 'warming now', 'configuring todo']);
  });

  it('ends with every step done', () => {
    const one = deploy({ state: 'ready', settledAt: time(100), stages: [{ stage: 'installing', at: time(10) }] });
    expect(stepsOf(one, T0 + 500_000).every(({ state }) => state === 'done')).toBe(true);
    expect(elapsedMs(one, T0 + 500_000)).toBe(100_000);
  });

  it('marks the stage at which it failed', () => {
    const one = deploy({ state: 'failed', settledAt: time(60), instanceId: 'i', stages: [{ stage: 'configuring', at: time(30) }] });
    expect(states(one, 90)).toContain('configuring failed');
    expect(states(one, 90)).toContain('securing todo');
  });

  it('guesses how far a step is only where earlier deploys tell', () => {
    const stages = [{ stage: 'installing', at: time(10) }];
    const now = T0 + 20_000;
    const part = (one: Deploy) => stepsOf(one, now).find(({ state }) => state === 'now')?.part;
    expect(part(deploy({ instanceId: 'i', stages }))).toBeNull();
    expect(part(deploy({ instanceId: 'i', stages, typicalSeconds: 100 }))).toBeCloseTo(10 / 30);
    expect(part(deploy({ instanceId: 'i', stages, typicalSeconds: 5 }))).toBeNull();
  });
});
