/**
 * Real agents on this computer, for the fake core: a program that installs itself in a few steps, a model server that was
 * found, permissions with their sentence. Only where the open profile is this computer. Trouble on demand: an address
 * with `offline` is not reached, a key that starts with `refused` is refused, a name with `busy` is in use.
 */
import { LOCAL_PROVIDER, readRecipe } from '../../local/recipe';
import type { Failure, LocalPermission, LocalRuntime, ModelProvider, ModelTest, Permission } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

type Local = Pick<Ipc, 'getLocalRuntime' | 'installLocalRuntime' | 'removeLocalRuntime' | 'setKeepRunning' | 'listModelProviders' | 'getModelProvider' | 'putModelProvider' | 'deleteModelProvider' | 'testModelProvider' | 'getLocalPermission' | 'setLocalPermission' | 'removeDemo'>;

const PACKAGES = 330;
const OLLAMA: ModelProvider = {
  name: 'ollama', base_url: 'http://127.0.0.1:11434/v1', has_key: false, found: true,
  models: [{ id: 'qwen3:8b', context_window: 40_960, max_tokens: null }, { id: 'llama3.2:3b', context_window: null, max_tokens: null }],
};

const refuse = (code: Failure['code'], detail: string): never => { throw { code, detail } satisfies Failure; };

export function fakeLocal(core: FakeCore): Local {
  let runtime: LocalRuntime = {
    state: core.program, version: '2026.9.6', node_version: '24.21.0', size_bytes: 832_000_000, download_bytes: 214_000_000, expected_seconds: 40,
    since: null, progress: null, agents: 0, keep_running: false,
    error: core.program === 'failed' ? { code: 'no_network', message: 'The packages could not be fetched: there is no network.' } : null,
  };
  let providers: ModelProvider[] = [OLLAMA];
  const given = new Map<string, Permission>();
  const here = () => core.profile?.kind === 'thisComputer';

  function change(next: Partial<LocalRuntime>): LocalRuntime {
    runtime = { ...runtime, ...next };
    core.announce({ type: 'localRuntimeChanged', runtime });
    return runtime;
  }
  function step(done: number): void {
    core.later(core.pace * 4, () => {
      if (runtime.state !== 'installing') return;
      if (done > PACKAGES + 120) return void change({ state: 'ready', progress: null, since: null });
      const at = done > PACKAGES + 60 ? 'checking' as const : done > PACKAGES ? 'placing' as const : 'fetching' as const;
      change({ progress: { step: at, done: Math.min(done, PACKAGES), total: PACKAGES } });
      step(done + 30);
    });
  }
  const known = (name: string): ModelProvider => providers.find((one) => one.name === name) ?? refuse({ type: 'notFound', message: null }, '404');
  const nameOf = (id: string) => core.instance(id).summary?.agent_name ?? id;
  const permissionOf = (id: string): LocalPermission => {
    const recipe = [...core.deploys.values()].find((deploy) => deploy.instanceId === id)?.request.recipe_id;
    return { permission: given.get(id) ?? readRecipe(recipe)?.permission ?? 'talk', confirmation: `${nameOf(id)} may use my whole computer`, folder: `~/.local/share/Nineheads/agents/${id}` };
  };

  return {
    getLocalRuntime: () => core.answer(() => (here() ? runtime : null)),
    installLocalRuntime: () => core.write(() => {
      step(0);
      return change({ state: 'installing', since: new Date().toISOString(), progress: null, error: null });
    }),
    removeLocalRuntime: () => core.write(() => {
      if (runtime.agents > 0) refuse({ type: 'conflict', message: 'An agent uses it' }, '409');
      if (runtime.state === 'installing') return change({ state: 'absent', since: null, progress: null });
      core.later(core.pace * 8, () => void change({ state: 'absent', since: null }));
      return change({ state: 'removing', since: new Date().toISOString() });
    }),
    setKeepRunning: (keep_running) => core.write(() => change({ keep_running })),
    listModelProviders: () => core.answer(() => (here() ? { providers } : null)),
    getModelProvider: (name) => core.write(() => known(name)),
    putModelProvider: (name, provider) => core.write(() => {
      const before = providers.find((one) => one.name === name);
      const has_key = provider.api_key === null ? (before?.has_key ?? false) : provider.api_key !== '';
      const kept = { name, base_url: provider.base_url, models: provider.models, has_key, found: false };
      providers = [...providers.filter((one) => one.name !== name), kept].sort((a, b) => Number(a.found) - Number(b.found));
      return kept;
    }),
    deleteModelProvider: (name) => core.write(() => {
      if (/busy/.test(known(name).name)) refuse({ type: 'conflict', message: 'The agent “Orchard” uses it' }, '409');
      providers = providers.filter((one) => one.name !== name);
      return { providers };
    }),
    testModelProvider: (_, provider) => core.write((): ModelTest => {
      const bad = (problem: string, message: string): ModelTest => ({ ok: false, problem, message, models: [], millis: null });
      if (/offline/.test(provider.base_url)) return bad('not_reached', 'Nobody answers at this address. Start the server, or check the port.');
      if (provider.api_key?.startsWith('refused')) return bad('refused_key', 'The server does not accept this key. Copy it again.');
      return { ok: true, problem: null, message: 'The model answered.', models: ['gpt-oss:20b', 'qwen3:8b', 'small-and-quick'], millis: 640 };
    }),
    getLocalPermission: (id) => core.answer(() => (core.instance(id).summary?.provider === LOCAL_PROVIDER ? permissionOf(id) : null)),
    setLocalPermission: (id, { permission, confirmation }) => core.write(() => {
      const now = permissionOf(id);
      if (permission === 'whole_computer' && confirmation !== now.confirmation) refuse({ type: 'notAllowed', operation: 'put_local_permission', scope: 'instances:write', message: 'The sentence has to be typed as it stands.' }, '403');
      given.set(id, permission);
      return { ...now, permission };
    }),
    removeDemo: () => core.write(() => ({ removed: core.deleteDemo() })),
  };
}
