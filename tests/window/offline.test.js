/** A platform that falls silent: what was seen stays to be read, what would change something is refused, and it comes back by itself. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect, fillWizard } from './support/steps.js';
import { story } from './support/story.js';

const home = makeHome();
let platform;
let app;
let agent;

before(async () => {
  platform = await startPlatform({ fleet: 200 });
  app = await openApp({ home });
});
after(async () => {
  platform?.thaw();
  await app?.close();
  await platform?.stop();
  await home.remove();
});

const bar = 'section.offline';
const rows = () => app.run(() => document.querySelectorAll('[role="row"]').length);
const type = async (label, text) => {
  const field = await app.find('textbox', label, { exact: false });
  await field.click();
  await field.addValue(text);
};

test('a silent platform', async (t) => {
  const step = story(t, () => app);

  await step('everything about an agent is looked at once', async () => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('200 instances');
    [agent] = (await platform.ask('/v1/instances')).instances.filter(({ status }) => status === 'running');
    for (const [tab, seen] of [['', agent.agent_name], ['/logs', 'lines'], ['/config', 'Last touched version'], ['/usage', 'Day by day']]) {
      await app.goTo(`/instances/${agent.id}${tab}`);
      await app.sees(seen);
    }
    await app.goTo(`/instances/${agent.id}/chat`);
    await type('Message', 'Are you there?');
    await app.keys('Enter');
    await app.when('the reply is complete', () => /\d+ tokens/.test(document.querySelector('main').innerText));
    await app.goTo('/deploy');
    await app.find('button', 'Starter', { exact: false });
    await app.goTo('/instances');
    await app.when('rows are there', () => document.querySelectorAll('[role="row"]').length > 10);
  });

  await step('that it is silent is found out while the look still waits for its answer', async () => {
    platform.freeze();
    await app.run(() => void window.__TAURI_INTERNALS__.invoke('refresh_fleet'));
    await app.when('the bar is there', (selector) => document.querySelector(selector), bar);
    await app.sees('No connection since');
    assert.ok((await rows()) > 10);
    await assertAccessible(app, 'the fleet, offline');
    await pictures(app, 'offline-fleet');
  });

  await step('two hundred instances are searched and opened, with their logs, chats and figures', async () => {
    await type('Search the fleet', agent.agent_name);
    await app.when('the row is found', (name) => [...document.querySelectorAll('[role="row"]')].some((row) => row.innerText.includes(name)), agent.agent_name);
    for (const [tab, seen] of [['', agent.hostname], ['/logs', 'lines'], ['/chat', 'Are you there?'], ['/usage', 'Day by day']]) {
      await app.goTo(`/instances/${agent.id}${tab}`);
      await app.sees(seen);
      assert.ok(await app.run((selector) => document.querySelectorAll(selector).length === 1, bar), `one bar at ${tab}`);
    }
    const others = (await app.run(() => window.__TAURI_INTERNALS__.invoke('show_fleet', { query: { text: '', phases: [], sort: 'name', descending: false }, offset: 0, limit: 200 }).catch((thrown) => thrown)));
    assert.equal(others.rows?.length, 200, JSON.stringify(others).slice(0, 300));
    await pictures(app, 'offline-usage');
  });

  await step('a message, a deploy and a change are refused, and what was typed stays', async () => {
    await app.goTo(`/instances/${agent.id}/chat`);
    await type('Message', 'This must not get lost');
    await app.keys('Enter');
    await app.when('the refusal is told and the text is kept', () => {
      const text = document.querySelector('textarea').value + document.querySelector('main').innerText;
      return text.includes('This must not get lost');
    });
    await pictures(app, 'offline-chat');
    await fillWizard(app, 'Nobody hears this');
    await app.click('button', 'Deploy');
    await app.sees('No answer from the platform');
    await app.goTo('/deploy?step=who');
    assert.equal(await (await app.find('textbox', 'Agent name', { exact: false })).getValue(), 'Nobody hears this');
    await assertAccessible(app, 'a refused deploy');
    assert.deepEqual(await app.run(() => window.__TAURI_INTERNALS__.invoke('list_deploys')), [], 'nothing waits to be sent behind the person');
  });

  await step('a restart while it is silent begins with what is kept', async () => {
    await app.close();
    app = await openApp({ home });
    await app.goTo('/instances');
    await app.sees('200 instances');
    await app.when('the bar is there', (selector) => document.querySelector(selector), bar);
    await app.goTo(`/instances/${agent.id}/chat`);
    await app.sees('Are you there?');
  });

  await step('it comes back without a click', async () => {
    platform.thaw();
    await app.when('the bar has gone', (selector) => !document.querySelector(selector), bar);
    await app.goTo('/instances');
    await app.sees('200 instances');
    assert.equal((await platform.ask('/v1/instances')).instances.length, 200, 'nothing was made');
  });
});
