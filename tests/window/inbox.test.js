/** What changes by itself: told by the system while the window is elsewhere, by the window while it is in front; kept, read, led to. And links that the system hands over. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeHome, openApp, until } from './support/app.js';
import { json, LIST, openMisbehaving } from './support/misbehaving.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';

const home = makeHome();
let platform;
let way;
let app;
let instances;
let monitor;
let heard = '';

before(async () => {
  // There is no service for notifications on this bus: what the app asks of one is seen, and nothing answers.
  monitor = spawn('dbus-monitor', ['--session', "interface='org.freedesktop.Notifications'"], { stdio: ['ignore', 'pipe', 'ignore'] });
  monitor.stdout.on('data', (bytes) => (heard += bytes));
  platform = await startPlatform({ fleet: 12, speed: 0, options: ['--no-failures'] });
  way = await openMisbehaving(platform.url);
  ({ instances } = await platform.ask('/v1/instances'));
  instances = instances.map((row) => ({ ...row, status: 'running' }));
  fail(0);
  app = await openApp({ home });
  await connect(app, way.url, platform.keys.admin);
  await app.sees('12 instances');
});
after(async () => {
  await app?.close();
  monitor?.kill();
  await way?.close();
  await platform?.stop();
  await home.remove();
});

/** The first so many have failed from now on. */
function fail(count) {
  way.mend();
  way.spoil(LIST, json(200, { instances: instances.map((row, at) => (at < count ? { ...row, status: 'error' } : row)) }));
}
const inFront = (front) => app.run((there) => {
  Object.defineProperty(document, 'hasFocus', { value: () => there, configurable: true });
  window.dispatchEvent(new Event(there ? 'focus' : 'blur'));
}, front);
/** The desktop follows a link: a second process is started with it. */
function handOver(link) {
  const folders = { XDG_DATA_HOME: join(home.folder, 'data'), XDG_CONFIG_HOME: join(home.folder, 'config'), XDG_CACHE_HOME: join(home.folder, 'cache') };
  return new Promise((done, failed) => spawn(process.env.NINEHEADS_APP, [link], { env: { ...process.env, ...folders }, stdio: 'ignore' }).once('error', failed).once('exit', done));
}

test('what changes by itself', async (t) => {
  const step = story(t, () => app);

  await step('nothing has come yet', async () => {
    await app.goTo('/inbox');
    await app.sees('Nothing has changed by itself');
    await assertAccessible(app, 'an empty inbox');
    await pictures(app, 'inbox-empty');
  });

  await step('ten that fail while the window is elsewhere are one notification, asked of a system that has none', async () => {
    await inFront(false);
    fail(10);
    await until(() => heard.includes('10 instances failed'), 'the system is asked for a notification');
    await app.sees('10 instances failed');
    await app.when('one is unread', () => document.querySelectorAll('li.unread').length === 1);
    await assertAccessible(app, 'an inbox');
  });

  await step('one that recovers while the window is in front is said there', async () => {
    await app.goTo('/activity');
    await inFront(true);
    fail(9);
    const name = instances[9].agent_name;
    await app.sees(`${name} runs again`);
    await pictures(app, 'news-toast');
    await app.goTo('/inbox');
    await app.sees(`${name} runs again`);
    await pictures(app, 'inbox');
    assert.ok(!heard.includes('runs again'));
  });

  await step('the ten lead to those that failed, and are read', async () => {
    await app.click('link', '10 instances failed', { exact: false });
    await app.when('the fleet shows the failed ones', () => location.pathname === '/instances' && location.search === '?status=failed');
    await app.goTo('/inbox');
    await app.click('button', 'Mark all as read');
    await app.when('all is read', () => !document.querySelector('li.unread') && document.querySelectorAll('main li').length === 2);
  });

  await step('what is told is chosen in the settings', async () => {
    await app.goTo('/settings');
    await app.when('the choices are there', () => document.querySelector('#news input[type=checkbox]'));
    await app.run(() => document.querySelector('#news').scrollIntoView());
    await app.click('checkbox', 'Quiet on Friday');
    await app.when('the hours are there', () => document.querySelector('input[aria-label="Friday, until"]')?.value === '07:00');
    await assertAccessible(app, 'the choices of what is told');
    await pictures(app, 'settings-news');
  });

  await step('a link leads to an instance; one that is not known is asked about, one with a key is refused', async () => {
    await handOver(`nineheads://instances/${instances[0].id}/logs`);
    await app.when('the logs are there', () => location.pathname.endsWith('/logs'));
    await handOver('nineheads://instances/somebody-elses');
    await app.sees('Open an instance that is not in the list?');
    await assertAccessible(app, 'a link to what is not known');
    await pictures(app, 'link-elsewhere');
    await app.click('button', 'Stay here');
    await app.when('no dialog is there', () => !document.querySelector('[role=dialog]'));
    await handOver('nineheads://instances?base_url=https%3A%2F%2Fevil.example');
    await app.sees('it names a platform’s address');
    assert.ok(await app.run(() => location.pathname.endsWith('/logs')));
  });

  await step('emptying it says what goes, and asks', async () => {
    await app.goTo('/inbox');
    await app.click('button', 'Empty the inbox');
    await app.sees('All 2 entries are deleted');
    await assertAccessible(app, 'emptying the inbox');
    await pictures(app, 'inbox-empty-it');
    await app.run(() => [...document.querySelectorAll('[role=dialog] footer button')].at(-1).click());
    await app.sees('Nothing has changed by itself');
  });
});
