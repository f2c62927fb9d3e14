/**
 * A filter of the log as an address, and back. Pure. Belongs here: the words of the address.
 * Does not belong here: navigating (the screen).
 */
import type { LogQuery } from '$lib/ipc/bindings';
import { EVERYTHING } from '$lib/stores/logs.svelte';

/** `?q=disk&regex=1&level=error&level=warning&stage=securing&changes=0`. Unknown words are ignored. */
export function queryOf(words: URLSearchParams): LogQuery {
  return { text: words.get('q') ?? '', regex: words.get('regex') === '1', levels: words.getAll('level'), stages: words.getAll('stage'), withChanges: words.get('changes') !== '0' };
}

/** What comes behind the path; empty for everything. */
export function wordsOf(query: LogQuery): string {
  const words = new URLSearchParams();
  if (query.text !== '') words.set('q', query.text);
  if (query.regex) words.set('regex', '1');
  for (const level of query.levels) words.append('level', level);
  for (const stage of query.stages) words.append('stage', stage);
  if (!query.withChanges) words.set('changes', '0');
  const text = words.toString();
  return text === '' ? '' : `?${text}`;
}

/** Whether lines are left out. */
export function isFiltered(query: LogQuery): boolean {
  return query.text !== '' || query.levels.length > 0 || query.stages.length > 0;
}

/** The same without its filter. */
export function unfiltered(query: LogQuery): LogQuery {
  return { ...EVERYTHING, withChanges: query.withChanges };
}
