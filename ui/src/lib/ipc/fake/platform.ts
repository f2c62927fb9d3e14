/**
 * What a platform keeps about its instances, and the models it offers. Trouble on demand, by a word in what is sent: "lost" (nobody
 * knows whether it arrived; it did), "dropped" (it did not), "forbidden" (403), "broken" (500), "ignored" (reads back otherwise),
 * "stored" (a policy that does not reach the agent).
 * In a browser `?platform=bare|masked|forbidden|unknown` asks for another instance.
 */
import type { Code, Failure, ModelOffer, ModelPolicyView, PlatformConfig, PlatformConfigSaved, PolicyPushed, Seen } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';
import { makeWorld } from './world';

export interface FakePlatformOptions { server?: 'bare' | 'masked' | 'forbidden' | 'unknown' | null }

type Fields = Record<string, unknown>;
type PlatformIpc = Pick<Ipc, 'getPlatformConfig' | 'patchPlatformConfig' | 'getSkillUse' | 'getModelPolicy' | 'updateModelPolicy' | 'listModels'>;
interface Server { config: Fields; policy: Fields | null; agent: Fields | null; seenAt: string }

const refuse = (code: Code, detail: string): never => {
  throw { code, detail } satisfies Failure;
};

function asked(): FakePlatformOptions {
  const word = typeof location === 'undefined' ? null : new URLSearchParams(location.search).get('platform');
  return { server: word === 'bare' || word === 'masked' || word === 'forbidden' || word === 'unknown' ? word : null };
}

const SKILLS = ['calendar', 'notes', 'reminders', 'web-search', 'summaries', 'email-drafts', 'contacts', 'maps', 'translate', 'pdf-reader', 'invoices', 'bookings'];

function firstConfig(index: number, masked: boolean, long: boolean): Fields {
  const skills: unknown[] = SKILLS.filter((_, at) => (at * 7 + index * 3) % 5 < 2);
  if (long) skills.push('a-skill-whose-name-was-generated-from-the-whole-title-of-its-first-document-and-then-never-shortened-by-anybody');
  return {
    skills: index % 3 === 2 ? skills.map((name) => ({ slug: name, version: '1.4.0' })) : skills,
    integrations: [
      { name: 'google-calendar', status: 'connected', account: 'desk@northwind.example', connected_at: '2026-09-02T08:14:00Z' },
      { name: 'stripe', status: 'needs_attention', mode: 'live', api_key: masked ? '***' : 'stripe-key-of-the-desk' },
      'slack',
    ],
    channels: {
      web_chat: { enabled: true, title: 'Ask us', greeting: 'Hello, how can I help?' },
      telegram: { enabled: true, bot_token: masked ? '__OPENCLAW_REDACTED__' : 'telegram-token-of-the-desk', bot_username: 'northwind_desk_bot', retry: { attempts: 4, backoff_ms: 1500 } },
      email: { enabled: false, address: 'desk@northwind.example' },
      matrix: { enabled: true, homeserver: 'https://matrix.northwind.example', rooms: ['#desk', '#night'] },
    },
    recipe_id: 'front-desk',
    workflow_slugs: ['daily-brief', 'Weekly Report', 'follow-up_calls'],
    advanced: { auto_restart: true, debug_logging: false, daily_summary: true, max_parallel_tasks: 4, timezone: 'Europe/Vienna', quiet_hours: { from: '22:00', to: '06:30' } },
    billing_label: 'desk',
  };
}

const bareConfig = (): Fields => ({ skills: [], integrations: [], channels: {}, recipe_id: null, workflow_slugs: [], advanced: {} });

const model = (id: string, name: string, tier: string, inputCost: string | null, outputCost: string | null, available: boolean | null = true): ModelOffer =>
  ({ id, name, provider: id.split('/')[0] ?? null, tier, available, inputCost, outputCost });
const MODELS: ModelOffer[] = [
  model('platform/sonnet-large', 'Sonnet Large', 'premium', '3.00', '15.00'), model('platform/sonnet-small', 'Sonnet Small', 'standard', '0.80', '4.00'),
  model('openlab/orion-2', 'Orion 2', 'premium', '2.50', '10.00'), model('openlab/orion-mini', 'Orion mini', 'economy', '0.15', '0.60'),
  model('terra/llm-70b', 'Terra 70B', 'standard', '0.59', '0.79', false), model('terra/preview', 'Terra preview', 'preview', null, null),
];

export function fakePlatform(core: FakeCore, options: FakePlatformOptions = asked()): PlatformIpc & { somebodyWrites: (id: string, change: Fields) => void } {
  const servers = new Map<string, Server>();
  const rows = makeWorld(12, 11, Date.now(), null).map(({ summary }) => summary);

  function serverOf(id: string): Server {
    const known = servers.get(id);
    if (known) return known;
    const name = core.instance(id).summary?.agent_name ?? '';
    const config = options.server === 'bare' ? bareConfig() : firstConfig(servers.size, options.server === 'masked', name.length > 60);
    const agent = options.server === 'bare' || options.server === 'unknown' ? null : { primary: 'platform/sonnet-large', fallbacks: ['platform/sonnet-small', 'openlab/orion-mini'] };
    const server: Server = { config, policy: agent ? { ...agent, budget: { daily_usd: 4.5 }, temperature: 0.4, routing: 'cheapest-first' } : null, agent, seenAt: new Date(Date.now() - 840_000).toISOString() };
    servers.set(id, server);
    return server;
  }

  function checked(id: string, operation: string, sent: Fields | null): string {
    const failure = core.refusal();
    if (failure) throw failure;
    if (core.instance(id).gone) refuse({ type: 'notFound', message: null }, '404');
    const words = sent ? JSON.stringify(sent) : '';
    const scope = sent ? 'instances:write' : 'instances:read';
    if (options.server === 'forbidden' || words.includes('forbidden')) refuse({ type: 'notAllowed', operation, scope, message: 'Missing scope' }, `403 {"detail":"Missing scope ${scope}"}`);
    if (words.includes('broken')) refuse({ type: 'serverFailed', status: 502, message: 'Stored; the push to the agent failed' }, '502');
    if (words.includes('dropped')) refuse({ type: 'mayHaveArrived' }, 'connection reset while the request was sent');
    return words;
  }

  const seen = (server: Server, id: string, isLive: boolean): Seen<PlatformConfig> => ({
    value: structuredClone({ ...server.config, instance_id: id }) as unknown as PlatformConfig, seenAt: isLive ? new Date().toISOString() : server.seenAt, source: isLive ? 'live' : 'cached',
  });

  function patch(id: string, fields: Fields): PlatformConfigSaved {
    const words = checked(id, 'patch_platform_config', fields);
    const server = serverOf(id);
    const taken = words.includes('ignored') ? Object.entries(fields).slice(1) : Object.entries(fields);
    server.config = { ...server.config, ...structuredClone(Object.fromEntries(taken)) };
    server.seenAt = new Date().toISOString();
    if (words.includes('lost')) refuse({ type: 'mayHaveArrived' }, 'connection reset after the request was sent');
    const differs = Object.keys(fields).filter((field) => JSON.stringify(server.config[field]) !== JSON.stringify(fields[field]));
    return { config: seen(server, id, true), differs };
  }

  function policyOf(id: string): ModelPolicyView {
    const server = serverOf(id);
    const failure = core.refusal();
    if (failure && !server.policy) return { policy: null, source: 'none', seenAt: null, failure };
    if (server.agent) return { policy: { ...server.policy, ...server.agent }, source: 'config', seenAt: failure ? server.seenAt : new Date().toISOString(), failure };
    return { policy: server.policy, source: server.policy ? 'answer' : 'none', seenAt: server.policy ? server.seenAt : null, failure };
  }

  function update(id: string, sent: Fields): { policy: Fields; message: string; pushed: PolicyPushed; seenAt: string } {
    const words = checked(id, 'update_model_policy', sent);
    const server = serverOf(id);
    const kept = Object.entries({ ...server.policy, ...sent }).filter(([, value]) => value !== null);
    server.policy = Object.fromEntries(words.includes('ignored') ? kept.slice(0, 2) : kept);
    server.seenAt = new Date().toISOString();
    const reaches = !words.includes('stored') && server.agent !== null;
    if (reaches) server.agent = { ...server.agent, primary: server.policy.primary, fallbacks: server.policy.fallbacks };
    if (words.includes('lost')) refuse({ type: 'mayHaveArrived' }, 'connection reset after the request was sent');
    const pushed: PolicyPushed = server.agent === null ? 'unknown' : reaches ? 'pushed' : 'storedOnly';
    return { policy: structuredClone(server.policy), message: reaches ? 'Model policy updated and pushed to the agent' : 'Model policy stored', pushed, seenAt: server.seenAt };
  }

  return {
    getPlatformConfig: (id) => core.answer(() => {
      const server = serverOf(id);
      const failure = core.refusal();
      if (!failure) checked(id, 'get_platform_config', null);
      return { config: seen(server, id, failure === null), failure };
    }, true),
    patchPlatformConfig: (id, fields) => core.write(() => patch(id, fields)),
    getSkillUse: () => core.answer(() => ({
      read: 9, total: rows.length,
      skills: SKILLS.map((name, at) => ({ name, count: Math.max(0, 7 - at), instances: rows.slice(at % 3, (at % 3) + Math.min(5, Math.max(0, 7 - at))).map(({ id, agent_name }) => ({ id, name: agent_name ?? id })) })).filter(({ count }) => count > 0),
    }), true),
    getModelPolicy: (id) => core.answer(() => policyOf(id), true),
    updateModelPolicy: (id, policy) => core.write(() => update(id, policy)),
    listModels: () => core.write(() => (core.profile?.kind === 'thisComputer' || options.server === 'unknown' ? null : MODELS)),
    somebodyWrites: (id, change) => {
      const server = serverOf(id);
      server.config = { ...server.config, ...change };
    },
  };
}
