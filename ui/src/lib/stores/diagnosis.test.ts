import { expect, it } from 'vitest';
import type { DiagnosisStep, DiagnosisStepName } from '$lib/ipc/bindings';
import { Diagnosis } from './diagnosis.svelte';

const settled = async () => { for (let i = 0; i < 5; i += 1) await Promise.resolve(); };
const step = (name: DiagnosisStepName, result: DiagnosisStep['result'] = 'ok'): DiagnosisStep => ({ step: name, result, finding: 'resolved', detail: '', tookMs: 4, failure: null });

/** A core that walks when the test says so. */
class SlowCore {
  walks: { onStep: (step: DiagnosisStep) => void; end: (steps: DiagnosisStep[]) => void; refuse: (thrown: unknown) => void }[] = [];
  diagnoseInstance = (_: string, onStep: (step: DiagnosisStep) => void) =>
    new Promise<DiagnosisStep[]>((end, refuse) => { this.walks.push({ onStep, end, refuse }); });
}

function open() {
  const core = new SlowCore();
  return { core, diagnosis: new Diagnosis(core, 'a') };
}

it('shows each step as it comes, and the whole at the end', async () => {
  const { core, diagnosis } = open();
  void diagnosis.run(() => 7);
  core.walks[0]?.onStep(step('name'));
  expect(diagnosis).toMatchObject({ running: true, startedAt: 7 });
  expect(diagnosis.steps.map((one) => one.step)).toEqual(['name']);
  core.walks[0]?.end([step('name'), step('tls', 'failed')]);
  await settled();
  expect(diagnosis).toMatchObject({ running: false, doneAt: 7 });
  expect(diagnosis.steps).toHaveLength(2);
});

it('a step that comes twice stays one', () => {
  const { core, diagnosis } = open();
  void diagnosis.run();
  core.walks[0]?.onStep(step('name', 'unknown'));
  core.walks[0]?.onStep(step('name'));
  expect(diagnosis.steps.map((one) => one.result)).toEqual(['ok']);
});

it('walks once at a time, and again from the beginning', async () => {
  const { core, diagnosis } = open();
  void diagnosis.run();
  void diagnosis.run();
  expect(core.walks).toHaveLength(1);
  core.walks[0]?.end([step('name')]);
  await settled();
  void diagnosis.run();
  expect(diagnosis.steps).toEqual([]);
});

it('keeps the steps it has when the walk breaks off', async () => {
  const { core, diagnosis } = open();
  void diagnosis.run();
  core.walks[0]?.onStep(step('name'));
  core.walks[0]?.refuse({ code: { type: 'noSession' }, detail: '' });
  await settled();
  expect(diagnosis).toMatchObject({ running: false, failure: { code: { type: 'noSession' } } });
  expect(diagnosis.steps).toHaveLength(1);
});

it('what comes after it was left is dropped', async () => {
  const { core, diagnosis } = open();
  void diagnosis.run();
  diagnosis.leave();
  core.walks[0]?.onStep(step('name'));
  core.walks[0]?.end([step('name')]);
  await settled();
  expect(diagnosis.steps).toEqual([]);
});
