/** Names of keys: what they tell a person, and whether they name a secret. Pure. */

const ACRONYMS = new Set(
  'acp ai api cdp cli cpu csp css db dm dns gpu html http https id ids io ip json jwt llm mcp mime oauth oidc os pdf png qr ram rpc sdk sms sql ssh ssl ssrf stt tls ttl tts ui uri url urls utc uuid vm vnc xml yaml'
    .split(' '),
);
const UNITS = new Map([
  ['ms', '(ms)'], ['mb', '(MB)'], ['kb', '(KB)'], ['px', '(px)'], ['usd', '(USD)'], ['sec', '(seconds)'],
]);

/** `maxRetryDelayMs` → `Max retry delay (ms)`; `web_chat` → `Web chat`; what is no name of that kind stays as it is. */
export function readableKey(key: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(key)) return key;
  const even = key.replace(/([A-Z])([A-Z]+)s(?![a-z])/g, (_, first: string, rest: string) => `${first}${rest.toLowerCase()}s`);
  const words = even.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2').split(/[\s_-]+/).filter(Boolean);
  const shown = words.map((word, at) => {
    const small = word.toLowerCase();
    if (ACRONYMS.has(small)) return small === 'ids' ? 'IDs' : small === 'urls' ? 'URLs' : small === 'oauth' ? 'OAuth' : small.toUpperCase();
    return (at > 0 && at === words.length - 1 && UNITS.get(small)) || small;
  });
  const text = shown.join(' ');
  return text === '' ? key : text[0]?.toUpperCase() + text.slice(1);
}

/** The core hides values by the same endings (`config/show.rs`); keep both alike. */
const SECRET_ENDINGS = [
  'apikey', 'token', 'password', 'passphrase', 'secret', 'privatekey', 'credential', 'agentkey', 'encryptionkey',
  'credentials', 'passwd', 'secretkey', 'accesskey', 'signingkey',
];

/** Whether a key's name says that its text is a secret. A count of tokens is none. */
export function namesSecret(key: string): boolean {
  const bare = key.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  return bare === 'authorization' || SECRET_ENDINGS.some((ending) => bare.endsWith(ending));
}
