/** Which models an agent uses: where that is known from, what a change costs, and whether it has reached the agent. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { canSend, review } from './support/edits.js';
import { focused, tabTo } from './support/keyboard.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';
import { openWay } from './support/way.js';

/** What the platform's models cost; on the other road, which of them answer. */
const TIERS = { models: [
  { id: 'platform/sonnet-large', name: 'Sonnet large', provider: 'platform', tier: 'balanced', input_cost_per_million: '3.00', output_cost_per_million: '15.00' },
  { id: 'platform/sonnet-small', name: 'Sonnet small', provider: 'platform', tier: 'cheap', input_cost_per_million: '0.80', output_cost_per_million: '4.00' },
  { id: 'platform/opus-large', name: 'Opus large', provider: 'platform', tier: 'best', input_cost_per_million: '15.00', output_cost_per_million: '75.00' },
  { id: 'platform/unpriced', name: 'Unpriced', provider: 'platform' },
] };
const AVAILABILITY = { models: [{ id: 'platform/unpriced', available: false }] };

const home = makeHome();
let platform;
let way;
let app;
let agents;

before(async () => {
  // The first change is stored, but does not reach its agent.
  platform = await startPlatform({ fleet: 12, faults: [{ operation: 'update_model_policy', fault: 'push_fails', often: { times: 1 } }] });
  way = await openWay(platform.url);
  offer();
  app = await openApp({ home });
  await connect(app, way.url, platform.keys.admin);
  await app.sees('12 instances');
  await app.click('button', 'Close');
  const { instances } = await platform.ask('/v1/instances');
  agents = instances.filter(({ status }) => status === 'running');
  // All begin with the same models.
  for (const { id } of agents) {
    await platform.ask(`/v1/instances/${id}/config`, { method: 'POST', body: { agents: { defaults: { model: { primary: 'platform/sonnet-large', fallbacks: ['platform/sonnet-small'] } } } } });
  }
});
after(async () => {
  await app?.close();
  await way?.close();
  await platform?.stop();
  await home.remove();
});

function offer() {
  way.spoil('GET', /^\/v1\/models\/tiers$/, { json: TIERS });
  way.spoil('GET', /^\/v1\/models\/availability$/, { json: AVAILABILITY });
}
const used = async ({ id }) => (await platform.ask(`/v1/instances/${id}/config`)).agents.defaults.model;
const sent = ({ id }) => way.sent('PATCH', new RegExp(`/${id}/model-policy$`));
const policyOf = ({ id }) => new RegExp(`/${id}/model-policy$`);
const configOf = ({ id }) => new RegExp(`/${id}/config$`);

async function open({ id }) {
  await app.goTo(`/instances/${id}/models`);
  await app.find('combobox', 'Primary model');
  await app.when('prices and usage were asked for', () => !document.querySelector('[aria-label="Reading prices and usage"]'));
}
async function choose(id) {
  const field = await app.find('combobox', 'Primary model');
  await field.click();
  await app.keys(['Control', 'a']);
  await field.addValue(id);
  await app.keys('Tab');
  await app.when(`${id} is chosen`, (wanted) => document.querySelector('[role=combobox]').value === wanted, id);
}

test('by keyboard alone another model is chosen, and a push that fails is told apart', async (t) => {
  const step = story(t, () => app);
  const [agent] = agents;

  await step('the policy is read from the agent’s own configuration', async () => {
    await open(agent);
    await app.sees('The agent’s own configuration');
    assert.equal(await (await app.find('combobox', 'Primary model')).getValue(), 'platform/sonnet-large');
    await app.sees('platform · balanced · $3.00 in, $15.00 out per million tokens');
    await app.sees('with platform/sonnet-large, at list prices');
    await app.sees('Counted from');
    await assertAccessible(app, 'the policy');
    await pictures(app, 'models');
  });

  await step('models are offered with their prices, and the cost of another is seen before', async () => {
    await app.run(() => document.querySelector('main h1').focus());
    await tabTo(app, 'Primary model');
    await app.keys('ArrowDown');
    await app.when('all are offered', () => document.querySelectorAll('[role=option]').length === 4);
    assert.match(await app.run(() => document.querySelector('[role=listbox]').innerText), /\$15\.00 in, \$75\.00 out[\s\S]*not available now/);
    await assertAccessible(app, 'the models on offer');
    await pictures(app, 'models-offers');
    // A window that changes its size may close the list.
    await app.keys('Escape');
    await app.keys('ArrowDown');
    await app.when('all are offered', () => document.querySelectorAll('[role=option]').length === 4);
    await app.keys('ArrowDown');
    await app.keys('Enter');
    await app.sees('with platform/sonnet-small, instead of');
    await app.sees('The primary model itself');
    const change = await app.run(() => document.querySelector('.change').innerText);
    assert.match(change, /The change alone: between −\u2060?\$[\d,.]+ and −\u2060?\$[\d,.]+\./);
    await pictures(app, 'models-cheaper');
  });

  await step('the push fails: it may be stored all the same, and looking tells that the agent has it not', async () => {
    await app.keys(['Control', 's']);
    await canSend(app);
    assert.equal(await app.run(() => document.activeElement.id), 'fields-review');
    await assertAccessible(app, 'the review of a policy');
    await pictures(app, 'models-review');
    await tabTo(app, 'Send changes');
    await app.keys('Enter');
    await app.sees('The platform failed; the policy may be stored all the same');
    await app.sees('The platform says: “Model policy stored; the push to the agent failed”');
    await assertAccessible(app, 'a push that failed');
    await pictures(app, 'models-push-failed');
    assert.equal((await used(agent)).primary, 'platform/sonnet-large');
    await tabTo(app, 'Look now', { back: true });
    await app.keys('Enter');
    await app.sees('The agent does not have it');
  });

  await step('sent again, the agent has it', async () => {
    await canSend(app);
    await tabTo(app, 'Send changes');
    await app.keys('Enter');
    await app.sees('Stored, and the agent has it');
    assert.equal((await used(agent)).primary, 'platform/sonnet-small');
    assert.deepEqual(sent(agent), Array(2).fill({ primary: 'platform/sonnet-small', fallbacks: ['platform/sonnet-small'] }));
    assert.match(await focused(app), /^Models/);
    await pictures(app, 'models-pushed');
  });
});

test('the whole policy is sent, with keys this app does not know', async (t) => {
  const step = story(t, () => app);
  const agent = agents[1];

  await step('a key and a fallback are added', async () => {
    await open(agent);
    const key = await app.find('combobox', 'Name of a new setting of Other keys');
    await key.click();
    await key.addValue('routing');
    await app.click('button', 'Add setting to Other keys');
    await app.when('its field has the focus', () => document.activeElement?.closest('[data-key=routing]'));
    await app.browser.$('[data-key=routing] input').addValue('latency');
    const fallback = await app.find('combobox', 'Fallback to add');
    await fallback.click();
    await fallback.addValue('elsewhere/not-listed');
    await app.keys(['Tab', 'Enter']);
    await (await app.find('button', 'Move elsewhere/not-listed up')).click();
    await review(app, 'Model policy for');
    await app.click('button', 'Send changes');
    await app.sees('Stored, and the agent has it');
    assert.deepEqual(sent(agent), [{ primary: 'platform/sonnet-large', fallbacks: ['elsewhere/not-listed', 'platform/sonnet-small'], routing: 'latency' }]);
  });

  await step('another change takes the key along; one that is taken out is sent as null', async () => {
    await choose('platform/opus-large');
    await review(app, 'Model policy for');
    await app.click('button', 'Send changes');
    await app.when('it was sent', () => !document.querySelector('section.review'));
    assert.deepEqual(sent(agent)[1], { primary: 'platform/opus-large', fallbacks: ['elsewhere/not-listed', 'platform/sonnet-small'], routing: 'latency' });
    await app.click('button', 'Remove the setting Routing');
    await review(app, 'Model policy for');
    await app.click('button', 'Send changes');
    await app.when('it was sent', () => !document.querySelector('section.review'));
    assert.deepEqual(sent(agent)[2], { primary: 'platform/opus-large', fallbacks: ['elsewhere/not-listed', 'platform/sonnet-small'], routing: null });
  });

  await step('stored, but the agent still says otherwise', async () => {
    await choose('platform/sonnet-small');
    await review(app, 'Model policy for');
    const stale = way.spoil('GET', configOf(agent), { change: (config) => ({ ...config, agents: { ...config.agents, defaults: { ...config.agents.defaults, model: { primary: 'platform/opus-large', fallbacks: [] } } } }) });
    await app.click('button', 'Send changes');
    await app.sees('Stored, but the agent does not have it');
    await assertAccessible(app, 'stored only');
    await pictures(app, 'models-stored-only');
    stale();
    await app.click('button', 'Dismiss');
  });

  await step('no price, no number: the reason instead', async () => {
    await choose('platform/unpriced');
    await app.sees('The price of the chosen model is not known.');
    await app.sees('not available now');
    await pictures(app, 'models-no-price');
    await app.click('button', 'Discard');
    await app.click('button', 'Discard edits');
    await app.when('the focus is on the screen', () => document.querySelector('main').contains(document.activeElement));
  });
});

test('what is not known is said, and what goes wrong keeps the edit', async (t) => {
  const step = story(t, () => app);
  const [, , agent, other] = agents;

  await step('nothing is known: other keys may be lost, and no list is offered', async () => {
    way.mend();
    for (const path of [/^\/v1\/models\/tiers$/, /^\/v1\/models\/availability$/]) way.spoil('GET', path, { status: 401 });
    way.spoil('GET', configOf(agent), { status: 503 });
    await open(agent);
    await app.sees('Nothing is known');
    await app.sees('Other keys may be lost');
    await app.sees('This platform offers no list of models.');
    await app.sees('No model is chosen.');
    await assertAccessible(app, 'an unknown policy');
    await pictures(app, 'models-unknown');
    assert.ok(!(await app.run(() => document.body.innerText)).includes('needs a key'), 'a list that is not for keys says nothing about the key');
    await choose('platform/opus-large');
    await review(app, 'Model policy for');
    await app.sees('Other keys may be lost');
    await pictures(app, 'models-unknown-review');
    await app.click('button', 'Send changes');
    await app.sees('Stored; whether the agent has it is not known');
    await app.sees('The last answer this app saw');
    assert.deepEqual(sent(agent), [{ primary: 'platform/opus-large' }]);
  });

  await step('a 403 is said, and the edit stays', async () => {
    way.mend();
    offer();
    way.spoil('PATCH', policyOf(other), { status: 403, json: { detail: 'Not your instance' } });
    await open(other);
    await choose('platform/opus-large');
    await review(app, 'Model policy for');
    await app.click('button', 'Send changes');
    await app.sees('The changes were not stored');
    await app.sees('Not your instance');
    await assertAccessible(app, 'a refused policy');
    await pictures(app, 'models-refused');
    await app.click('button', 'Keep editing');
    assert.equal(await (await app.find('combobox', 'Primary model')).getValue(), 'platform/opus-large');
    assert.equal((await used(other)).primary, 'platform/sonnet-large');
  });

  await step('offline the remembered policy is shown with its age, and the draft is kept', async () => {
    await way.down();
    await app.goTo('/instances');
    await app.goTo(`/instances/${other.id}/models`);
    await app.find('combobox', 'Primary model');
    await app.sees('The configuration could not be read');
    await app.when('the draft is there', () => document.querySelector('[role=combobox]').value === 'platform/opus-large');
    await pictures(app, 'models-offline');
    await assertAccessible(app, 'a policy without a platform');
  });
});
