/** Several platforms side by side: whose is in front, how careful it is, and what it would take to reach it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, chooseOption, connect } from './support/steps.js';
import { openWay } from './support/way.js';

const home = makeHome();
let north;
let south;
let way;
let app;

before(async () => {
  north = await startPlatform({ fleet: 3 });
  south = await startPlatform({ fleet: 5 });
  way = await openWay(north.url);
  app = await openApp({ home });
  await connect(app, way.url, north.keys.admin);
  await app.sees('3 instances');
});
after(async () => {
  await app?.close();
  await way?.close();
  await north?.stop();
  await south?.stop();
  await home.remove();
});

const saidByCard = () => document.querySelector('aside button')?.innerText ?? '';
const writes = () => ['POST', 'PATCH', 'DELETE'].flatMap((method) => way.sent(method, /./));

/** Opens the edit dialog of a profile by its name. */
async function edit(name) {
  await app.goTo('/settings');
  await app.click('button', `Edit ${name}`, { exact: false });
  await app.sees('A key belongs to exactly one address');
}
const choose = (field, option) => chooseOption(app, field, option);
async function save() {
  await app.click('button', 'Save changes');
  await app.when('the dialog is closed', () => !document.querySelector('[role=dialog]'));
}

test('a profile gets a name, and read-only is in the frame and in every act', async () => {
  await edit('127.0.0.1');
  await app.fill('Name', 'North');
  await choose('Changes', 'Read-only');
  await assertAccessible(app, 'the edit dialog');
  await app.screenshot('profiles-edit');
  await save();
  await app.when('the frame says so', () => /North[\s\S]*Read-only/.test(document.querySelector('aside button')?.innerText ?? ''));
  await app.goTo('/instances');
  await app.sees('3 instances');
  await app.when('Deploy is shut and says why', () => [...document.querySelectorAll('button[aria-disabled=true]')].some((button) => button.innerText.includes('Deploy') && /read-only/i.test(button.title)));
  await app.run(() => document.querySelector('[data-row-link]').click());
  await app.sees('Capabilities');
  await app.click('link', 'Chat');
  await app.sees('This profile is read-only');
  assert.equal(writes().length, 0);
});

test('asked for its name, a message leaves only when the name was typed', async () => {
  await edit('North');
  await choose('Changes', 'Ask for the name');
  await save();
  await app.goTo('/instances');
  await app.sees('3 instances');
  await app.run(() => document.querySelector('[data-row-link]').click());
  await app.sees('Capabilities');
  await app.click('link', 'Chat');
  const say = async () => {
    const box = await app.find('textbox', 'Message', { exact: false });
    await box.click();
    await app.keys(['Control', 'a']);
    await box.addValue('Hello from the right tenant');
    await app.keys('Enter');
    await app.sees('Change something on North?');
  };
  await say();
  await assertAccessible(app, 'the question');
  await app.keys('Escape');
  await app.when('the question is gone', () => !document.querySelector('[role=dialog]'));
  assert.equal(writes().length, 0, 'a no sends nothing');
  await say();
  await app.fill('Type “North” to confirm', 'North');
  await app.click('button', 'Send it');
  await app.when('it is answered', () => /tokens/.test(document.querySelector('main').innerText));
  assert.equal(way.sent('POST', /chat/).length, 1);
});

test('two tenants are told apart by name and colour wherever one looks', async () => {
  await app.goTo('/welcome');
  await connect(app, south.url, south.keys.admin);
  await app.sees('5 instances');
  const colour = () => getComputedStyle(document.querySelector('.edge')).backgroundColor;
  const souths = await app.run(colour);
  assert.match(await app.run(saidByCard), /127\.0\.0\.1/);
  await app.click('button', 'Profile:', { exact: false });
  await app.click('menuitem', 'North', { exact: false });
  await app.sees('3 instances');
  assert.match(await app.run(saidByCard), /North[\s\S]*Asks for the name/);
  assert.notEqual(await app.run(colour), souths);
  await app.goTo('/settings');
  const { host } = new URL(south.url);
  await app.click('button', `Move ${host} up`);
  await app.when('the order is another', (first) => [...document.querySelectorAll('main li b')].map((name) => name.innerText).join() === `${first},North`, host);
});

test('the test names the layer at fault', async () => {
  await edit('North');
  await app.click('button', 'Test the connection');
  await app.sees('Everything answers as it should.');
  await way.down();
  await app.click('button', 'Test the connection');
  await app.sees('It fails at: Connection');
  await app.sees('Check the port, the firewall, and whether the platform runs.');
  await app.screenshot('profiles-test');
  await way.up();
  await app.click('button', 'Cancel');
});

test('a second process changes nothing, whatever it is told', async () => {
  const env = { ...process.env, XDG_DATA_HOME: join(home.folder, 'data'), XDG_CONFIG_HOME: join(home.folder, 'config'), XDG_CACHE_HOME: join(home.folder, 'cache') };
  const second = spawn(process.env.NINEHEADS_APP, ['--base-url=https://evil.example'], { env, stdio: 'ignore' });
  const code = await new Promise((done) => second.once('exit', done));
  assert.equal(code, 0, 'it hands over and ends');
  await app.goTo('/settings');
  assert.ok(!(await app.run(() => document.body.innerText)).includes('evil.example'));
  assert.match(await app.run(saidByCard), /North/);
});

test('a forgotten profile is gone, and the others stay', async () => {
  await app.goTo('/settings');
  await app.click('button', 'Forget North', { exact: false });
  await app.fill('Type “North” to confirm', 'North');
  await app.click('button', 'Forget profile');
  await app.when('it is gone', () => ![...document.querySelectorAll('b')].some((name) => name.innerText === 'North'));
});
