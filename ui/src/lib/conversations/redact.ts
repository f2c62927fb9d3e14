/**
 * Takes out of a text what could harm somebody when it is passed on: addresses, numbers of people, keys.
 * Belongs here: what is taken out. Pure; every pattern is linear, since the texts are hostile and long.
 * It rather takes too much than too little, and it can not know names: the screen says so.
 */

/** What stands where something was. */
export const REDACTED = '[redacted]';

/** Dates and times are no numbers of a person: they stay, so that a transcript can still be followed. */
const DATE = /(?<![\p{L}\p{Nd}.-])(?:(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-][01]\d:?[0-5]\d)?)?|[0-3]?\d[./][01]?\d[./](?:19|20)\d\d)(?![\p{L}\p{Nd}-])/gu;

/** A whole private key, down to its last line or to the end. */
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
/** `password: hunter2`: the word stays, what it names goes. */
const NAMED = /((?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[ _-]?key|access[ _-]?key|private[ _-]?key|authorization|pin|cvv|cvc)["']?[ \t]{0,3}(?::|=|\bis\b)[ \t]{0,3}["']?)(?:(?:bearer|basic)[ \t]+)?[^\s"',;]+/giu;
const BEARER = /\b((?:bearer|basic)[ \t]+)[A-Za-z0-9._~+/=-]{8,}/gi;
/** Keys that tell by their beginning what they are. */
const PREFIXED = /\b(?:(?:sk|pk|rk|hc|whsec)[_-]|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|npm_|AKIA|ASIA|AIza|ya29\.|eyJ)[A-Za-z0-9._~+/=-]{6,}/g;
/** Long words of letters and digits: hashes, keys, session ids. */
const LONG_WORD = /(?<![A-Za-z0-9_+/=])[A-Za-z0-9_+/]{20,}={0,2}/g;
const EMAIL = /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b/g;
/** Seven digits or more, however they are spaced: phones, cards, account and order numbers, IP addresses. */
const DIGITS = /\+?\(?\p{Nd}(?:[ \u00a0\u202f().\u2010-\u2015/-]{0,3}\p{Nd}){6,}/gu;

function redactBetweenDates(text: string): string {
  return text
    .replace(IBAN, REDACTED)
    .replace(DIGITS, REDACTED);
}

/** The text without what its patterns know. Twice is the same as once. */
export function redact(text: string): string {
  const rest = text
    .replace(PEM, REDACTED)
    .replace(NAMED, `$1${REDACTED}`)
    .replace(BEARER, `$1${REDACTED}`)
    .replace(PREFIXED, REDACTED)
    .replace(EMAIL, REDACTED)
    .replace(LONG_WORD, (word) => (isKeyLike(word) ? REDACTED : word));
  let out = '';
  let from = 0;
  for (const date of rest.matchAll(DATE)) {
    out += redactBetweenDates(rest.slice(from, date.index)) + date[0];
    from = date.index + date[0].length;
  }
  return out + redactBetweenDates(rest.slice(from));
}

/** Letters and digits in one word: a path has slashes and small letters alone, a long name has no digits. */
function isKeyLike(word: string): boolean {
  if (!/\d/.test(word) || !/[A-Za-z]/.test(word)) return false;
  return !word.includes('/') || (/[A-Z]/.test(word) && /[a-z]/.test(word));
}

const SECRET_NAME = /pass|secret|token|api.?key|authorization|credential|private/i;
const TIME_NAME = /(?:_at|At|time|timestamp|date|ts)$/;

/** The same for a JSON value, in all its depth: texts, keys, and numbers as long as a phone's. */
export function redactValue(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return value !== '' && SECRET_NAME.test(name) ? REDACTED : redact(value);
  if (typeof value === 'number') return Math.abs(value) >= 1e6 && !TIME_NAME.test(name) ? REDACTED : value;
  if (Array.isArray(value)) return value.map((entry) => redactValue(entry, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [redact(key), redactValue(entry, key)]));
}
