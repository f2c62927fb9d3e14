/** What lies around the screens: menus that give the page back, columns that stay, profiles, leaving in mid-answer. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect, DEMO, startDemo } from './support/steps.js';

const home = makeHome();
let platform;
let app;

before(async () => {
  platform = await startPlatform({ fleet: 5 });
  app = await openApp({ home, env: { ...DEMO, NINEHEADS_LOCAL_SPEED: '1' } });
  await startDemo(app);
});
after(async () => {
  await app?.close();
  await platform?.stop();
  await home.remove();
});

const heads = () => [...document.querySelectorAll('[role="columnheader"]')].map((head) => head.innerText.trim());

test('after a menu and after a dialog the page takes clicks again', async () => {
  for (const group of ['Region', 'Nothing']) {
    await app.click('button', 'Group by:', { exact: false });
    await app.click('menuitem', group);
    await app.when(`it is grouped by ${group}`, (wanted) => (document.querySelector('[data-group]') !== null) === wanted, group !== 'Nothing');
  }
  await app.click('button', 'Columns');
  for (const column of ['Tier', 'Runtime']) {
    await app.when(`${column} can be left out`, (wanted) => {
      const label = [...document.querySelectorAll('[role=dialog] label')].find((one) => one.innerText.trim() === wanted);
      label?.querySelector('input').click();
      return label;
    }, column);
    await app.when(`${column} is gone`, (wanted) => ![...document.querySelectorAll('[role="columnheader"]')].some((head) => head.innerText.includes(wanted)), column);
  }
  await app.keys('Escape');
  await app.when('the panel is closed', () => !document.querySelector('[role="dialog"]'));
  await app.keys(['Control', 'k']);
  await app.when('the palette is open', () => document.querySelector('[role="dialog"]'));
  await assertAccessible(app, 'palette');
  await app.keys('Escape');
  await app.when('the palette is closed', () => !document.querySelector('[role="dialog"]'));
  await app.click('link', 'Settings');
  await app.when('the settings are shown', () => location.pathname === '/settings');
  await assertAccessible(app, 'settings');
  await app.click('link', 'Fleet', { exact: false });
  await app.when('the fleet is shown', () => location.pathname === '/instances');
});

test('leaving in mid-answer loses nothing, and waiting can be stopped', async () => {
  await app.run(() => document.querySelector('[data-row-link]').click());
  await app.sees('Capabilities');
  await app.click('link', 'Chat');
  const say = async (text) => {
    const box = await app.find('textbox', 'Message', { exact: false });
    await box.click();
    await box.addValue(text);
    await app.keys('Enter');
    await app.when('it is answering', () => document.body.innerText.includes('Stop waiting'));
  };
  await say('Write a long answer please');
  await app.click('link', 'Overview');
  await app.sees('Capabilities');
  await app.click('link', 'Chat');
  await app.when('the answer is complete', () => /\d+ tokens/.test(document.querySelector('main').innerText));
  await say('Write a long answer again');
  await app.click('button', 'Stop waiting');
  await app.sees('You stopped waiting');
});

test('profiles are switched back and forth, and signing out leads to the first screen', async () => {
  await app.goTo('/welcome');
  await connect(app, platform.url, platform.keys.admin);
  await app.sees('5 instances');
  for (const [name, count] of [['This computer', '12 instances'], ['127.0.0.1', '5 instances']]) {
    await app.click('button', 'Profile:', { exact: false });
    await app.click('menuitem', name, { exact: false });
    await app.sees(count);
  }
  await app.click('button', 'Profile:', { exact: false });
  await app.click('menuitem', 'Sign out', { exact: false });
  await app.sees('Start the demo');
});

test('a restart shows the fleet of the last profile with the columns that were chosen', async () => {
  await app.close();
  app = await openApp({ home, env: DEMO });
  await app.goTo('/instances');
  await app.sees('5 instances');
  const shown = await app.run(heads);
  assert.ok(shown.includes('Region') && !shown.includes('Tier') && !shown.includes('Runtime'), String(shown));
});
