import { describe, expect, it } from 'vitest';
import type { DiagnosisStep } from '$lib/ipc/bindings';
import { findingText, firstTrouble, repairOf, reportOf, STEPS, stepName, stepSign, stepText, summaryOf } from './diagnosis';

const step = (more: Partial<DiagnosisStep> = {}): DiagnosisStep => ({ step: 'name', result: 'ok', finding: 'resolved', detail: 'api.example → 203.0.113.1', tookMs: 18, failure: null, ...more });
const FINDINGS = ['loopback', 'resolved', 'resolveFailed', 'connected', 'connectFailed', 'certificate', 'answered', 'notOurApi', 'offline', 'accepted', 'refused', 'found',
  'gone', 'notAllowed', 'serverFailed', 'onItsWay', 'failedStatus', 'beating', 'silent', 'noHeartbeat', 'unhealthy', 'healthy', 'healthUnknown', 'channelsOn', 'noChannels', 'channelsUnknown', 'notReached'] as const;

describe('words of the diagnosis', () => {
  it('has a sentence of its own for every finding', () => {
    const sentences = FINDINGS.map(findingText);
    expect(new Set(sentences).size).toBe(FINDINGS.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].+\.$/);
  });

  it('has a name for every step and a word for every result', () => {
    expect(new Set(STEPS.map(stepName)).size).toBe(7);
    expect(new Set((['ok', 'warning', 'failed', 'skipped', 'unknown'] as const).map((result) => stepSign(step({ result, finding: 'notReached' })).label)).size).toBe(5);
  });

  it('tells what is not needed from what was not reached', () => {
    const needless = step({ step: 'tls', result: 'skipped', finding: 'loopback' });
    expect(stepSign(needless).label).not.toBe(stepSign(step({ step: 'tls', result: 'skipped', finding: 'notReached' })).label);
    expect(stepText(needless)).not.toBe(stepText(step({ finding: 'loopback' })));
    expect(summaryOf([step(), needless])).toBe(summaryOf([step()]));
  });
});

describe('the outcome', () => {
  it('is the first step that failed, before the first that only warns', () => {
    const steps = [step(), step({ step: 'key', result: 'warning' }), step({ step: 'agent', result: 'failed', finding: 'silent' })];
    expect(firstTrouble(steps)?.step).toBe('agent');
    expect(summaryOf(steps)).toContain('Agent');
    expect(firstTrouble([step()])).toBeNull();
  });

  it('is not called fine where a step is not known', () => {
    expect(summaryOf([step(), step({ result: 'unknown', finding: 'healthUnknown' })])).not.toBe(summaryOf([step()]));
  });

  it('repairs only what needs it', () => {
    expect(repairOf(step({ finding: 'noChannels' }))).toBeNull();
    expect(repairOf(step({ step: 'channel', result: 'warning', finding: 'noChannels' }))).toBe('channels');
    expect(repairOf(step({ step: 'key', result: 'failed', finding: 'refused' }))).toBe('credential');
    expect(repairOf(step({ result: 'skipped', finding: 'notReached' }))).toBeNull();
  });
});

it('the report is plain text with every step, its time and the technical part once', () => {
  const failure = { code: { type: 'offline' as const }, detail: 'tcp connect error' };
  const text = reportOf([step(), step({ step: 'tls', result: 'failed', finding: 'connectFailed', detail: 'tcp connect error', tookMs: null, failure })], { name: 'Harbour desk', id: 'abc', platform: 'https://api.example', at: '2026-11-24T14:02:11Z' });
  expect(text).toContain('1. Name: fine (18 ms)');
  expect(text).toContain('Harbour desk');
  expect(text.match(/tcp connect error/g)).toHaveLength(1);
});
