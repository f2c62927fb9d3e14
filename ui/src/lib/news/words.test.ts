import type { News } from '$lib/ipc/bindings';
import { describe, expect, test } from 'vitest';
import { byDay, isOf, newsAddress, newsNames, newsTitle } from './words';

const news = (change: Partial<News>): News => ({ id: '1', kind: 'instanceFailed', count: 1, subjects: [{ id: 'a/b', name: 'Front desk' }], view: null, at: '2026-11-30T10:00:00Z', read: false, ...change });
const many = news({ count: 10, subjects: [{ id: 'a', name: 'A' }, { id: 'b', name: '' }, { id: 'c', name: 'C' }] });

describe('a piece of news', () => {
  test('says what changed, of one by its name and of many by their number', () => {
    expect(newsTitle(news({}))).toBe('Front desk failed');
    expect(newsTitle(many)).toBe('10 instances failed');
    expect(newsNames(many)).toBe('A, An agent without a name, C and 7 more');
    expect(newsNames(news({}))).toBe('');
  });

  test('leads to the one, to all of them, or to the view by whose rule it is told', () => {
    expect(newsAddress(news({}))).toBe('/instances/a%2Fb');
    expect(newsAddress(many)).toBe('/instances?status=failed');
    expect(newsAddress({ ...many, view: 'vip' }, (id) => `/instances?q=${id}`)).toBe('/instances?q=vip');
    expect(newsAddress({ ...many, view: 'gone' }, () => null)).toBe('/instances?status=failed');
    expect(newsAddress(news({ kind: 'bulkStopped', subjects: [{ id: 'job', name: '' }] }))).toBe('/bulk/job');
    expect(newsAddress(news({ kind: 'deployDone', subjects: [{ id: 'key', name: 'New' }] }))).toBe('/deploys/key');
  });

  test('is found by its kind, and lies with those of its day', () => {
    expect(isOf(news({}), 'instances')).toBe(true);
    expect(isOf(news({ read: true }), 'unread')).toBe(false);
    const days = byDay([news({ at: '2026-11-30T12:00:00Z' }), news({}), news({ at: '2026-11-20T12:00:00Z' })]);
    expect(days.map(({ items }) => items.length)).toEqual([2, 1]);
  });
});
