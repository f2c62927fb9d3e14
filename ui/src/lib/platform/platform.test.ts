/** Entries, secrets, typed texts and merging: the decisions behind the platform's screens. */
import type { JsonList } from '$lib/config/value';
import { changesOf } from '$lib/platform/changes';
import { has, install, isOn, labelOf, moveTo, nameOf, putBack, removeAt, removedFrom, switched } from '$lib/platform/entries';
import { isSlug, readNumber, readSecret, readText } from '$lib/platform/input';
import { rebase } from '$lib/platform/rebase';
import { agrees, HIDDEN, inexactPaths, isSecret, maskPaths, withoutSecrets, withSecrets } from '$lib/platform/secrets';
import { describe, expect, it } from 'vitest';

const MARK = '__OPENCLAW_REDACTED__';

describe('entries', () => {
  const objects: JsonList = [{ slug: 'notes', version: '1.4', odd: [1, null] }, { slug: 'maps' }];

  it('are named by whatever names them', () => {
    expect([nameOf('a'), nameOf({ name: 'b' }), nameOf({ slug: 'c', x: 1 }), nameOf({ id: 'd' }), nameOf(7), nameOf({ x: 1 })]).toEqual(['a', 'b', 'c', 'd', null, null]);
    expect(labelOf({ x: 1 })).toBe('{"x":1}');
  });

  it('are added in the shape of the others', () => {
    expect(install(['notes'], 'maps')).toEqual(['notes', 'maps']);
    expect(install(objects, 'mail').at(-1)).toEqual({ slug: 'mail' });
    expect(install([], 'mail')).toEqual(['mail']);
    expect(install(['notes', { name: 'x' }], 'mail').at(-1)).toBe('mail');
    expect(install(objects, ' notes ')).toBe(objects);
  });

  it('leave the others untouched, unknown keys and all', () => {
    const next = install(removeAt(objects, 1), 'mail');
    expect(next[0]).toBe(objects[0]);
    expect(has(next, 'maps')).toBe(false);
  });

  it('come back whole, to where they stood', () => {
    const before = ['a', { name: 'b', secretly: 1 }, 'c', 'd'];
    const after = ['a', 'd', 'new'];
    const gone = removedFrom(before, after);
    expect(gone).toEqual([{ name: 'b', secretly: 1 }, 'c']);
    expect(putBack(before, after, gone[0] as never)).toEqual(['a', { name: 'b', secretly: 1 }, 'd', 'new']);
    expect(putBack(before, ['d'], 'a')).toEqual(['a', 'd']);
  });

  it('move, and stay where there is nowhere to go', () => {
    const slugs = ['a', { other: 1 }, 'c'];
    expect(moveTo(slugs, 2, 0)).toEqual(['c', 'a', { other: 1 }]);
    expect(moveTo(slugs, 0, -1)).toBe(slugs);
    expect(moveTo(slugs, 0, 3)).toBe(slugs);
  });

  it('are switched by the key they have, with everything else kept', () => {
    expect(switched({ active: true, token: 'x' }, false)).toEqual({ active: false, token: 'x' });
    expect(switched(undefined, true)).toEqual({ enabled: true });
    expect(switched(true, false)).toBe(false);
    expect(switched('on', false)).toBeUndefined();
    expect([isOn({ enabled: false }), isOn({}), isOn('yes')]).toEqual([false, null, null]);
  });
});

describe('secrets', () => {
  const channel = { enabled: true, bot_token: 'abc', max_tokens: '5', accounts: [{ name: 'a', password: 'one' }, { name: 'b', password: 'two' }], empty_token: '' };

  it('are known by their key, or by their mask', () => {
    expect(isSecret(['telegram', 'bot_token'], 'abc')).toBe(true);
    expect(isSecret(['telegram', 'title'], '***')).toBe(true);
    expect(isSecret(['telegram', 'title'], 'abc')).toBe(false);
    expect(isSecret(['telegram', 'bot_token'], '')).toBe(false);
    expect(isSecret(['api_tokens', 'token', '0'], 'abc')).toBe(true);
  });

  it('are in no shown text, and come back where they were left alone', () => {
    const shown = withoutSecrets(channel);
    expect(JSON.stringify(shown)).not.toMatch(/abc|one|two/);
    expect(withSecrets(shown, channel)).toEqual(channel);
  });

  it('follow their entry through a list, and are never given to another one', () => {
    const [a, b] = (withoutSecrets(channel) as { accounts: [never, never] }).accounts;
    expect(withSecrets([b, a], channel.accounts, ['accounts'])).toEqual([channel.accounts[1], channel.accounts[0]]);
    expect(withSecrets([b], channel.accounts, ['accounts'])).toEqual([channel.accounts[1]]);
    const swappedAndRenamed = [{ name: 'b2', password: HIDDEN }, { name: 'a2', password: HIDDEN }];
    expect(withSecrets(swappedAndRenamed, channel.accounts, ['accounts'])).toEqual(swappedAndRenamed);
    expect(withSecrets([{ name: 'a', password: HIDDEN, port: 1 }, b], channel.accounts, ['accounts'])).toEqual([{ name: 'a', password: 'one', port: 1 }, channel.accounts[1]]);
  });

  it('are not given to another key', () => {
    expect(maskPaths(withSecrets({ moved_token: HIDDEN }, { bot_token: 'abc' }))).toEqual([['moved_token']]);
  });

  it('that are masked are found wherever they stand', () => {
    expect(maskPaths({ a: [{ key: MARK }], b: '***', c: 'fine' })).toEqual([['a', '0', 'key'], ['b']]);
  });

  it('hide no difference but their own', () => {
    expect(agrees({ token: 'new', on: true }, { token: MARK, on: true })).toBe(true);
    expect(agrees({ token: 'new', on: true }, { token: MARK, on: false })).toBe(false);
    expect(agrees({ token: 'new' }, { token: 'old' })).toBe(false);
    expect(agrees({}, { token: MARK })).toBe(false);
  });
});

describe('what is typed', () => {
  it('is a number only when it can be sent as it was typed', () => {
    expect(readNumber(' 4.50 ')).toEqual({ value: 4.5 });
    expect(readNumber('9007199254740993')).toEqual({ trouble: 'inexact' });
    expect(readNumber('four')).toEqual({ trouble: 'notANumber' });
    expect(inexactPaths({ a: [9007199254740994] })).toEqual([['a', '0']]);
  });

  it('is never a mask', () => {
    expect(readSecret('***')).toEqual({ trouble: 'mask' });
    expect(readSecret('s3cret')).toEqual({ value: 's3cret' });
    expect(readText('{"bot_token": "***"}', {})).toEqual({ trouble: 'mask' });
    expect(readText(`{"bot_token": "${HIDDEN}"}`, {})).toEqual({ trouble: 'mask' });
  });

  it('as JSON keeps what was not shown', () => {
    expect(readText(`{"bot_token": "${HIDDEN}", "on": true}`, { bot_token: 'abc', on: false })).toEqual({ value: { bot_token: 'abc', on: true } });
    expect(readText('{"a": 12345678901234567890}', {})).toEqual({ trouble: 'inexact' });
    expect(readText('{"a": 1.0}', {})).toEqual({ value: { a: 1 } });
    expect(readText('{', {})).toEqual({ trouble: 'notJson' });
  });

  it('is a slug by the rule of workflow files', () => {
    expect(['daily-brief', '0_a', 'a'.repeat(100)].every(isSlug)).toBe(true);
    expect(['Weekly', '-a', 'a b', '', 'a'.repeat(101)].some(isSlug)).toBe(false);
  });
});

describe('a field that became another one meanwhile', () => {
  it('merges a map key by key', () => {
    expect(rebase({ a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 1, c: 3 })).toEqual({ value: { a: 2, b: 1, c: 3 }, contested: false });
    expect(rebase({ a: 1 }, { a: 2 }, { a: 3 })).toEqual({ value: { a: 2 }, contested: true });
    expect(rebase({ a: { on: true, x: 1 } }, { a: { on: false, x: 1 } }, { a: { on: true, x: 2 } })).toEqual({ value: { a: { on: false, x: 2 } }, contested: false });
  });

  it('merges a list of named entries by their names', () => {
    expect(rebase(['a', 'b'], ['a', 'b', 'mine'], ['b', 'theirs'])).toEqual({ value: ['b', 'theirs', 'mine'], contested: false });
    expect(rebase(['a', 'b'], ['b'], ['a', 'b', 'c'])).toEqual({ value: ['b', 'c'], contested: false });
  });

  it('asks where order counts, or entries have no names', () => {
    expect(rebase(['a'], ['a', 'b'], ['c', 'a'], true)).toEqual({ value: ['a', 'b'], contested: true });
    expect(rebase([1], [1, 2], [1, 3]).contested).toBe(true);
    expect(rebase('x', 'y', 'z')).toEqual({ value: 'y', contested: true });
  });
});

describe('a diff', () => {
  it('knows entries by their names, wherever they stand', () => {
    const changes = changesOf({ skills: ['a', 'b', { name: 'c', x: 1 }] }, { skills: ['b', { name: 'c', x: 2 }, 'd'] }, new Set());
    expect(changes.map(({ path, kind }) => `${kind} ${path.join('.')}`)).toEqual(['removed skills.a', 'changed skills.c.x', 'added skills.d']);
    expect(changesOf({ skills: ['a', 'b'] }, { skills: ['b', 'a'] }, new Set())).toHaveLength(1);
  });

  it('names entries and shows no secret', () => {
    const before = { skills: ['a', 'b'], channels: { telegram: { bot_token: 'old' } }, workflow_slugs: ['x'] };
    const after = { skills: ['a', 'c'].concat('d'), channels: { telegram: { bot_token: 'new' }, sms: { auth_token: 'deep' } }, workflow_slugs: ['x', 'y'] };
    const changes = changesOf(before, after, new Set(['workflow_slugs']));
    expect(changes.map(({ path, kind }) => `${kind} ${path.join('.')}`)).toEqual(['removed skills.b', 'added skills.c', 'added skills.d', 'changed channels.telegram.bot_token', 'added channels.sms', 'changed workflow_slugs']);
    expect(changes[3]).toMatchObject({ weight: 'secret', before: null, after: null });
    expect(JSON.stringify(changes)).not.toMatch(/"old"|new|deep/);
  });
});
