import type { Failure, KeyContext, Profile, SessionView } from '$lib/ipc/bindings';
import { describe, expect, it } from 'vitest';
import { keyOf } from './key';
import { mayDo, mayDoAny, type Rights } from './mayDo';
import { isOperation, NEEDS, OPERATIONS_OF_ACT } from './operations';
import { actText, failureWords, reasonText } from './words';

const KEY: KeyContext = { api_key_id: null, customer_id: null, tenant_id: null, user_id: null, scopes: [], rate_limit_per_minute: null, rate_limit_per_hour: null, needs_reissue: false };
const withScopes = (...scopes: string[]): { key: KeyContext } => ({ key: { ...KEY, scopes } });
const view = (change: Partial<SessionView> = {}): SessionView => ({ profile: null, lock: null, trouble: null, needsCredential: false, keyless: null, denied: [], cache: 'memory', key: null, ...change });
const rights = (change: Partial<SessionView> = {}, refusals: [string, string | null][] = []): Rights => ({ view: view(change), refusals: new Map(refusals) });
const denied = (operation: string) => [{ operation, scope: 'instances:write' }];
const ALL = ['instances:read', 'instances:write', 'instances:delete'];

describe('what a key may do', () => {
  it('is everything as long as nothing is known against it', () => {
    expect(mayDo(rights(), 'delete_instance')).toEqual({ allowed: true });
    expect(mayDo({ view: null }, 'chat')).toEqual({ allowed: true });
  });
  it('is told by its scopes, each act by its own', () => {
    const reader = rights(withScopes('instances:read'));
    expect(mayDo(reader, 'delete_instance')).toEqual({ allowed: false, why: 'scope', scope: 'instances:delete' });
    expect(mayDo(reader, 'chat')).toEqual({ allowed: false, why: 'scope', scope: 'instances:write' });
    expect(mayDo(reader, 'get_usage').allowed).toBe(true);
  });
  it('is not told by scopes in words that are not known: the key has listed instances after all', () => {
    expect(mayDo(rights(withScopes()), 'chat').allowed).toBe(true);
    expect(mayDo(rights(withScopes('agents.full')), 'chat').allowed).toBe(true);
  });
  it.each([['instances:*'], ['*']])('is everything with %s', (scope) => expect(mayDo(rights(withScopes(scope)), 'delete_instance').allowed).toBe(true));
  it('is closed after a 403 where the scopes are not told', () => {
    expect(mayDo(rights({ denied: denied('create_instance') }), 'create_instance')).toEqual({ allowed: false, why: 'refused', scope: 'instances:write' });
    expect(mayDo(rights({ denied: denied('create_instance') }), 'apply_updates').allowed).toBe(true);
  });
  it('stays open after a 403 although it has the scope: a quota or another customer is not the key', () => {
    expect(mayDo(rights({ ...withScopes(...ALL), denied: denied('create_instance') }), 'create_instance').allowed).toBe(true);
  });
  it('does not hold an admin’s act that was refused, scope or not', () => {
    expect(mayDo(rights({ ...withScopes(...ALL), denied: denied('rotate_agent_key') }), 'rotate_agent_key', 'a')).toEqual({ allowed: false, why: 'admin' });
  });
  it('is closed for the one instance that refused, and open for the others', () => {
    const theirs = rights({ denied: denied('delete_instance') }, [['delete_instance theirs', 'Not yours']]);
    expect(mayDo(theirs, 'delete_instance', 'theirs')).toEqual({ allowed: false, why: 'here', says: 'Not yours' });
    expect(mayDo(theirs, 'delete_instance', 'ours').allowed).toBe(true);
    expect(mayDo(theirs, 'chat', 'theirs').allowed).toBe(true);
  });
  it('names the missing scope before anything else', () => {
    expect(mayDo(rights({ ...withScopes('instances:read'), denied: denied('rotate_agent_key') }, [['rotate_agent_key a', null]]), 'rotate_agent_key', 'a')).toMatchObject({ why: 'scope' });
  });
  it('is reading alone while the profile is read-only, whatever the key may do', () => {
    const careful = rights({ ...withScopes(...ALL), profile: { safety: 'readOnly' } as Profile });
    for (const operation of Object.keys(NEEDS).filter(isOperation)) {
      const may = mayDo(careful, operation);
      expect(may.allowed, operation).toBe(NEEDS[operation].scope === 'instances:read');
      if (!may.allowed) expect(may.why).toBe('readOnly');
    }
  });
  it('is reading alone without a key, and says so in words of its own', () => {
    const keyless = rights({ keyless: 'notHere' });
    for (const operation of Object.keys(NEEDS).filter(isOperation)) {
      const may = mayDo(keyless, operation);
      expect(may.allowed, operation).toBe(NEEDS[operation].scope === 'instances:read');
      if (!may.allowed) expect([may.why, reasonText(may)]).toEqual(['noKey', expect.stringContaining('no key')]);
    }
  });
  it('is open as long as one of several ways is', () => {
    const both = ['cleanup_instances', 'delete_instance'] as const;
    expect(mayDoAny(rights(withScopes('instances:read', 'instances:delete')), both).allowed).toBe(true);
    expect(mayDoAny(rights(withScopes('instances:read')), both)).toMatchObject({ allowed: false, scope: 'instances:write' });
    expect(mayDoAny(rights(), []).allowed).toBe(true);
  });
});

it('all twenty operations have a need, and every act of the table is one of them', () => {
  expect(Object.keys(NEEDS)).toHaveLength(20);
  expect(Object.values(OPERATIONS_OF_ACT).flat().every(isOperation)).toBe(true);
  expect(isOperation('toString')).toBe(false);
});

describe('the words', () => {
  it('tell the four reasons apart', () => {
    const said = [
      reasonText({ allowed: false, why: 'scope', scope: 's' }), reasonText({ allowed: false, why: 'admin' }),
      reasonText({ allowed: false, why: 'refused', scope: 's' }), reasonText({ allowed: false, why: 'here', says: 'Not yours' }),
    ];
    expect(new Set(said).size).toBe(4);
    expect(said[3]).toContain('Not yours');
    expect(reasonText({ allowed: true })).toBeNull();
  });
  const refused: Failure = { code: { type: 'notAllowed', operation: 'create_instance', scope: 'instances:write', message: 'Quota exceeded' }, detail: '403' };
  it('do not blame a scope that the key has, and quote the platform', () => {
    const words = failureWords(view(withScopes(...ALL)), refused);
    expect(words.text).toContain('Quota exceeded');
    expect(words.text).not.toContain('lacks');
  });
  it('blame the scope that is missing', () => expect(failureWords(view(withScopes('instances:read')), refused).text).toContain('instances:write'));
  it('say perhaps where nobody knows', () => expect(failureWords(view(), refused).text).toContain('may lack'));
  it('keep the name of an operation that has no word', () => expect([actText('chat'), actText('toString')]).toEqual(['Chat', 'toString']));
});

describe('the key’s own facts', () => {
  const context: KeyContext = { ...KEY, tenant_id: 't', user_id: 'u', scopes: ['instances:read', 'fleet:read'], rate_limit_per_minute: 60, rate_limit_per_hour: null, needs_reissue: true };
  it('are none where the platform does not tell', () => expect([keyOf(null), keyOf(view())]).toEqual([null, null]));
  it('are its rights in order, the rest of its scopes, and its limits', () => {
    expect(keyOf(view({ key: context }))).toEqual({
      tenant: 't', user: 'u', others: ['fleet:read'], perMinute: 60, perHour: null, needsReissue: true,
      rights: [{ scope: 'instances:read', held: true }, { scope: 'instances:write', held: false }, { scope: 'instances:delete', held: false }],
    });
  });
  it('claim no rights from scopes in unknown words', () => expect(keyOf(view(withScopes('agents.full')))).toMatchObject({ rights: [], others: ['agents.full'] }));
});
