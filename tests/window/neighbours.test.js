/** What a platform offers beside its twenty operations: what the key may do, alerts, and things to choose from; and how it is without. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { focused, tabTo } from './support/keyboard.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';
import { openWay } from './support/way.js';

const home = makeHome();
let platform;
let bare;
let way;
/** To the platform that has none of it. */
let bareWay;
let app;
let agent;

before(async () => {
  platform = await startPlatform({ fleet: 12, options: ['--no-failures', '--rate-limit', '600'] });
  bare = await startPlatform({ fleet: 3, speed: 0, options: ['--no-failures', '--no-neighbours'] });
  way = await openWay(platform.url);
  bareWay = await openWay(bare.url);
  bareWay.spoil('GET', /^\/v1\/(mcp|billing|recipes|templates|workflow-files|models|alerts)\b/, { status: 404 });
  const { instances } = await platform.ask('/v1/instances');
  agent = instances.find(({ status }) => status === 'running');
  const at = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  way.spoil('GET', /^\/v1\/alerts$/, { json: { total: 9, items: [
    { id: 'a1', alert_type: 'budget', severity: 'info', title: 'Usage is up by a third', created_at: at(90) },
    { id: 'a2', alert_type: 'health', severity: 'critical', title: 'The agent does not answer its health check', instance_id: agent.id, created_at: at(4), detail: { failures: 7, last: { code: 'timeout' } } },
    { id: 'a3', alert_type: 'odd', severity: 'purple', title: '<img src=x onerror=alert(1)> \u202etxt', created_at: at(20), acknowledged_at: at(10) },
    { id: 'a4', alert_type: 'disk', severity: 'warning', title: 'The disk was nearly full', instance_id: agent.id, created_at: at(600), resolved_at: at(300) },
  ] } });
  way.spoil('GET', /^\/v1\/templates$/, { json: { templates: [{ slug: 'salon-light', name: 'Salon, light', description: 'One page with opening hours' }, { slug: 'clinic', name: 'Clinic' }] } });
  way.spoil('GET', /^\/v1\/workflow-files$/, { json: { workflow_files: [{ slug: 'daily-report', name: 'Daily report', description: 'Each evening at six' }] } });
  app = await openApp({ home });
});
after(async () => {
  await app?.close();
  await way?.close();
  await bareWay?.close();
  await platform?.stop();
  await bare?.stop();
  await home.remove();
});

const rights = () => app.run(() => [...document.querySelectorAll('ul[aria-label="What this key may do"] li')].map((one) => [one.classList.contains('held'), one.innerText.replace(/\s+/g, ' ').trim()]));
const bell = () => app.run(() => document.querySelector('.bell')?.getAttribute('aria-label'));
const next = async (title) => {
  await app.keys(['Control', 'Enter']);
  await app.find('heading', title);
};

test('a key’s rights are told after signing in and in the settings', async (t) => {
  const step = story(t, () => app);

  await step('after signing in, once', async () => {
    await connect(app, way.url, platform.keys.admin);
    await app.sees('12 instances');
    await app.sees('Signed in to');
    assert.deepEqual((await rights()).map(([held]) => held), [true, true, true]);
    await app.sees('600 requests a minute, 36,000 an hour');
    await assertAccessible(app, 'what the key may do');
    await pictures(app, 'key-signed-in');
    await tabTo(app, 'Close', { back: true });
    await app.keys('Enter');
    await app.when('it is gone, and the title has the focus', () => !document.getElementById('signed-in') && document.activeElement?.matches('main h1'));
  });

  await step('in the settings, always', async () => {
    await app.keys('g');
    await app.keys('s');
    await app.find('heading', 'Settings');
    await app.when('the rights are there', () => document.querySelector('ul[aria-label="What this key may do"]'));
    await assertAccessible(app, 'the settings with rights');
    await pictures(app, 'key-settings');
  });
});

test('the bell counts what is active and leads to the instance, by keyboard alone', async (t) => {
  const step = story(t, () => app);

  await step('the worst first, foreign text only as text', async () => {
    await app.when('the bell has counted', () => document.querySelector('.bell .count')?.innerText.includes('3'));
    assert.equal(await bell(), 'Alerts: 3 active alerts, worst: critical');
    await tabTo(app, await bell(), { back: true });
    await app.keys('Enter');
    await app.sees('The agent does not answer its health check');
    const titles = await app.run(() => [...document.querySelectorAll('[role=dialog] article .title')].map((one) => one.innerText));
    assert.match(titles[0], /health check/);
    assert.match(titles[1], /^<img src=x/);
    assert.ok(!titles.join().includes('\u202e'));
    await app.sees('the first 4 of 9');
    await app.when('the instance has its name', (name) => document.querySelector('[role=dialog]').innerText.includes(`Open ${name}`), agent.agent_name);
    await assertAccessible(app, 'alerts');
    await pictures(app, 'alerts');
  });

  await step('it leads to the instance', async () => {
    await tabTo(app, `Open ${agent.agent_name}`);
    await app.keys('Enter');
    await app.when('the instance is open', (id) => location.pathname === `/instances/${id}`, agent.id);
    await app.when('the list is closed', () => !document.querySelector('[role=dialog]'));
  });
});

test('the wizard offers what the platform lists, with prices', async (t) => {
  const step = story(t, () => app);

  await step('tiers with their prices, recipes with what they bring, templates and workflows', async () => {
    await app.goTo('/deploy');
    await app.when('prices are offered', () => document.querySelector('ul[aria-label="Suggestions for Tier"]')?.innerText.includes('12.00 EUR / month'));
    await assertAccessible(app, 'tiers on offer');
    await pictures(app, 'wizard-tiers');
    await app.fill('Region', 'eu-central', 'combobox');
    await app.keys('Tab');
    await tabTo(app, /^Starter/);
    await app.keys('Enter');
    await next('What');
    await app.when('recipes are offered', () => document.querySelector('ul[aria-label="Suggestions for Recipe"]')?.innerText.includes('Front desk'));
    await pictures(app, 'wizard-recipes');
    await (await app.find('button', 'Front desk', { exact: false })).click();
    await app.when('what it brings is told', () => document.querySelector('section[aria-label="What the recipe brings"]')?.innerText.includes('bookings'));
    await assertAccessible(app, 'a recipe and what it brings');
    await next('Who');
    await app.fill('Agent name', 'Neighbourly');
    await next('Extras');
    await app.when('a workflow and a template are offered', () => ['Daily report', 'Salon, light'].every((name) => document.querySelector('main').innerText.includes(name)));
    await pictures(app, 'wizard-extras');
    await app.click('button', 'Daily report', { exact: false });
    await app.click('button', 'Salon, light', { exact: false });
    await next('Review');
    for (const words of ['12.00 EUR / month', 'Front desk', 'daily-report', 'Salon, light', '"recipe_id": "front-desk"']) await app.sees(words);
    await assertAccessible(app, 'the review of a deploy');
    await pictures(app, 'wizard-review');
  });

  await step('the editors offer the same', async () => {
    await app.goTo(`/instances/${agent.id}/platform`);
    const field = await app.find('combobox', 'Workflow to add');
    await field.click();
    await app.when('the workflow is offered', () => document.querySelector('[role=listbox]')?.innerText.includes('Daily report'));
    await app.keys('Escape');
  });
});

test('a key without the right to write is told so where it would be used', async (t) => {
  const step = story(t, () => app);
  const scope = 'instances:write';

  await step('after signing in', async () => {
    await app.goTo('/welcome');
    await connect(app, way.url, platform.keys.read_only);
    await app.sees('Can not deploy, chat, change settings or apply updates');
    assert.deepEqual((await rights()).map(([held]) => held), [true, false, false]);
    await assertAccessible(app, 'a key that only reads');
    await pictures(app, 'key-read-only');
    await app.click('button', 'Close');
  });

  await step('deploying: the button stays, and says why; what is typed is a draft', async () => {
    await app.goTo('/instances');
    await app.sees(`Needs the scope ${scope}`);
    assert.equal(await (await app.find('button', 'Deploy')).getAttribute('aria-disabled'), 'true');
    await assertAccessible(app, 'a fleet where nothing can be deployed');
    await app.goTo('/deploy?step=review');
    await app.sees('This key can not deploy');
    await app.sees(`lacks the scope “${scope}”`);
    await assertAccessible(app, 'a forbidden deploy');
    await pictures(app, 'forbidden-deploy');
  });

  await step('chat, platform configuration and models', async () => {
    for (const tab of ['chat', 'platform', 'models']) {
      await app.goTo(`/instances/${agent.id}/${tab}`);
      await app.sees(`lacks the scope “${scope}”`);
      await assertAccessible(app, `a forbidden ${tab}`);
      await pictures(app, `forbidden-${tab}`);
    }
  });

  await step('acts in the menu stay, and say why', async () => {
    await app.click('button', 'More acts');
    const items = await app.run(() => [...document.querySelectorAll('[role=menuitem]')].map((one) => one.innerText.replace(/\s+/g, ' ')));
    for (const act of ['Apply updates', 'Rotate']) assert.match(items.find((one) => one.startsWith(act)) ?? '', new RegExp(`Needs the scope ${scope}`), items.join());
    assert.match(items.find((one) => one.startsWith('Delete')) ?? '', /Needs the scope instances:delete/);
    await assertAccessible(app, 'forbidden acts');
    await pictures(app, 'forbidden-acts');
    await app.keys('Escape');
  });
});

test('without any of it there is no trace, and everything can be typed', async (t) => {
  const step = story(t, () => app);

  await step('no rights, no bell', async () => {
    await app.goTo('/welcome');
    await connect(app, bareWay.url, bare.keys.admin);
    await app.sees('3 instances');
    assert.equal(await app.run(() => document.querySelector('#signed-in, .bell')?.outerHTML), null);
    await assertAccessible(app, 'without neighbours');
    await pictures(app, 'bare-fleet');
    await app.goTo('/settings');
    await app.find('heading', 'Settings');
    assert.deepEqual(await rights(), []);
  });

  await step('the wizard works, typed by keyboard from beginning to end', async () => {
    await app.goTo('/deploy');
    await tabTo(app, 'Region');
    await (await app.find('combobox', 'Region')).addValue('eu-central');
    await app.keys('Tab');
    await tabTo(app, 'Tier');
    await app.browser.$('#deploy-tier_id').addValue('7e1a5b90-3c2d-4e6f-8a10-000000000001');
    assert.ok(!(await app.run(() => document.querySelector('main').innerText)).includes('could not be read'), 'what is not offered is no failure');
    await pictures(app, 'bare-wizard');
    await next('What');
    await next('Who');
    await tabTo(app, /^Agent name/);
    await app.browser.$('#deploy-agent_name').addValue('Hermit');
    await next('Extras');
    await next('Review');
    await app.keys(['Control', 'Enter']);
    await app.sees('“Hermit” is ready');
    const { instances } = await bare.ask('/v1/instances');
    assert.equal(instances.filter(({ agent_name: name }) => name === 'Hermit').length, 1);
  });

  await step('the editors say that names are to be typed', async () => {
    const { instances: [first] } = await bare.ask('/v1/instances');
    await app.goTo(`/instances/${first.id}/models`);
    await app.sees('This platform offers no list of models.');
    await app.goTo(`/instances/${first.id}/platform`);
    const field = await app.find('combobox', 'Workflow to add');
    await field.click();
    await field.addValue('typed-by-hand');
    await app.keys('Tab');
    assert.equal(await focused(app), 'Add');
    await app.keys('Enter');
    await app.when('it is in the list', () => document.querySelector('ol[aria-label=Workflows]')?.innerText.includes('typed-by-hand'));
  });
});
