/**
 * What to do with a link that the system handed over: nothing in it is trusted. Pure. A link leads to a screen, at most of
 * a profile of this computer by its id; one that names a platform or carries a key is refused, whatever else it says.
 */
import { redact } from '$lib/logs/redact';
import { LONGEST_LINK, readLink } from './link';

export type HandedLink =
  | { kind: 'refused'; why: 'place' | 'secret' }
  | { kind: 'unknown' }
  | { kind: 'screen'; address: string; instance: string | null; /** Of this computer, by its id; null: whichever is open. */ profile: string | null };

const PLACES = /^(base|base-?_?url|url|uri|host|server|origin|endpoint|proxy|address)$/i;
const SECRETS = /^(key|api-?_?key|token|access-?_?token|secret|password|passphrase|authorization|auth|bearer|credential)$/i;

/** The text as it stands and as it reads without escapes, however often those are escaped. */
function readings(text: string): string[] {
  const all = [text];
  for (let times = 0; times < 4; times += 1) {
    const last = all.at(-1) ?? '';
    let next: string;
    try {
      next = decodeURIComponent(last.replaceAll('+', ' '));
    } catch {
      break;
    }
    if (next === last) break;
    all.push(next);
  }
  return all;
}

export function readHandedLink(text: string): HandedLink {
  const handed = text.trim();
  if (handed.length > LONGEST_LINK || !/^nineheads:\/\//i.test(handed)) return { kind: 'unknown' };
  const rest = handed.slice('nineheads://'.length);
  const names = [...new URLSearchParams(rest.replace(/^[^?#]*[?#]?/, '').replaceAll('#', '&')).keys()].map((name) => name.trim());
  const read = readings(rest);
  // A customer’s address is a fair thing to filter by: without its sign it is no longer taken for a key.
  if (names.some((name) => SECRETS.test(name)) || read.some((one) => redact(one.replaceAll('@', ' ')) !== one.replaceAll('@', ' '))) return { kind: 'refused', why: 'secret' };
  if (names.some((name) => PLACES.test(name)) || read.some((one) => /[a-z][a-z0-9+.-]*:\/\//i.test(one)) || /^[^/?#]*[@:]/.test(rest)) return { kind: 'refused', why: 'place' };
  const link = readLink(handed);
  if (link.kind !== 'screen') return { kind: 'unknown' };
  const [path = '', behind = ''] = link.address.split('#')[0]?.split('?') ?? [];
  const carried = new URLSearchParams(behind);
  const profile = carried.get('profile');
  carried.delete('profile');
  const search = carried.toString();
  return { kind: 'screen', address: path + (search && `?${search}`) + (/#.*/.exec(link.address)?.[0] ?? ''), instance: link.instance, profile };
}

export type Step = { ask: 'switch'; profile: string } | { ask: 'elsewhere' } | { ask: null };

/** What a person is asked before a link is followed, if anything. A profile that this computer does not have says nothing. */
export function nextStep(link: Extract<HandedLink, { kind: 'screen' }>, here: string | null, profiles: readonly string[], knows: boolean): Step {
  if (link.profile !== null && link.profile !== here && profiles.includes(link.profile)) return { ask: 'switch', profile: link.profile };
  return { ask: link.instance !== null && !knows ? 'elsewhere' : null };
}

/** The link to a screen, of a profile where the screen is one's own. */
export function linkTo(path: string, profile: string | null): string {
  return `nineheads://${path.replace(/^\//, '')}${profile ? `?profile=${encodeURIComponent(profile)}` : ''}`;
}
