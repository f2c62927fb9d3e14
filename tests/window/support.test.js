/** When something goes wrong inside the app: a sentence and a reference, drafts kept, and a bundle that a person reads before it is saved. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeHome, openApp, until } from './support/app.js';
import { tabTo, type } from './support/keyboard.js';
import { pictures } from './support/pictures.js';
import { assertAccessible, DEMO, startDemo } from './support/steps.js';
import { story } from './support/story.js';

const folderOf = (home) => join(home.folder, 'data', 'dev.nineheads.app');
const logOf = (home) => readdirSync(join(folderOf(home), 'logs')).map((name) => readFileSync(join(folderOf(home), 'logs', name), 'utf8')).join('\n');

async function begin(t, env = {}) {
  const home = makeHome();
  const world = { home, app: await openApp({ home, env: { ...DEMO, ...env } }) };
  t.after(async () => {
    await world.app.close();
    await home.remove();
  });
  return world;
}

test('a support bundle is read before it is saved, and each part can be left out', async (t) => {
  const { app } = await begin(t);
  const step = story(t, () => app);
  const preview = () => app.run(() => document.querySelector('[role=dialog] pre')?.innerText ?? '');

  await step('everything that would be saved is there to be read', async () => {
    await startDemo(app);
    await app.goTo('/settings');
    await app.click('button', 'Look and save…');
    await app.when('the text is there', () => document.querySelector('[role=dialog] pre')?.innerText.includes('== Log =='));
    const text = await preview();
    for (const title of ['Versions', 'Profiles', 'Connection', 'Failures', 'Deploys', 'Storage', 'Preferences', 'Log']) assert.ok(text.includes(`== ${title} ==`), `${title} is missing`);
    assert.match(text, /Nineheads: \d/);
    assert.match(text, /This computer/);
    assert.match(text, /journal\.db \d+ bytes/);
    assert.doesNotMatch(text, /hc_live_/);
    assert.doesNotMatch(text, new RegExp(process.env.HOME));
    await assertAccessible(app, 'a support bundle');
    await pictures(app, 'support-bundle');
  });

  await step('by keyboard a part is left out, and what is left is what would be saved', async () => {
    await tabTo(app, 'Log');
    await app.keys('Space');
    await app.when('the log is gone', () => !document.querySelector('[role=dialog] pre').innerText.includes('== Log =='));
    for (const title of ['Versions', 'Profiles', 'Connection', 'Failures', 'Deploys', 'Storage', 'Preferences']) {
      await tabTo(app, title);
      await app.keys('Space');
    }
    await app.sees('Everything is left out.');
    assert.equal(await (await app.find('button', 'Save bundle…')).isEnabled(), false);
    await pictures(app, 'support-bundle-nothing');
    await app.keys('Escape');
    await app.when('the dialog is closed', () => !document.querySelector('[role=dialog]'));
  });
});

test('a bundle that can not be collected says so', async (t) => {
  const { app } = await begin(t, { NINEHEADS_PANIC_IN: 'get_support_bundle' });
  await startDemo(app);
  await app.goTo('/settings');
  await app.click('button', 'Look and save…');
  await app.sees('The bundle could not be collected');
  await app.sees('A part of Nineheads failed');
  await assertAccessible(app, 'a bundle that failed');
  await pictures(app, 'support-bundle-failed');
});

test('a panic in a command is a sentence in the window, and a line in the log without secrets', async (t) => {
  const { app, home } = await begin(t, { NINEHEADS_PANIC_IN: 'get_choices' });
  await startDemo(app);
  await app.goTo('/deploy?step=where');
  await app.sees('Something in Nineheads went wrong');
  await app.sees('What you typed is kept.');
  const reference = await app.when('there is a reference', () => /Reference ([0-9a-f]{8})/.exec(document.body.innerText)?.[1]);
  await until(() => logOf(home).includes(reference), 'the log has it');
  assert.match(logOf(home), new RegExp(`${reference}: a part of the app failed: .*as was wished`));
  await assertAccessible(app, 'after a panic');
  await pictures(app, 'mishap-panic');
  // The rest of the app answers.
  await app.click('button', 'Dismiss');
  await app.goTo('/instances');
  await app.sees('12 instances');
});

test('an error of the page is one notice with a reference; reloading goes on', async (t) => {
  const { app, home } = await begin(t);
  await startDemo(app);
  await app.run(() => {
    setTimeout(() => { throw new TypeError('the page fell over its feet'); });
    setTimeout(() => { throw new TypeError('and again'); });
    void Promise.reject(new Error('nobody caught this'));
  });
  await app.sees('Something in Nineheads went wrong');
  const reference = await app.when('there is a reference', () => /Reference ([0-9a-f]{8})/.exec(document.body.innerText)?.[1]);
  await until(() => logOf(home).includes(`${reference}: the page failed`), 'the log has it');
  assert.equal(await app.run(() => document.querySelectorAll('main .notice').length), 1, 'one notice');
  await assertAccessible(app, 'after an error of the page');
  await pictures(app, 'mishap-page');
  await tabTo(app, 'Reload');
  await app.keys('Enter');
  await app.sees('12 instances');
  assert.equal(await app.run(() => document.body.innerText.includes('Something in Nineheads went wrong')), false);
});

test('after a crash the next start says so once, and what was typed is there', async (t) => {
  const world = await begin(t);
  const step = story(t, () => world.app);
  let chat;

  await step('killed with a message half typed', async () => {
    const { app } = world;
    await startDemo(app);
    chat = await app.run(() => document.querySelector('a[data-row-link]')?.getAttribute('href'));
    await app.goTo(`${chat.split('?')[0]}/chat`);
    await app.when('the field is there', () => document.querySelector('textarea'));
    await app.run(() => document.querySelector('textarea').focus());
    await type(app, 'Half a thought');
    // A draft is kept a moment after the last key.
    await until(async () => (await app.browser.executeAsync((name, done) => {
      window.__TAURI_INTERNALS__.invoke('get_draft', { name }).then(done, done);
    }, `chat:${chat.split('?')[0].split('/').pop()}`)) === 'Half a thought', 'the draft is kept');
    await app.kill();
  });

  await step('started again, it says when, and that nothing was lost', async () => {
    world.app = await openApp({ home: world.home, env: DEMO });
    const { app } = world;
    await app.sees('Nineheads ended unexpectedly on');
    await app.sees('Nothing was lost');
    await app.when('the draft is there', () => document.querySelector('textarea')?.value === 'Half a thought');
    await assertAccessible(app, 'after a crash');
    await pictures(app, 'mishap-ended');
    await app.click('button', 'Dismiss');
    await app.when('it is put away', () => !document.body.innerText.includes('ended unexpectedly'));
  });

  await step('ended in order, the start after that says nothing', async () => {
    await world.app.close();
    world.app = await openApp({ home: world.home, env: DEMO });
    await world.app.when('the draft is there', () => document.querySelector('textarea')?.value === 'Half a thought');
    assert.equal(await world.app.run(() => document.body.innerText.includes('ended unexpectedly')), false);
  });
});

test('broken preferences are set aside, and the app starts as if it were new', async (t) => {
  const home = makeHome();
  mkdirSync(folderOf(home), { recursive: true });
  writeFileSync(join(folderOf(home), 'preferences.json'), '{"preferences":{"theme":"dark","last');
  const app = await openApp({ home, env: DEMO });
  t.after(async () => {
    await app.close();
    await home.remove();
  });
  await startDemo(app);
  const aside = readdirSync(folderOf(home)).filter((name) => name.startsWith('preferences.json.bad-'));
  assert.equal(aside.length, 1);
  assert.equal(readFileSync(join(folderOf(home), aside[0]), 'utf8'), '{"preferences":{"theme":"dark","last');
  await app.goTo('/settings');
  await app.click('radio', 'Dark');
  await until(() => JSON.parse(readFileSync(join(folderOf(home), 'preferences.json'), 'utf8')).preferences.theme === 'dark', 'new ones are kept');
});
