/** No keystore, a locked one, one that never answers: the window is there and says what to do. The vault and the lock. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp, until } from './support/app.js';
import { openBus } from './support/bus.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, chooseOption, connect } from './support/steps.js';
import { openWay } from './support/way.js';

const PASSPHRASE = 'four random words here';
const home = makeHome();
let platform;
let app;
let bus;

/** Starts the app on a bus with such a keystore. */
async function start(keystore) {
  await app?.close();
  await bus?.close();
  bus = await openBus(keystore);
  app = await openApp({ home, env: bus.env });
}

const text = () => app.run(() => document.body.innerText);

before(async () => {
  platform = await startPlatform({ fleet: 3 });
  app = await openApp({ home });
  await connect(app, platform.url, platform.keys.admin);
  await app.sees('3 instances');
});
after(async () => {
  await app?.close();
  await bus?.close();
  await platform?.stop();
  await home.remove();
});

test('a keystore that never answers keeps nobody waiting: the window is there and says so', async () => {
  await start('silent');
  await app.when('the window says where it stands', () => /Waiting for this computer’s keystore|did not hand over the key/.test(document.body.innerText));
  assert.ok(bus.asked() > 0, 'the keystore was asked');
  await app.sees('The keystore did not hand over the key of 127.0.0.1');
  await app.sees('Unlock it and try again');
  await assertAccessible(app, 'without a keystore');
  await app.screenshot('keystore-silent');
});

test('the key can be typed for this run, and the platform is there again', async () => {
  await app.fill('API key', platform.keys.admin);
  await app.click('button', 'Use this key');
  await app.sees('3 instances');
  await app.sees('This computer has no usable keystore');
});

test('a locked keystore is named, and keeping nothing is a choice that is remembered', async () => {
  await start('locked');
  await app.sees('The keystore did not hand over the key of 127.0.0.1');
  await app.click('button', 'Keep keys for this run only');
  await app.goTo('/settings');
  await app.sees('Nowhere: until the app ends');
  await app.click('button', 'Use the keystore');
  await app.sees('In memory: the system’s keystore can not be used');
});

test('without any keystore a vault keeps the keys, and asks for its passphrase at the next start', async () => {
  await start('absent');
  await app.sees('The keystore did not hand over the key of 127.0.0.1');
  await app.click('button', 'Use a passphrase vault');
  await app.fill('New passphrase', PASSPHRASE);
  const again = await app.find('textbox', 'New passphrase again');
  await again.click();
  await again.addValue(PASSPHRASE);
  await app.click('button', 'Make the vault');
  await app.sees('Keys are in the vault now');
  // The key itself was in a keystore that is gone: it is asked for once more, and kept in the vault.
  await app.fill('API key', platform.keys.admin);
  await app.click('button', 'Use this key');
  await app.goTo('/instances');
  await app.sees('3 instances');

  await start('absent');
  await app.sees('Your keys are in a vault that your passphrase opens.');
  assert.ok(!(await text()).includes('127.0.0.1'), 'not even the profile is named');
  await assertAccessible(app, 'the lock screen');
  await app.screenshot('keystore-vault');
  await app.fill('Passphrase', 'not this one');
  await app.click('button', 'Unlock');
  await app.sees('That is not the passphrase');
  await app.fill('Passphrase', PASSPHRASE);
  await app.click('button', 'Unlock');
  await app.sees('3 instances');
});

test('locked now, the window tells nothing and forgets nothing that was typed', async () => {
  const name = await app.run(() => document.querySelector('[data-row-link]').innerText.split('\n')[0]);
  await app.run(() => document.querySelector('[data-row-link]').click());
  await app.sees('Capabilities');
  await app.click('link', 'Chat');
  const box = await app.find('textbox', 'Message', { exact: false });
  await box.click();
  await box.addValue('half a thought');
  await app.keys(['Control', 'k']);
  await app.when('the palette offers it', () => [...document.querySelectorAll('[role=option]')].some((one) => one.innerText.includes('Lock now')));
  await app.run(() => [...document.querySelectorAll('[role=option]')].find((one) => one.innerText.includes('Lock now')).click());
  await app.sees('Locked');
  const shown = `${await text()} ${await app.run(() => document.title)}`;
  for (const secret of [name, '127.0.0.1', 'half a thought']) assert.ok(!shown.includes(secret), `the lock screen says ${secret}`);
  await app.fill('Passphrase', PASSPHRASE);
  await app.click('button', 'Unlock');
  await app.when('what was typed is there', () => [...document.querySelectorAll('textarea')].some((field) => field.value === 'half a thought'));
});

test('a profile whose token ended with the app shows what is kept, offers no look, and goes on with a credential', async () => {
  const way = await openWay(platform.url);
  try {
    await app.goTo('/welcome');
    await app.fill('Base URL', way.url);
    await app.run(() => document.querySelector('input[type=radio][value=bearerToken]').click());
    await app.fill('Bearer token', platform.keys.admin);
    await app.click('button', 'Connect');
    await app.sees('3 instances');
    await way.down();
    await start('absent');
    await app.fill('Passphrase', PASSPHRASE);
    await app.click('button', 'Unlock');
    await app.sees('has no key on this computer');
    await app.sees('3 instances');
    await app.when('the rows are there, with their age', () => document.querySelectorAll('[data-row-link]').length === 3 && /As of \d\d:\d\d/.test(document.querySelector('main').innerText));
    assert.doesNotMatch(await text(), /Try again|Look again|can not be reached/, 'no look is offered or made');
    await assertAccessible(app, 'without a key');
    await app.screenshot('keystore-keyless');
    await way.up();
    await app.fill('Bearer token', platform.keys.admin);
    await app.click('button', 'Use this token');
    await app.sees('The key works. The app is looking again.');
    await app.when('the question is gone and the rows are live', () => !/has no key on this computer|As of \d\d:\d\d/.test(document.body.innerText) && document.querySelectorAll('[data-row-link]').length === 3);
  } finally {
    await way.close();
  }
});

test('left alone for a minute, it locks by itself, and opens again where it was', async () => {
  await app.goTo('/settings');
  await chooseOption(app, 'Lock when idle', 'After 1 min');
  await app.sees('After 1 min');
  await until(() => app.run(() => document.body.innerText.includes('Locked') && !document.body.innerText.includes('Lock when idle')), 'nobody moved, and it locked', 100_000);
  assert.ok(!(await text()).includes('127.0.0.1'), 'the lock screen names no profile');
  await app.fill('Passphrase', PASSPHRASE);
  await app.click('button', 'Unlock');
  await app.sees('After 1 min');
});
