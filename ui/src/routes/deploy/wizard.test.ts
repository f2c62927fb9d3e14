import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Choice, Choices, Deploy, Failure, NewInstance } from '$lib/ipc/bindings';
import { draftText, emptyForm } from './form';
import { Wizard } from './wizard.svelte';

const TIER = '6f1c2a00-1111-4222-8333-444455556666';
const choice = (id: string): Choice => ({ id, name: null, note: null, source: 'platform' });
const none: Choices = { regions: [], tiers: [], presets: [], manifests: [], recipes: [], workflows: [], templates: [], customers: [], offers: [] };
const deploy = (more: Partial<Deploy> = {}): Deploy => ({
  key: 'k', state: 'sent', request: { region_id: 'eu', tier_id: TIER }, confirmedAt: '2026-01-01T00:00:00Z', sentAt: null, settledAt: null,
  taskId: null, instanceId: null, hostname: null, status: null, provisioningStage: null, bootstrapStage: null, bootstrapSeq: null,
  stages: [], logCount: 0, errorMessage: null, failure: null, typicalSeconds: null, ...more,
});
const invalid: Failure = {
  code: { type: 'invalid', message: null, fields: [{ loc: ['body', 'tier_id'], msg: 'is not sold here', type: 'value_error' }] }, detail: '422',
};

/** A wizard whose core remembers one draft and answers a confirmation as told. */
function open(options: { draft?: string; choices?: Choices; known?: Deploy; answer?: Deploy | Failure } = {}) {
  const kept = { draft: options.draft ?? null as string | null };
  const sent: NewInstance[] = [];
  const wizard = new Wizard({
    getChoices: () => Promise.resolve(options.choices ?? none),
    previewDeploy: (request) => Promise.resolve({ method: 'POST', url: 'u', json: JSON.stringify(request) }),
    speakAct: () => Promise.resolve({ command: 'nineheads deploy', curl: 'curl', masked: false }),
    getDraft: () => Promise.resolve(kept.draft),
    setDraft: (_, text) => { kept.draft = text; return Promise.resolve(); },
  }, {
    find: () => (options.known ? Promise.resolve(options.known) : Promise.reject({ code: { type: 'notFound', message: null }, detail: '' } satisfies Failure)),
    start: (request) => {
      sent.push(request);
      const answer = options.answer ?? deploy();
      return 'code' in answer ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
  return { wizard, kept, sent };
}

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('beginning', () => {
  it('brings back what was typed last', async () => {
    const { wizard } = open({ draft: draftText({ ...emptyForm(), agent_name: 'Orchard' }) ?? '' });
    await wizard.begin(null);
    expect(wizard.form.agent_name).toBe('Orchard');
  });

  it('starts from an earlier deploy, with its complaints at their fields', async () => {
    const { wizard } = open({ draft: draftText({ ...emptyForm(), agent_name: 'Old' }) ?? '', known: deploy({ state: 'rejected', failure: invalid }) });
    await wizard.begin('k');
    expect(wizard.form).toMatchObject({ region_id: 'eu', tier_id: TIER, agent_name: '' });
    expect(wizard.said?.first).toBe('tier_id');
  });

  it('chooses for the person only where there is one choice', async () => {
    const { wizard } = open({ choices: { ...none, regions: [choice('eu')], tiers: [choice('a'), choice('b')] } });
    await wizard.begin(null);
    expect(wizard.form).toMatchObject({ region_id: 'eu', tier_id: '' });
  });

  it('leaves what was typed when the lists can not be read', async () => {
    const { wizard } = open();
    wizard.set('region_id', 'mine');
    await wizard.begin(null);
    expect(wizard.form.region_id).toBe('mine');
  });
});

describe('typing', () => {
  it('is kept as a draft', async () => {
    const { wizard, kept } = open();
    await wizard.begin(null);
    wizard.set('agent_name', 'Orchard');
    await wizard.save();
    expect(kept.draft).toContain('Orchard');
  });

  it('can be undone after starting over', async () => {
    const { wizard } = open();
    wizard.set('agent_name', 'Orchard');
    const undo = wizard.startOver();
    expect(wizard.filled).toBe(false);
    undo();
    expect(wizard.form.agent_name).toBe('Orchard');
  });

  it('says which required fields were passed by', () => {
    const { wizard } = open();
    wizard.set('region_id', 'eu');
    expect(wizard.pass(['region_id', 'tier_id'])).toEqual(['tier_id']);
    expect(wizard.passed.has('tier_id')).toBe(true);
  });
});

describe('confirming', () => {
  it('sends what was typed and empties the draft once it was taken', async () => {
    const { wizard, kept, sent } = open();
    await wizard.begin(null);
    wizard.set('region_id', 'eu');
    wizard.set('tier_id', TIER);
    await wizard.save();
    expect((await wizard.confirm())?.key).toBe('k');
    expect(sent).toEqual([{ region_id: 'eu', tier_id: TIER }]);
    expect(kept.draft).toBeNull();
  });

  it.each([['as a failure', invalid], ['as a deploy', deploy({ state: 'rejected', failure: invalid })]] as const)(
    'lands a 422 at its field when it comes %s, and keeps the form', async (_, answer) => {
      const { wizard, kept } = open({ answer });
      await wizard.begin(null);
      wizard.set('tier_id', 'Starter');
      await wizard.save();
      expect(await wizard.confirm()).toBeNull();
      expect(wizard.said?.fields.tier_id).toBe('is not sold here');
      expect(wizard.failure).toBeNull();
      expect(wizard.form.tier_id).toBe('Starter');
      expect(kept.draft).toContain('Starter');
    });

  it('forgets a complaint when its field is mended', async () => {
    const { wizard } = open({ answer: invalid });
    await wizard.confirm();
    wizard.set('tier_id', TIER);
    expect(wizard.said?.fields.tier_id).toBeUndefined();
  });

  it('keeps everything when the platform can not be reached', async () => {
    const { wizard } = open({ answer: { code: { type: 'offline' }, detail: '' } });
    wizard.set('agent_name', 'Orchard');
    expect(await wizard.confirm()).toBeNull();
    expect(wizard.failure?.code.type).toBe('offline');
    expect(wizard.form.agent_name).toBe('Orchard');
  });

  it('names the deploy that must be clarified first', async () => {
    const { wizard } = open({ answer: { code: { type: 'deployOpen', key: 'other' }, detail: '' } });
    await wizard.confirm();
    expect(wizard.failure?.code).toEqual({ type: 'deployOpen', key: 'other' });
  });
});
