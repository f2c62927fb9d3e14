/**
 * Which addresses in a reply may be opened, and what a person is told about them. The core's opener decides again.
 * Belongs here: reading addresses. Does not belong here: opening them, fetching anything.
 */
import { hidesSomething, showHidden } from './visible';

/** Longest address the opener takes. */
const ADDRESS_LIMIT = 2048;

/** An address that may be opened, with the host a person is told; or one that is only ever told. */
export type Link = { type: 'open'; url: string; host: string } | { type: 'refuse'; target: string };

/** Reads an address as it stands in a reply. */
export function readLink(address: string): Link {
  const refuse: Link = { type: 'refuse', target: tell(address) };
  if (address.length > ADDRESS_LIMIT || hidesSomething(address)) return refuse;
  if (!/^(https:\/\/|mailto:)/i.test(address)) return refuse;
  const url = parse(address);
  if (url === null) return refuse;
  if (url.protocol === 'mailto:') return { type: 'open', url: url.href, host: tell(url.pathname) };
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.host === '') return refuse;
  return { type: 'open', url: url.href, host: url.host };
}

/** The host an image would have been asked from; null where it names none. */
export function imageHost(address: string): string | null {
  if (address.length > 100 * ADDRESS_LIMIT) return null;
  const host = parse(address)?.host ?? '';
  return host === '' ? null : host;
}

function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

function tell(address: string): string {
  const shown = showHidden(address.slice(0, 200));
  return address.length > 200 ? `${shown}…` : shown;
}
