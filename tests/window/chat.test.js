/** Talking to agents beyond the first path: search, quote, send again, prompts, and the same question to several. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';

const home = makeHome();
let platform;
let app;
/** Two agents that run. */
let first;
let second;

before(async () => {
  // The first message arrives, but its answer does not.
  platform = await startPlatform({ fleet: 6, faults: [{ operation: 'chat', fault: 'cut_after_commit', often: { times: 1 } }] });
  app = await openApp({ home });
  await connect(app, platform.url, platform.keys.admin);
  await app.sees('6 instances');
  const { instances } = await platform.ask('/v1/instances');
  [first, second] = instances.filter(({ status }) => status === 'running');
});
after(async () => {
  await app?.close();
  await platform?.stop();
  await home.remove();
});

const QUESTION = 'What is your status? Answer with a table.';
const field = () => app.find('textbox', 'Message', { exact: false });
const inField = async () => (await field()).getValue();
const emptyField = async () => {
  await app.when('nothing lies above', () => !document.querySelector('[role=dialog], [role=menu]'));
  await (await field()).click();
  await app.keys(['Control', 'a']);
  await app.keys('Delete');
};

test('a conversation is searched, quoted, repeated, and carried on with prompts', async (t) => {
  await t.test('a message that may have arrived is not sent again without a question', async () => {
    await app.goTo(`/instances/${first.id}/chat`);
    const box = await field();
    await box.click();
    await box.addValue(QUESTION);
    await app.keys('Enter');
    await app.sees('We do not know whether it arrived');
    await app.click('button', 'Send again…');
    await app.sees('It may have arrived: send it again?');
    await assertAccessible(app, 'sending again');
    await app.screenshot('chat-again');
    await app.click('button', 'Send again');
    await app.when('the reply is complete', () => /\d+ tokens/.test(document.querySelector('main').innerText));
    // Counted by the app: one of them may have left the view, and with it the page.
    await app.sees('2 messages since');
  });

  await t.test('words are found and marked', async () => {
    await app.keys(['Control', 'f']);
    const search = await app.find('textbox', 'Search this conversation');
    await search.addValue('simulated');
    await app.when('there is a match', () => /\d of \d/.test(document.querySelector('[role=search]').innerText));
    await app.when('its place is shown', () => document.querySelector('[data-found=here]'));
    await app.when('the words are marked', () => !('highlights' in CSS) || CSS.highlights.has('chat-here'));
    await assertAccessible(app, 'searching a conversation');
    await app.screenshot('chat-find');
    await app.keys('Escape');
    await app.when('the search is closed', () => !document.querySelector('[role=search]'));
    await app.when('nothing is marked', () => !document.querySelector('[data-found]'));
  });

  await t.test('everything about a message is in its menu, by keyboard', async () => {
    await app.run(() => [...document.querySelectorAll('[aria-label^="Acts for the message"]')].at(-1).focus());
    await app.keys('Enter');
    await app.find('menuitem', 'Copy both as Markdown');
    await assertAccessible(app, 'the menu of a message');
    await app.screenshot('chat-menu');
    await app.click('menuitem', 'Quote the reply');
    await app.when('the reply is quoted', () => document.querySelector('textarea').value.startsWith('> '));
    await emptyField();
  });

  await t.test('a slash opens the prompts, and is not lost', async () => {
    await (await field()).click();
    await app.keys('/');
    await (await app.find('textbox', 'Search the prompts')).addValue('help');
    await app.sees('leaves “/help” in the field');
    await app.keys('Escape');
    await app.when('the field has it', () => document.querySelector('textarea').value === '/help');
    await emptyField();
  });

  await t.test('a prompt is written, filled in and inserted', async () => {
    await app.click('button', 'Prompts');
    await app.sees('No prompts yet');
    await assertAccessible(app, 'no prompts');
    await app.click('button', 'New prompt');
    await app.fill('Title', 'Greeting');
    await app.fill('Text', 'Say hello to {{guest}}.');
    await assertAccessible(app, 'writing a prompt');
    await app.click('button', 'Save the prompt');
    await app.find('button', 'Greeting', { exact: false });
    await app.screenshot('chat-prompts');
    await app.click('button', 'Insert Greeting', { exact: false });
    await app.fill('guest', 'Ada');
    await app.sees('Say hello to Ada.');
    await assertAccessible(app, 'filling in a prompt');
    await app.click('button', 'Insert');
    await app.when('it is in the field', () => document.querySelector('textarea').value === 'Say hello to Ada.');
    assert.equal(await inField(), 'Say hello to Ada.');
    await emptyField();
  });
});

test('the same question goes to two agents side by side', async (t) => {
  await t.test('the second one is found in the fleet', async () => {
    await app.click('button', 'More for this conversation');
    await app.click('menuitem', 'Ask several instances…');
    await app.when('the comparison is open', (id) => location.pathname === '/compare' && location.search.includes(id), first.id);
    await app.sees('Choose one more instance');
    const picker = await app.find('combobox', 'Add an instance');
    await picker.click();
    await picker.addValue(second.hostname);
    await app.when('it alone is offered', (name) => {
      const options = [...document.querySelectorAll('[role=option]')];
      return options.length === 1 && options[0].innerText.includes(name);
    }, second.agent_name);
    await app.keys('Enter');
    await app.when('both are chosen', (id) => location.search.includes(id), second.id);
    await assertAccessible(app, 'choosing whom to ask');
  });

  await t.test('both answer, with their times', async () => {
    const box = await app.find('textbox', 'Message to all of them');
    await box.click();
    await box.addValue('How are you? Answer with a table.');
    await app.keys('Enter');
    await app.when('both have answered', () => document.querySelector('main').innerText.split('Answered').length === 3);
    await app.sees('First word');
    await app.screenshot('compare-done');
    await assertAccessible(app, 'a comparison');
    await app.size(900, 600);
    await app.screenshot('compare-900');
    await app.size(1280, 800);
    await app.click('button', 'Copy as table');
    await app.sees('The comparison is copied as a Markdown table');
  });

  await t.test('each answer is in its own conversation', async () => {
    await app.goTo(`/instances/${second.id}/chat`);
    await app.sees('How are you? Answer with a table.');
    await app.when('with its reply', () => document.querySelector('[data-testid="reply"] table'));
    await assertAccessible(app, 'a chat that several were asked in');
  });

  await t.test('and still there when the app is started again, with what was not sent yet', async () => {
    const box = await field();
    await box.addValue('Not sent yet');
    await app.when('it is kept', (name) => window.__TAURI_INTERNALS__.invoke('get_draft', { name }).then((text) => text === 'Not sent yet'), `chat:${second.id}`);
    await app.close();
    app = await openApp({ home });
    await app.when('the app is there', () => document.querySelector('main h1'));
    await app.goTo(`/instances/${second.id}/chat`);
    await app.sees('How are you? Answer with a table.');
    await app.when('the draft is back', () => document.querySelector('textarea')?.value === 'Not sent yet');
  });
});
