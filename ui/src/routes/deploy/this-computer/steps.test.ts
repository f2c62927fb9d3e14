import type { Choices, Deploy, Failure, LocalRuntime, ModelProvider, NewInstance } from '$lib/ipc/bindings';
import { describe, expect, it } from 'vitest';
import { LocalWizard } from './localWizard.svelte';
import { chosenRecipe, doneSteps, emptyLocalForm, fromLocalDraft, hindrances, localDraftText, stepNamed, type LocalForm, type LocalStep } from './steps';

const runtime = (state: LocalRuntime['state']) => ({ state }) as LocalRuntime;
const provider = (name: string, ...models: string[]): ModelProvider =>
  ({ name, base_url: 'http://127.0.0.1:1/v1', has_key: false, found: false, models: models.map((id) => ({ id, context_window: null, max_tokens: null })) });
const kept = [provider('ollama', 'qwen3:8b', 'small')];
const form: LocalForm = { provider: 'ollama', model: 'qwen3:8b', permission: 'own_folder', name: 'Orchard' };

describe('what holds a deploy back', () => {
  it('is everything at first, in the order of the steps', () => {
    expect(hindrances(emptyLocalForm(), { runtime: undefined, kept: [], tier: null }).map(({ why }) => why)).toEqual(['program', 'model', 'name', 'tier']);
  });
  it('is the program for as long as it is not there', () => {
    const left = (state: LocalRuntime['state']) => hindrances(form, { runtime: runtime(state), kept, tier: 't' }).map(({ why }) => why);
    expect([left('absent'), left('failed'), left('removing'), left('installing'), left('ready')]).toEqual([['program'], ['program'], ['program'], ['installing'], []]);
  });
  it('is the model where its provider was forgotten or has it no more', () => {
    expect(chosenRecipe(form, kept)).toEqual({ permission: 'own_folder', provider: 'ollama', model: 'qwen3:8b' });
    expect([chosenRecipe(form, []), chosenRecipe({ ...form, model: 'gone' }, kept)]).toEqual([null, null]);
  });
});

describe('a step is done', () => {
  const left = (visited: LocalStep[], state: LocalRuntime['state'] = 'ready') => doneSteps(new Set(visited), hindrances(form, { runtime: runtime(state), kept, tier: 't' }));
  it('once somebody was there and nothing of it is missing', () => {
    expect(left(['name', 'program', 'permission'])).toEqual(['program', 'permission', 'name']);
    expect(left(['program', 'model'], 'installing')).toEqual(['model']);
  });
  it('not for what is chosen before anybody looked', () => expect(left([])).toEqual([]));
});

describe('a draft', () => {
  it('comes back as it was, with where somebody was, and none is kept of nothing', () => {
    expect(fromLocalDraft(localDraftText(form, new Set(['permission', 'model'])))).toEqual({ form, visited: ['model', 'permission'] });
    expect(localDraftText(emptyLocalForm(), new Set(['program']))).toBeNull();
  });
  it('of an earlier version says nothing of visits', () => expect(fromLocalDraft(JSON.stringify(form))).toEqual({ form, visited: [] }));
  it.each([null, '', 'x', '[]', '{"permission":7,"name":[],"visited":{}}', '{"visited":[1,"x"]}'])('that makes no sense is an empty form: %j', (text) => expect(fromLocalDraft(text)).toEqual({ form: emptyLocalForm(), visited: [] }));
  it('never gives the whole computer', () => expect(fromLocalDraft(JSON.stringify({ ...form, permission: 'whole_computer' })).form.permission).toBe('talk'));
});

it('an address that names no step is at the first', () => expect([stepNamed(null), stepNamed('x'), stepNamed('model')]).toEqual(['program', 'program', 'model']));

/** A wizard whose core remembers one draft and answers a confirmation as told. */
function open(options: { state?: LocalRuntime['state']; answer?: Failure; draft?: string | null } = {}) {
  const sent: NewInstance[] = [];
  const drafts = new Map<string, string>(options.draft ? [['deploy:this-computer', options.draft]] : []);
  const wizard = new LocalWizard({
    getChoices: () => Promise.resolve({ tiers: [{ id: 'tier', name: null, note: null, source: 'platform' }] } as unknown as Choices),
    previewDeploy: () => Promise.resolve({ method: 'POST', url: '', json: '' }),
    getDraft: (name) => Promise.resolve(drafts.get(name) ?? null),
    setDraft: (name, text) => { if (text === null) drafts.delete(name); else drafts.set(name, text); return Promise.resolve(); },
  }, {
    start: (request) => { sent.push(request); return options.answer ? Promise.reject(options.answer) : Promise.resolve({ key: 'k', state: 'sent' } as Deploy); },
  }, { runtime: runtime(options.state ?? 'ready') }, { kept });
  const fill = () => { for (const name of ['provider', 'model', 'permission', 'name'] as const) wizard.set(name, form[name]); };
  return { wizard, sent, drafts, fill };
}

describe('the wizard', () => {
  it('sends one create that says what the agent is made of, and forgets the draft', async () => {
    const { wizard, sent, drafts, fill } = open();
    await wizard.begin();
    fill();
    await wizard.save();
    expect(drafts.size).toBe(1);
    expect((await wizard.confirm())?.key).toBe('k');
    expect(sent).toEqual([{ region_id: 'this-computer', tier_id: 'tier', agent_name: 'Orchard', manifest_id: 'openclaw-basic', recipe_id: 'local:own_folder:ollama:qwen3:8b' }]);
    expect(drafts.size).toBe(0);
  });
  it('ticks a step where somebody was, remembers that, and forgets it with the draft', async () => {
    const { wizard, drafts, fill } = open();
    wizard.visit('program');
    expect(drafts.size).toBe(0);
    await wizard.begin();
    fill();
    wizard.visit('permission');
    await wizard.save();
    expect(fromLocalDraft([...drafts.values()][0] ?? null).visited).toEqual(['program', 'permission']);
    await wizard.confirm();
    wizard.visit('model');
    await wizard.save();
    expect(drafts.size).toBe(0);
  });
  it('goes on with an earlier draft, and visits it before it is read do not replace it', async () => {
    const { wizard } = open({ draft: localDraftText(form, new Set(['model'])) });
    wizard.visit('program');
    await wizard.begin();
    expect([wizard.form, [...wizard.visited].sort()]).toEqual([form, ['model', 'program']]);
  });
  it('sends nothing while the program is on its way, and says so from then on', async () => {
    const { wizard, sent, fill } = open({ state: 'installing' });
    await wizard.begin();
    fill();
    expect(await wizard.confirm()).toBeNull();
    expect([sent, wizard.wanted, wizard.hindrances.map(({ why }) => why)]).toEqual([[], true, ['installing']]);
  });
  it('keeps what was chosen when the platform refuses', async () => {
    const { wizard, drafts, fill } = open({ answer: { code: { type: 'offline' }, detail: '' } });
    await wizard.begin();
    fill();
    await wizard.save();
    expect(await wizard.confirm()).toBeNull();
    expect([wizard.failure?.code.type, wizard.form, drafts.size]).toEqual(['offline', form, 1]);
  });
  it('brings a provider’s first model along, and keeps one that both have', () => {
    const { wizard } = open();
    wizard.choose('ollama');
    expect(wizard.form.model).toBe('qwen3:8b');
    wizard.set('model', 'small');
    wizard.choose('ollama');
    expect(wizard.form.model).toBe('small');
  });
});
