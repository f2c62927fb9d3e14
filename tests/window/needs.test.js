/** What needs a person among ten thousand, three of them side by side, and one that drifts from what was called right. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';

const FLEET = 10_000;
const number = (value) => value.toLocaleString('en-US');
const needRows = () => document.querySelectorAll('[data-need]').length;

test('what needs a person, side by side, and drift', async (t) => {
  const home = makeHome();
  const platform = await startPlatform({ fleet: FLEET, options: [] });
  const app = await openApp({ home });
  t.after(async () => {
    await app.close();
    await platform.stop();
    await home.remove();
  });
  const step = story(t, () => app);
  const { instances } = await platform.ask('/v1/instances');
  const failed = instances.filter(({ status }) => status === 'failed').length;
  const runs = instances.filter(({ status, agent_name }) => status === 'running' && agent_name);

  await step('one line tells how many, and a key leads there', async () => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees(`${number(FLEET)} instances`);
    await app.when('the line is there', () => document.querySelector('main header a[href="/instances/needs-you"]')?.innerText.includes('need you'));
    await app.keys('g');
    await app.keys('n');
    await app.when('the list is there', () => location.pathname === '/instances/needs-you' && document.querySelectorAll('[data-need] a').length > 5);
    await app.when('all that failed are counted', (wanted) => [...document.querySelectorAll('.head')].some((head) => head.innerText.includes('Failed') && head.innerText.includes(wanted)), number(failed));
    assert.ok(failed > 100 && (await app.run(needRows)) < 60, `${failed} failed`);
    await assertAccessible(app, 'what needs a person');
    await pictures(app, 'needs/list');
  });

  await step('the keyboard goes through it, and a row has one act that leads somewhere', async () => {
    // The platform's warnings come a moment after its list, and are rows as well.
    await app.when('the warnings are in it', (wanted) => Number(document.querySelector('[role=table]').getAttribute('aria-rowcount')) > wanted, failed + 2);
    await app.keys('j');
    await app.when('the keyboard is on a row', () => document.activeElement?.closest('[data-need]'));
    await app.keys('End');
    await app.when('the last one has the keyboard', () => {
      const row = document.activeElement?.closest('[data-need]');
      return row && Number(row.getAttribute('aria-rowindex')) === Number(document.querySelector('[role=table]').getAttribute('aria-rowcount'));
    });
    assert.ok((await app.run(needRows)) < 60);
    await app.keys('Home');
    await app.when('the first one has the keyboard', () => document.activeElement?.closest('[data-need]')?.dataset.need === '0');
    const act = await app.run(() => {
      const link = [...document.querySelectorAll('[data-need] .act a')].find((one) => one.innerText.includes('Read its log'));
      link?.click();
      return link?.getAttribute('href') ?? null;
    });
    await app.when('the act leads to the log', (href) => location.pathname === href, act);
  });

  await step('three of the fleet lie side by side, each read on its own', async () => {
    await app.goTo(`/instances/side-by-side?ids=${runs.slice(0, 3).map(({ id }) => id).join(',')}`);
    await app.when('they were read', () => document.querySelectorAll('thead th').length === 4 && !document.querySelector('table[aria-busy=true]') && document.querySelectorAll('tbody td.differs').length > 0);
    await app.sees('places differ');
    await assertAccessible(app, 'side by side');
    await pictures(app, 'needs/sides');
    const few = await app.run(() => document.querySelectorAll('tbody tr').length);
    await app.keys('d');
    await app.when('all places are there', (before) => document.querySelectorAll('tbody tr').length > before, few);
    await app.goTo(`/instances/side-by-side?ids=${runs.slice(0, 6).map(({ id }) => id).join(',')}`);
    await app.when('six were read', () => document.querySelectorAll('thead th').length === 7 && !document.querySelector('table[aria-busy=true]'));
    await app.size(900, 600);
    const stays = await app.run(() => {
      const scroll = document.querySelector('.scroll');
      scroll.scrollLeft = 400;
      return scroll.querySelector('tbody th.place').getBoundingClientRect().left - scroll.getBoundingClientRect().left;
    });
    assert.ok(stays < 2, `the places have gone ${stays} px`);
    await app.size(1280, 800);
  });

  await step('settings are saved as a baseline, and what drifts is reviewed in the editor', async () => {
    const [one] = runs;
    await app.goTo(`/instances/${one.id}/drift`);
    await app.sees('Follows no baseline');
    await app.fill('Name', 'House rules');
    await app.click('button', 'Save its settings');
    await app.sees('It is as the baseline says');
    await platform.ask(`/v1/instances/${one.id}/config`, { method: 'POST', body: { logging: { level: 'trace' } } });
    await app.click('button', 'Read again');
    await app.sees('It differs in');
    await assertAccessible(app, 'what drifts');
    await pictures(app, 'needs/drift');
    await app.click('button', 'Review in the editor');
    await app.when('the editor has the way back', () => location.pathname.endsWith('/config') && document.querySelector('main').innerText.includes('1 change'));
    await app.goTo('/instances/needs-you');
    await app.when('its rows are there', () => document.querySelector('[data-need] a'));
    await app.keys('End');
    await app.when('it is listed as drifting, last of all', () => [...document.querySelectorAll('[data-need]')].some((row) => row.innerText.includes('It differs from “House rules” in 1 place')));
    await pictures(app, 'needs/end');
    await app.goTo('/instances/baselines');
    await app.sees('1 drift');
    await assertAccessible(app, 'baselines');
    await pictures(app, 'needs/baselines');
  });

  await step('without the platform each column says that it was not read, and what is known stays', async () => {
    await platform.stop();
    await app.goTo(`/instances/side-by-side?ids=${runs.slice(2, 4).map(({ id }) => id).join(',')}`);
    await app.when('both say so', () => document.querySelectorAll('thead .failed').length === 2);
    assert.ok(await app.run(() => document.querySelectorAll('tbody td.differs').length > 0));
    await assertAccessible(app, 'side by side without the platform');
    await pictures(app, 'needs/offline');
  });
});

test('where nothing needs anybody it says what was looked at', async (t) => {
  const home = makeHome();
  const platform = await startPlatform({ fleet: 1, speed: 1 });
  const app = await openApp({ home });
  t.after(async () => {
    await app.close();
    await platform.stop();
    await home.remove();
  });
  await connect(app, platform.url, platform.keys.admin);
  await app.sees('1 instance');
  await app.goTo('/instances/needs-you');
  await app.sees('Nothing needs you');
  await app.sees('of 1,');
  await assertAccessible(app, 'nothing needs anybody');
  await pictures(app, 'needs/nothing');
});
