import type { Code, Failure } from '$lib/ipc/bindings';
import { describe, expect, it } from 'vitest';
import { addressText, asFailure, failureText } from './failure';

/** One of each: a code that is added to the union fails to compile until it is here. */
const every: { [type in Code['type']]: Code & { type: type } } = {
  offline: { type: 'offline' }, locked: { type: 'locked' }, wrongPassphrase: { type: 'wrongPassphrase' }, vaultBroken: { type: 'vaultBroken' },
  readOnly: { type: 'readOnly' }, noKey: { type: 'noKey' }, broken: { type: 'broken' }, declined: { type: 'declined' }, readsOtherwise: { type: 'readsOtherwise', what: 'fields' },
  badCertificate: { type: 'badCertificate', problem: 'expired', host: 'api.example.com', at: '2026-11-20T08:00:00Z' },
  notOurApi: { type: 'notOurApi', redirect: null },
  badAddress: { type: 'badAddress', problem: 'notSecure' },
  credentialRefused: { type: 'credentialRefused' },
  notAllowed: { type: 'notAllowed', operation: 'DELETE /v1/instances/{id}', scope: 'instances:delete', message: null },
  notFound: { type: 'notFound', message: null },
  conflict: { type: 'conflict', message: null },
  invalid: { type: 'invalid', message: null, fields: [] },
  tooManyRequests: { type: 'tooManyRequests', retryAfterSeconds: 66 },
  serverFailed: { type: 'serverFailed', status: 503, message: null },
  unreadable: { type: 'unreadable' },
  mayHaveArrived: { type: 'mayHaveArrived' },
  noSession: { type: 'noSession' },
  storage: { type: 'storage' },
  keystore: { type: 'keystore' },
  deployOpen: { type: 'deployOpen', key: 'k' },
};
const say = (code: Code, detail = '') => failureText({ code, detail });

describe('a failure', () => {
  it.each(Object.values(every))('of code $type says what happened, what it means, and what to do', (code) => {
    const { title, text, next } = say(code);
    for (const part of [title, text, next]) {
      expect(part.length).toBeGreaterThan(5);
      expect(part).not.toMatch(/undefined|null|\{|!/);
    }
  });
  it('has a title of its own for each code', () => {
    expect(new Set(Object.values(every).map((code) => say(code).title)).size).toBe(Object.keys(every).length);
  });
  it('keeps the technical part apart', () => expect(say({ type: 'offline' }, 'tcp connect').detail).toBe('tcp connect'));
  it('names the missing scope', () => expect(say(every.notAllowed).text).toContain('instances:delete'));
  it('says how long to wait', () => expect(say(every.tooManyRequests).next).toContain('1 min 06 s'));
  it('quotes the server, and is not led by its words', () => {
    const words = say({ type: 'conflict', message: ' offline ' });
    expect(words.text).toContain('“offline”');
    expect(words.title).toBe(say(every.conflict).title);
  });
  it('speaks of the agent, in its own words, where it failed within its reply', () => {
    const words = say({ type: 'serverFailed', status: 200, message: 'The model refuses its key' });
    expect(words.text).toBe('The model refuses its key.');
    expect(`${words.title} ${words.next}`).not.toMatch(/platform|200/);
    expect(say({ type: 'serverFailed', status: 200, message: null }).text).not.toContain('null');
  });
  it('says where a redirect points', () => expect(say({ type: 'notOurApi', redirect: '/login' }).text).toContain('/login'));
});

it('each problem of an address has its own words', () => {
  expect(new Set((['notAUrl', 'notSecure', 'userinfo', 'query'] as const).map(addressText)).size).toBe(4);
});

describe('what a call rejected with', () => {
  it('is the failure itself where it is one', () => {
    const failure: Failure = { code: { type: 'conflict', message: null }, detail: '409' };
    expect(asFailure(failure)).toBe(failure);
  });
  it.each([new TypeError('x is undefined'), 'a string', null, { code: 5, detail: '' }])('becomes one where it is %s', (thrown) => {
    expect(asFailure(thrown).code.type).toBe('unreadable');
  });
  it('keeps the words of an accident as its detail', () => expect(asFailure(new TypeError('boom')).detail).toBe('TypeError: boom'));
});
