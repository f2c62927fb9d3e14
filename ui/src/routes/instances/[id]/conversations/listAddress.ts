/** The list of conversations as an address, and back: how many, and what is searched. Pure. */
import { limitOf, LIMITS, type Limit } from '$lib/stores/conversations.svelte';

export function listOf(address: URLSearchParams): { limit: Limit; query: string } {
  return { limit: limitOf(address.get('limit')), query: address.get('q') ?? '' };
}

/** As short as it can be. */
export function addressOf(instance: string, limit: Limit, query: string): string {
  const address = new URLSearchParams();
  if (query) address.set('q', query);
  if (limit !== LIMITS[0]) address.set('limit', String(limit));
  const text = address.toString();
  return `/instances/${encodeURIComponent(instance)}/conversations${text ? `?${text}` : ''}`;
}

export function readerAddress(instance: string, conversation: string): string {
  return `/instances/${encodeURIComponent(instance)}/conversations/${encodeURIComponent(conversation)}`;
}
