import type { LocalRuntime, ModelProvider, ModelTest, RuntimeStatus } from '$lib/ipc/bindings';
import { describe, expect, it } from 'vitest';
import { emptyProvider, fromProvider, modelsIn, providerProblems, suggestedName, toProvider, trialOf } from './provider';
import { agentKind, localRequest, readRecipe, recipeText, type LocalRecipe } from './recipe';
import { startingOf } from './starting';
import { costText, errorText, notRunningSign, PERMISSIONS, permissionWords, progressText, roughly, testWords } from './words';

describe('a recipe of this computer', () => {
  const recipe: LocalRecipe = { permission: 'own_folder', provider: 'ollama', model: 'qwen3:8b' };
  it('is read as it was written, colons of the model and all', () => {
    expect(recipeText(recipe)).toBe('local:own_folder:ollama:qwen3:8b');
    expect(readRecipe(recipeText(recipe))).toEqual(recipe);
  });
  it.each(['', 'local:', 'local:talk', 'local:talk:a', 'local:talk:a:', 'local:all:a:b', 'talk:a:b'])('is none when it is broken: %j', (text) => expect(readRecipe(text)).toBeNull());
  it('makes a create that names nothing else', () => {
    expect(localRequest(recipe, '  Orchard ', 'tier')).toEqual({ region_id: 'this-computer', tier_id: 'tier', agent_name: 'Orchard', manifest_id: 'openclaw-basic', recipe_id: 'local:own_folder:ollama:qwen3:8b' });
  });
});

describe('what kind an agent is', () => {
  it('is real or a demo on this computer alone', () => {
    expect(['this-computer', 'hetzner', null].map((provider) => agentKind(provider, { kind: 'thisComputer' }))).toEqual(['real', 'demo', 'demo']);
    expect(agentKind('this-computer', { kind: 'platform' })).toBeNull();
    expect(agentKind('this-computer', null)).toBeNull();
  });
});

describe('an agent that is being started', () => {
  const seen = (value: Partial<RuntimeStatus>) => startingOf({ value: { health_status: null, error_code: null, uptime_seconds: null, ...value } as RuntimeStatus, seenAt: '2026-11-24T14:02:11Z', source: 'live' });
  it('says since when, where that is told', () => {
    expect(seen({ health_status: 'starting', uptime_seconds: 12 })).toEqual({ since: '2026-11-24T14:01:59.000Z', late: false });
    expect(seen({ health_status: 'starting' })).toEqual({ since: null, late: false });
  });
  it('is late once its platform complains of it', () => {
    expect(seen({ health_status: 'degraded', error_code: 'agent_starting', uptime_seconds: 70 })).toEqual({ since: '2026-11-24T14:01:01.000Z', late: true });
  });
  it('and one that was given up are not called running', () => {
    const sign = (value: Partial<RuntimeStatus>, kind: 'real' | 'demo' = 'real') => notRunningSign({ error_code: null, last_heartbeat: null, ...value } as RuntimeStatus, kind)?.tone ?? null;
    expect([sign({ health_status: 'starting' }), sign({ health_status: 'unhealthy' }), sign({ health_status: 'unhealthy' }, 'demo')]).toEqual(['busy', 'bad', null]);
    expect([sign({ health_status: 'healthy' }), sign({ health_status: 'unhealthy', last_heartbeat: '2026-11-24T14:02:11Z' }), notRunningSign(null, 'real')]).toEqual([null, null, null]);
  });
  it('is none that runs, is unwell or was given up', () => {
    expect([seen({ health_status: 'healthy', uptime_seconds: 12 }), seen({ health_status: 'unhealthy', error_code: 'keeps_ending' }), startingOf(null)]).toEqual([null, null, null]);
  });
});

describe('a model server as it is typed', () => {
  const form = { ...emptyProvider(), name: 'example', baseUrl: 'https://api.example.com/v1', models: 'small, large  small' };
  it('is kept with each model once, and without a key where none was typed', () => {
    expect(toProvider(form)).toEqual({ base_url: form.baseUrl, api_key: null, models: ['small', 'large'].map((id) => ({ id, context_window: null, max_tokens: null })) });
  });
  it('brings a new key, takes a kept one away, or leaves it', () => {
    expect([toProvider({ ...form, key: ' k ' }).api_key, toProvider({ ...form, dropKey: true }).api_key, toProvider(form).api_key]).toEqual(['k', '', null]);
  });
  it('keeps what was known of its models, and never carries a key back', () => {
    const kept: ModelProvider = { name: 'example', base_url: form.baseUrl, has_key: true, found: false, models: [{ id: 'small', context_window: 8_192, max_tokens: 512 }] };
    expect(fromProvider(kept)).toMatchObject({ key: '', models: 'small' });
    expect(toProvider({ ...fromProvider(kept), models: 'small new' }, kept.models).models).toEqual([kept.models[0], { id: 'new', context_window: null, max_tokens: null }]);
    expect(trialOf(kept, 'small')).toEqual({ base_url: form.baseUrl, models: kept.models, api_key: null });
  });
  it('is held back by what can not be used, each at its field', () => {
    expect(providerProblems(form, [])).toEqual({});
    expect(providerProblems(emptyProvider(), [])).toEqual({ name: 'empty', baseUrl: 'empty', models: 'empty' });
    expect(providerProblems({ ...form, name: 'Big Name' }, [])).toEqual({ name: 'name' });
    expect(providerProblems(form, ['example'])).toEqual({ name: 'taken' });
  });
  it.each([
    ['http://127.0.0.1:11434/v1', undefined], ['http://localhost:1234/v1', undefined], ['http://[::1]:8080', undefined],
    ['http://models.example.com/v1', 'notSecure'], ['http://127.0.0.1.example.com', 'notSecure'], ['https://a:b@example.com', 'userinfo'], ['file:///etc/passwd', 'address'], ['example', 'address'],
  ])('with the address %s', (baseUrl, problem) => expect(providerProblems({ ...form, baseUrl }, []).baseUrl).toBe(problem));
  it('is named after its host', () => {
    expect(['https://api.example.com/v1', 'http://127.0.0.1:11434/v1', 'https://models.northwind.example', 'https://42.example', 'no'].map((url) => suggestedName(url)))
      .toEqual(['example', 'local', 'northwind', 'models', '']);
    expect(suggestedName('https://api.example.com', ['example', 'example-2'])).toBe('example-3');
  });
  it('names its models with anything between', () => expect(modelsIn(' a,b\n c ')).toEqual(['a', 'b', 'c']));
});

describe('the words', () => {
  const runtime: LocalRuntime = {
    state: 'installing', version: '1', node_version: '2', size_bytes: 832_000_000, download_bytes: 214_000_000, expected_seconds: 40,
    since: '2026-11-30T10:00:00Z', progress: { step: 'fetching', done: 165, total: 330 }, error: null, agents: 0, keep_running: false,
  };
  const at = Date.parse('2026-11-30T10:00:12Z');
  it('tell the three permissions apart, and what the widest one means', () => {
    expect(new Set(PERMISSIONS.map((one) => permissionWords(one).title)).size).toBe(3);
    expect(permissionWords('whole_computer').text).toContain('every file');
  });
  it('tell before anything is fetched what it takes', () => expect(costText(runtime)).toMatch(/204 MB.*793 MB.*about 40 seconds/));
  it('tell how far an installation is, how long it took, and how long it takes', () => {
    expect(progressText(runtime, at)).toEqual({ step: 'Fetching and checking packages, 165 of 330', share: 0.5, time: '12 s, usually about 40 seconds' });
    expect(progressText({ ...runtime, progress: null, since: null }, at)).toMatchObject({ share: null, time: 'Usually about 40 seconds' });
  });
  it('round a guess', () => expect([0, 1, 59, 60, 100].map(roughly)).toEqual(['about 1 second', 'about 1 second', 'about 59 seconds', 'about 1 minute', 'about 2 minutes']));
  it('say how a test went, the platform’s own sentence behind it, hostile text made visible', () => {
    const test: ModelTest = { ok: false, problem: 'refused_key', message: 'No\u202e', models: [], millis: null };
    expect(testWords(test, 'qwen3:8b')).toMatchObject({ tone: 'bad', title: 'The server refuses the key' });
    expect(testWords(test, 'qwen3:8b').text).not.toContain('\u202e');
    expect(testWords({ ...test, problem: 'toString' }, null).title).toBe('The model did not answer');
    expect(testWords({ ...test, ok: true, problem: null, millis: 640 }, 'qwen3:8b')).toMatchObject({ tone: 'ok', title: 'qwen3:8b answered in 640 ms', text: '' });
    expect(testWords({ ...test, ok: true, problem: null, millis: 640, message: 'Choose one of its models.' }, null)).toMatchObject({ title: 'The server answered in 640 ms', text: 'Choose one of its models.' });
  });
  it('name each reason of a failure, and do not guess at one that is new', () => {
    const codes = ['no_source', 'no_network', 'disk_full', 'wrong_checksum', 'broken', 'toString'];
    expect(new Set(codes.map((code) => errorText({ code, message: '' }))).size).toBe(6);
    expect(errorText(null)).toBe(errorText({ code: 'toString', message: '' }));
  });
});
