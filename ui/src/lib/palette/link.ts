/**
 * What a pasted link leads to: an address of this app, or nothing it knows. Pure. Nothing in a link is done, and a link
 * carries neither a platform nor a key: those of another platform are refused by having no place for one.
 */
import { hidesSomething } from '$lib/markdown/visible';

export type PastedLink =
  | { kind: 'none' }
  /** It is meant for this app, and leads nowhere here. */
  | { kind: 'unknown' }
  | { kind: 'screen'; address: string; /** Of a link to an instance. */ instance: string | null };

const SCHEME = 'nineheads://';
/** Nothing longer is read; nothing else that is typed comes near it. */
export const LONGEST_LINK = 8_000;
const SCREENS = [
  /^\/(instances|deploys|deploy|deploy\/this-computer|usage|inbox|activity|cleanup|compare|settings|welcome)$/,
  /^\/deploys\/[^/]+$/,
];
const INSTANCE = /^\/instances\/([^/]+)(\/(chat|logs|config|platform|models|conversations|conversations\/[^/]+|usage))?$/;

export function readLink(text: string): PastedLink {
  const pasted = text.trim();
  const ours = pasted.toLowerCase().startsWith(SCHEME);
  // A path alone is an address where it is a known one; otherwise somebody searches for a slash.
  if (!ours && !pasted.startsWith('/')) return { kind: 'none' };
  const nothing: PastedLink = ours ? { kind: 'unknown' } : { kind: 'none' };
  if (pasted.length > LONGEST_LINK || hidesSomething(pasted)) return nothing;
  // A view that was passed on is the fleet, looked at in its way.
  const path = ours ? `/${pasted.slice(SCHEME.length)}`.replace(/^\/view\/?(?=\?|$)/, '/instances') : pasted;
  // `//host` would be another place than this app; `@` and `:` before the first slash name a user or a port.
  if (path.startsWith('//') || /^\/[^/?#]*[@:]/.test(path)) return nothing;
  const url = new URL(path, 'app://here');
  // Dots that lead elsewhere than the text says are no address.
  const screen = path.split(/[?#]/)[0]?.replace(/\/$/, '') ?? '';
  if (url.host !== 'here' || url.pathname.replace(/\/$/, '') !== screen) return nothing;
  const instance = INSTANCE.exec(screen)?.[1] ?? null;
  if (instance === null && !SCREENS.some((known) => known.test(screen))) return nothing;
  try {
    return { kind: 'screen', address: screen + url.search + url.hash, instance: instance === null ? null : decodeURIComponent(instance) };
  } catch {
    return nothing;
  }
}
