/** The whole path of a person who never saw the app, in the real window. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { assertAccessible, DEMO, fillWizard, startDemo } from './support/steps.js';

const home = makeHome();
let app;

before(async () => {
  app = await openApp({ home, env: DEMO });
});
after(async () => {
  await app?.close();
  await home.remove();
});

const shot = (name) => app.screenshot(`path-${name}`);

test('a newcomer tries the demo, deploys, watches, talks, reads the log and deletes', async (t) => {
  await t.test('the first screen offers two ways in', async () => {
    await app.sees('Try the demo on this computer');
    await app.sees('Connect to a platform');
    await assertAccessible(app, 'first start');
    await shot('1-welcome');
  });

  await t.test('the demo shows a fleet of twelve', async () => {
    await startDemo(app);
    await app.when('twelve rows are there', () => document.querySelectorAll('[role="row"][aria-rowindex]').length >= 12);
    await assertAccessible(app, 'fleet');
    await shot('2-fleet');
  });

  await t.test('the wizard leads to a review of the exact request', async () => {
    await fillWizard(app, 'Orchard', { shots: 'path-3-wizard' });
    await app.sees('"agent_name": "Orchard"');
    await assertAccessible(app, 'review');
    const curl = await app.find('radio', 'curl');
    await curl.click();
    await app.sees('curl --request POST');
    await app.click('radio', 'Command');
    await app.sees('nineheads deploy');
    const page = await app.run(() => document.body.innerText);
    assert.doesNotMatch(page, /hc_live_/, 'the key is not shown');
  });

  await t.test('the deploy goes through its stages to ready', async () => {
    await app.click('button', 'Deploy');
    await app.sees('Deploying “Orchard”');
    await app.sees('bootstrap 1 of 4');
    await assertAccessible(app, 'progress');
    await shot('4-progress');
    await app.sees('“Orchard” is ready');
    await app.sees('bootstrap 4 of 4');
    await assertAccessible(app, 'ready');
    await shot('5-ready');
  });

  await t.test('the overview says what it is and that it is alive', async () => {
    await app.click('link', 'Open the instance', { exact: false });
    await app.sees('Running');
    await app.sees('personal_assistant');
    await app.sees('fetched');
    await assertAccessible(app, 'overview');
    await shot('6-overview');
  });

  await t.test('a question is answered as a stream', async () => {
    await app.click('link', 'Chat');
    const box = await app.find('textbox', 'Message', { exact: false });
    await box.click();
    await box.addValue('What is your status? Answer with a table.');
    await app.keys('Enter');
    await app.sees('What is your status? Answer with a table.');
    // The reply grows: it is seen before it is complete, and it is longer later.
    const early = await app.when('the first words are there', () => document.querySelector('[data-testid="reply"]')?.innerText.length > 3 && document.querySelector('[data-testid="reply"]').innerText.length);
    await shot('7-chat-answering');
    await app.when('the reply is complete', () => /\d+ tokens/.test(document.querySelector('main').innerText));
    const all = await app.run(() => document.querySelector('[data-testid="reply"]').innerText.length);
    assert.ok(all > early, `${all} characters after ${early}`);
    await app.when('a table is shown as one', () => document.querySelector('[data-testid="reply"] table'));
    await app.sees('simulat');
    await assertAccessible(app, 'chat');
    await shot('8-chat');
  });

  await t.test('the log tells how it came up', async () => {
    await app.click('link', 'Logs', { exact: false });
    await app.sees('bootstrap 4 of 4');
    await assertAccessible(app, 'logs');
    await shot('9-logs');
  });

  await t.test('deleting asks for the name and takes it from the fleet', async () => {
    await app.click('button', 'More acts');
    await app.click('menuitem', 'Delete instance…');
    const confirm = await app.find('button', 'Delete instance');
    assert.equal(await confirm.isEnabled(), false, 'not before the name is typed');
    await assertAccessible(app, 'delete');
    await shot('10-delete');
    const name = await app.find('textbox', 'Orchard', { exact: false });
    await name.addValue('Orchard');
    await confirm.click();
    await app.when('the fleet is shown', () => location.pathname === '/instances');
    await app.sees('12 instances');
    await app.when('it has gone', () => ![...document.querySelectorAll('[role="row"]')].some((row) => row.innerText.includes('Orchard')));
    await shot('11-deleted');
  });
});
