/** What a piece of news says, how bad it is, and where it leads. Pure. Names are other people's words: shown, never trusted. */
import type { News, NewsKind } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import type { Tone } from '$lib/parts/Sign.svelte';
import { number } from '$lib/text/number';

type One = (inputs: { name: string }) => string;
type Many = (inputs: { count: string }) => string;

const TITLES: Record<NewsKind, [one: One, many: Many]> = {
  instanceFailed: [m.news_instance_failed_one, m.news_instance_failed_many],
  instanceRecovered: [m.news_instance_recovered_one, m.news_instance_recovered_many],
  instanceUnsteady: [m.news_instance_unsteady_one, m.news_instance_unsteady_many],
  deployDone: [m.news_deploy_done_one, m.news_deploy_done_many],
  deployFailed: [m.news_deploy_failed_one, m.news_deploy_failed_many],
  bulkDone: [() => m.news_bulk_done(), () => m.news_bulk_done()],
  bulkStopped: [() => m.news_bulk_stopped(), () => m.news_bulk_stopped()],
  platformLost: [m.news_platform_lost, () => ''],
  platformFound: [m.news_platform_found, () => ''],
  platformUnsteady: [m.news_platform_unsteady, () => ''],
  keyRefused: [m.news_key_refused, () => ''],
};

const TONES: Record<NewsKind, Tone> = {
  instanceFailed: 'bad', instanceRecovered: 'ok', instanceUnsteady: 'warn', deployDone: 'ok', deployFailed: 'bad', bulkDone: 'ok',
  bulkStopped: 'warn', platformLost: 'bad', platformFound: 'ok', platformUnsteady: 'warn', keyRefused: 'bad',
};

export type NewsFilter = 'all' | 'unread' | 'instances' | 'work' | 'platform';

const FILTERS: Record<NewsKind, NewsFilter> = {
  instanceFailed: 'instances', instanceRecovered: 'instances', instanceUnsteady: 'instances', deployDone: 'work', deployFailed: 'work',
  bulkDone: 'work', bulkStopped: 'work', platformLost: 'platform', platformFound: 'platform', platformUnsteady: 'platform', keyRefused: 'platform',
};

const nameOf = (subject: News['subjects'][number] | undefined) => showHidden(subject?.name.trim() ?? '') || m.news_unnamed();

export const newsTone = (news: News): Tone => TONES[news.kind];

export const isOf = (news: News, filter: NewsFilter): boolean => filter === 'all' || (filter === 'unread' ? !news.read : FILTERS[news.kind] === filter);

export function newsTitle(news: News): string {
  const [one, many] = TITLES[news.kind];
  return (news.count > 1 && many({ count: number(news.count) })) || one({ name: nameOf(news.subjects[0]) });
}

/** The names behind a count; nothing where the title says the one. */
export function newsNames(news: News, most = 3): string {
  if (news.count < 2 || news.kind.startsWith('bulk') || FILTERS[news.kind] === 'platform') return '';
  const names = news.subjects.slice(0, most).map(nameOf);
  const more = news.count - names.length;
  return more > 0 ? m.news_and_more({ names: names.join(', '), count: number(more) }) : names.join(', ');
}

/** Where it leads: to the one, or to all of them. `viewAddress` is that of a saved view, where there is one by that id. */
export function newsAddress(news: News, viewAddress: (id: string) => string | null = () => null): string {
  const one = news.count === 1 ? (news.subjects[0]?.id ?? '') : '';
  switch (FILTERS[news.kind]) {
    case 'instances':
      if (one) return `/instances/${encodeURIComponent(one)}`;
      return (news.view && viewAddress(news.view)) || (news.kind === 'instanceFailed' ? '/instances?status=failed' : '/instances');
    case 'work':
      if (news.kind.startsWith('bulk')) return one ? `/bulk/${encodeURIComponent(one)}` : '/bulk';
      return one ? `/deploys/${encodeURIComponent(one)}` : '/deploys';
    default: return news.kind === 'keyRefused' ? '/settings#profiles' : '/instances';
  }
}

/** News by the day of this computer's clock, in the order they came in. */
export function byDay(items: readonly News[]): { day: string; items: News[] }[] {
  const days: { day: string; items: News[] }[] = [];
  for (const news of items) {
    const day = new Date(news.at).toDateString();
    const last = days.at(-1);
    if (last?.day === day) last.items.push(news);
    else days.push({ day, items: [news] });
  }
  return days;
}
