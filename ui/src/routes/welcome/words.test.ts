import type { Code } from '$lib/ipc/bindings';
import { describe, expect, it } from 'vitest';
import { connectWords, hostOf } from './words';

const words = (code: Code, url = 'https://api.example.com/api') => connectWords({ code, detail: 'd' }, url);
const refusals: Code[] = [
  { type: 'offline' }, { type: 'notOurApi', redirect: null }, { type: 'notFound', message: null }, { type: 'credentialRefused' },
  { type: 'notAllowed', operation: 'GET /v1/instances', scope: null, message: null }, { type: 'keystore' }, { type: 'tooManyRequests', retryAfterSeconds: 7 },
];

describe('connecting', () => {
  it('tells every refusal apart', () => expect(new Set(refusals.map((code) => words(code).title)).size).toBe(refusals.length));
  it('names the host that was asked', () => expect(words({ type: 'offline' }).title).toContain('api.example.com'));
  it('puts a bad address at its field', () => {
    expect(words({ type: 'badAddress', problem: 'notSecure' }, 'http://a')).toMatchObject({ field: 'url', title: expect.stringContaining('https://') });
  });
  it('names the scope that lists instances, even when the platform does not', () => expect(words(refusals[4] as Code).text).toContain('instances:read'));
  it('hints at the path prefix where the address is unknown', () => expect(words({ type: 'notFound', message: null }).next).toContain('/api'));
});

it('a half-typed address has no host', () => expect([hostOf('https://'), hostOf('api.exa'), hostOf(' https://a.example:8443/x ')]).toEqual(['', '', 'a.example:8443']));
