/** An inbox in memory. Belongs here: the core's order and what marking does. */
import type { Inbox, News, NewsWishes } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

type Calls = 'getInbox' | 'markNews' | 'clearNews' | 'getNewsWishes' | 'setNewsRules' | 'setViewRule' | 'showNotification' | 'takeLink';

export function fakeNews(core: FakeCore, longNames: boolean): Pick<Ipc, Calls> {
  const name = longNames ? 'Donaudampfschifffahrtsgesellschaftskapitän und Söhne, Empfang und Buchungen' : 'Front desk';
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  let items: News[] = [
    { id: '000000000002', kind: 'instanceRecovered', count: 1, subjects: [{ id: 'inst-1', name }], view: null, at: at(4), read: false },
    { id: '000000000001', kind: 'instanceFailed', count: 10, subjects: [{ id: 'inst-1', name }, { id: 'inst-2', name: 'Night desk' }], view: null, at: at(1500), read: true },
  ];
  let wishes: NewsWishes = { rules: { failures: true, recoveries: true, deploys: true, bulk: true, connection: true, quiet: [] }, views: {} };
  const inbox = (): Inbox => ({ items, unread: items.filter(({ read }) => !read).length });
  const told = (): Inbox => {
    core.announce({ type: 'newsCame', news: null, telling: 'inbox', unread: inbox().unread });
    return inbox();
  };

  return {
    getInbox: () => core.answer(inbox, true),
    markNews: (ids, read) => core.answer(() => {
      items = items.map((news) => (ids === null || ids.includes(news.id) ? { ...news, read } : news));
      return told();
    }, true),
    clearNews: () => core.answer(() => {
      items = [];
      return told();
    }, true),
    getNewsWishes: () => core.answer(() => wishes),
    setNewsRules: (rules) => core.answer(() => (wishes = { ...wishes, rules })),
    setViewRule: (view, rule) => core.answer(() => {
      const others = Object.entries(wishes.views).filter(([id]) => id !== view);
      return (wishes = { ...wishes, views: Object.fromEntries(rule === null ? others : [...others, [view, rule]]) });
    }),
    showNotification: () => Promise.resolve(),
    takeLink: () => Promise.resolve(null),
  };
}
