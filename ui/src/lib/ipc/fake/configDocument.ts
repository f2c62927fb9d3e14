/** The documents that the fake server of configurations begins with. */
import { readJson } from '$lib/config/read';
import type { Json } from '$lib/config/value';

const MASK = '__OPENCLAW_REDACTED__';
const model = (id: string, name: string, input: number, output: number) => ({ id, name, reasoning: id.includes('large'), input: ['text', 'image'], cost: { input, output, cacheRead: input / 10, cacheWrite: input * 1.25 }, contextWindow: 200_000, maxTokens: 64_000 });

const openclaw = (name: string) => ({
  meta: { lastTouchedVersion: '2026.9.6' },
  env: { shellEnv: { enabled: false, timeoutMs: 15000 }, vars: { TZ: 'Europe/Berlin', LANG: 'en_US.UTF-8' } },
  logging: { level: 'info', file: '/var/log/openclaw/openclaw.log', consoleLevel: 'warn', consoleStyle: 'compact', redactSensitive: 'tools', redactPatterns: ['hc_live_[a-z0-9]+', 'sk-[A-Za-z0-9]+'] },
  update: { channel: 'stable', checkOnStart: false },
  browser: { enabled: true, headless: true, noSandbox: false, color: '#2f6f6a', profiles: { agent: { cdpPort: 18800, color: '#2f6f6a' }, research: { cdpPort: 18801, color: '#8a5a12' } } },
  ui: { seamColor: '#2f6f6a', assistant: { name, avatar: 'avatar.png' } },
  auth: { order: { default: ['platform', 'fallback'] }, profiles: { platform: { provider: 'platform', mode: 'api_key' }, fallback: { provider: 'openrouter', mode: 'api_key' } } },
  models: {
    mode: 'merge',
    providers: {
      platform: { baseUrl: 'https://models.northwind.example/v1', apiKey: MASK, api: 'openai-completions', headers: { 'X-Tenant': 'northwind' }, models: [model('sonnet-large', 'Sonnet Large', 3, 15), model('sonnet-small', 'Sonnet Small', 0.8, 4)] },
      openrouter: { baseUrl: 'https://router.northwind.example/api/v1', apiKey: '${OPENROUTER_KEY}', api: 'openai-completions', models: [model('mistral-medium', 'Mistral Medium', 0.4, 2)] },
    },
  },
  agents: {
    defaults: {
      model: { primary: 'platform/sonnet-large', fallbacks: ['platform/sonnet-small'] }, workspace: '/var/lib/openclaw/workspace', userTimezone: 'Europe/Berlin', timeFormat: '24',
      heartbeat: { every: '0m', target: 'last', prompt: 'Read HEARTBEAT.md if it exists and follow it.\nOtherwise answer HEARTBEAT_OK.' },
      thinkingDefault: 'low', maxConcurrent: 2, timeoutSeconds: 600,
    },
    list: [{ id: 'main', default: true, name, identity: { name, emoji: '' } }, { id: 'research', name: 'Research', model: 'platform/sonnet-large' }],
  },
  tools: { profile: 'messaging', alsoAllow: ['web_search', 'web_fetch'], deny: ['process'], exec: { mode: 'deny', host: 'sandbox', timeoutSec: 1800 }, web: { search: { enabled: true, provider: 'brave', apiKey: MASK, maxResults: 5 } } },
  messages: { responsePrefix: '', ackReactionScope: 'group-mentions', queue: { mode: 'collect', debounceMs: 1000, cap: 20 } },
  commands: { native: 'auto', text: true, bash: false, restart: true },
  session: { scope: 'per-sender', dmScope: 'per-channel-peer', idleMinutes: 240, resetTriggers: ['/new', '/reset'], reset: { mode: 'daily', atHour: 4 } },
  channels: {
    defaults: { groupPolicy: 'allowlist' },
    telegram: { enabled: true, botToken: MASK, dmPolicy: 'pairing', allowFrom: ['+491700000001', '12345678901234567890'], groups: { '-1001': { requireMention: true } } },
    whatsapp: { enabled: false, dmPolicy: 'allowlist', allowFrom: [] },
    web_chat: { enabled: true, title: `Ask ${name}` },
  },
  gateway: { port: 18789, mode: 'local', bind: 'loopback', auth: { mode: 'token', token: MASK }, http: { endpoints: { chatCompletions: { enabled: true } } } },
  skills: { entries: { calendar: { enabled: true }, weather: { enabled: true }, mail: { enabled: false } } },
  cron: { enabled: true, maxConcurrentRuns: 2 },
  limits: { maxCostPerDayUsd: 12.5, accountId: 'EXACT' },
});

export function document(name: string, runtime: string | null): Json {
  if (runtime === 'hermes') return readJson(JSON.stringify({ agent: { name, persona: 'Calm and exact.', max_turns: 40 }, session: { idleMinutes: 60 }, providers: { main: { base_url: 'https://models.northwind.example/v1', api_key: '***' }, spare: { base_url: 'https://spare.northwind.example/v1', api_key: '***' } }, skills: ['calendar', 'mail'], budget: { daily_usd: 4.5 } }));
  // A number that JavaScript can not hold: JSON.stringify would round it.
  return readJson(JSON.stringify(openclaw(name)).replace('"EXACT"', '9007199254740993'));
}

/** Two megabytes and ten thousand places. */
export function largeDocument(name: string): Json {
  const accounts = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`account-${index}`, { name: `Desk ${index}`, enabled: index % 3 !== 0, botToken: MASK, dmPolicy: 'pairing', description: `Line ${index}. `.repeat(70) }]));
  const first = openclaw(name);
  return readJson(JSON.stringify({ ...first, limits: {}, channels: { ...first.channels, telegram: { ...first.channels.telegram, accounts } } }));
}
