import { describe, expect, it } from 'vitest';
import { recognise } from '$lib/signatures/signatures';
import { nextStep } from './nextStep';
import type { VerdictKind } from './verdict';

const step = (kind: VerdictKind, text: string | null = null, more: { problem?: boolean; neverReported?: boolean; mayAsk?: boolean; real?: boolean } = {}) =>
  nextStep({ kind, recognised: recognise([text]), problem: text !== null, neverReported: false, mayAsk: true, ...more });

describe('the next step', () => {
  it('is nothing where all is well', () => expect(['answering', 'gone', 'deleting'].map((kind) => step(kind as VerdictKind))).toEqual([null, null, null]));

  it('proves what runs by asking it', () => expect(step('running')?.acts).toEqual(['chat']));

  it('is what a known error asks for', () => {
    expect(step('unwell', 'ENOSPC')).toMatchObject({ tone: 'bad', acts: ['logs', 'diagnose'] });
    expect(step('failed', 'models.providers.default has no key')).toMatchObject({ acts: ['config', 'logs', 'delete'] });
    expect(step('ailing', 'memory_high')).toMatchObject({ tone: 'warn' });
  });

  it('does not act on errors of long ago', () => expect(step('notKnown', 'ENOSPC')?.acts).toEqual(['refresh', 'diagnose']));

  it('offers no look where there is no key to ask with', () => {
    expect(step('notKnown', null, { mayAsk: false })?.acts).toEqual([]);
    expect(step('silent', null, { mayAsk: false })?.acts).toEqual(['chat', 'logs']);
    expect(step('wasRunning', null, { mayAsk: false })?.what).not.toBe(step('wasRunning')?.what);
  });

  it('rotates the key of an agent that has never reported', () => expect(step('noHeartbeat', null, { neverReported: true })?.acts[0]).toBe('rotateKey'));

  it('reads the log of what failed, and deletes it', () => expect(step('failed', 'nobody knows this')?.acts).toEqual(['logs', 'delete']));

  it('leaves an agent that is being started alone, until that takes too long', () => {
    expect(step('starting', 'ENOSPC', { neverReported: true })).toMatchObject({ tone: 'info', acts: ['logs'] });
    expect(step('starting')?.why).not.toContain('on this computer');
    expect(step('starting', null, { real: true })?.why).toContain('on this computer');
    expect(step('startingLate')).toMatchObject({ tone: 'warn', acts: ['logs', 'diagnose'] });
  });

  it('starts again what was given up, and says what is known of why', () => {
    expect(step('givenUp', 'keeps_ending: it ended', { neverReported: true })).toMatchObject({ tone: 'bad', acts: ['startAgain', 'logs'] });
    expect(step('givenUp', 'ENOSPC')?.why).toBe(step('unwell', 'ENOSPC')?.why);
  });

  it('diagnoses what fell silent', () => expect(step('silent')?.acts[0]).toBe('diagnose'));
});
