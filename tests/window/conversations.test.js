/** Conversations under consent in the real window: asked for, granted for a purpose, read, exported, revoked, and closed by others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';

const FLEET = 3;

/** A person with the app on a platform of their own, at the conversations of an agent that talked before. */
async function reading(t, { faults, key = 'admin' } = {}) {
  const home = makeHome();
  const platform = await startPlatform({ fleet: FLEET, faults });
  const world = { home, platform, app: await openApp({ home }) };
  t.after(async () => {
    await world.app.close();
    await platform.stop();
    await home.remove();
  });
  await connect(world.app, platform.url, platform.keys[key]);
  await world.app.sees(`${FLEET} instances`);
  await world.app.when('it is said what the key may do', () => document.getElementById('signed-in'));
  await world.app.click('button', 'Close');
  const { instances } = await platform.ask('/v1/instances');
  const running = instances.find(({ status }) => status === 'running');
  world.id = running.id;
  world.name = running.agent_name;
  world.address = `/instances/${world.id}/conversations`;
  world.consent = (granted) => platform.ask(`/v1/instances/${world.id}/consent`, { method: 'PATCH', body: { consent_debug_access: granted } });
  world.list = () => platform.ask(`/v1/instances/${world.id}/conversations?limit=100`);
  return world;
}

const type = async (app, text) => {
  for (const key of text) await app.browser.action('key').down(key).up(key).perform();
};
/** Presses a key until the keyboard is where it is wanted. */
const pressUntil = async (app, key, what, there, ...values) => {
  for (let at = 0; at < 60; at += 1) {
    if (await app.run(there, ...values)) return;
    await app.keys(key);
  }
  assert.fail(`the keyboard never came to ${what}`);
};
const isOn = (text) => document.activeElement.innerText.trim() === text;
const rows = (app) => app.run(() => [...document.querySelectorAll('table [data-index]')].map((one) => one.innerText));
const listed = (app) => app.when('conversations are listed', () => document.querySelectorAll('table [data-index]').length);
const grant = async (app, purpose) => {
  await app.fill('Purpose', purpose, 'combobox');
  await app.keys('Escape');
  await app.click('button', 'Grant access');
  await app.sees('can be read');
};

test('what nobody may read is locked, and reading has a purpose and an end', async (t) => {
  const world = await reading(t);
  const { app, name } = world;
  const step = story(t, () => app);

  await step('at first nobody knows, and both acts are offered', async () => {
    await app.goTo(world.address);
    await app.sees('Whether conversations are readable is not known');
    await app.find('button', 'Revoke access');
    await app.find('button', 'Grant access');
    await app.sees(`To the users of ${name} alone`);
    await assertAccessible(app, 'consent is not known');
    await pictures(app, 'conversations-unknown');
  });

  await step('a look that is refused says that they are locked', async () => {
    await app.click('button', 'Look whether it is granted');
    await app.sees(`The conversations of ${name} are locked`);
    await app.sees('The platform refused to show them');
    await assertAccessible(app, 'locked');
    await pictures(app, 'conversations-locked');
  });

  await step('a grant needs a purpose', async () => {
    await app.click('button', 'Grant access');
    await app.sees('Say in a few words what for');
    await assertAccessible(app, 'a purpose is missing');
    await app.screenshot('conversations-no-purpose');
    await grant(app, 'Support request 4471');
    await listed(app);
  });

  await step('while it is on nobody can miss it', async () => {
    await app.sees('purpose: Support request 4471');
    await app.sees('on since');
    await assertAccessible(app, 'the conversations');
    await pictures(app, 'conversations-list');
    await app.goTo(`/instances/${world.id}`);
    await app.find('link', 'Conversations readable', { exact: false });
    await app.find('button', 'Turn off reading of conversations');
    await app.screenshot('conversations-chip');
    await app.goTo(world.address);
    await listed(app);
  });

  await step('as many as wanted are read, and those are searched', async () => {
    const { conversations, total } = await world.list();
    assert.ok(total > 20, `${total} conversations are more than the first look shows`);
    assert.equal((await rows(app)).length, 20);
    await app.sees(`20 of ${total}`);
    await app.click('combobox', 'How many to read');
    await app.screenshot('conversations-limit');
    await app.click('option', 'Newest 50');
    await app.when('all are read', (count) => document.querySelectorAll('table [data-index]').length === count, Math.min(50, total));
    await app.when('the address says so', () => location.search.includes('limit=50'));
    const wanted = conversations.at(-1).conversation_id;
    await app.fill('Search these conversations', wanted);
    await app.when('one is left', () => document.querySelectorAll('table [data-index]').length === 1);
    await app.fill('Search these conversations', 'nobody says this');
    await app.sees('Nothing matches “nobody says this”');
    await assertAccessible(app, 'nothing matches');
    await app.screenshot('conversations-nothing');
    await app.click('button', 'Empty the search');
    await listed(app);
  });

  await step('one is opened and read by keyboard', async () => {
    await pressUntil(app, 'Tab', 'a row', () => document.activeElement.matches('table a'));
    await app.keys('ArrowDown');
    await app.when('the second row has the keyboard', () => document.activeElement.dataset.index === '1');
    await app.keys('Enter');
    await app.when('its messages are shown', () => document.querySelectorAll('article').length >= 2);
    await assertAccessible(app, 'a transcript');
    await pictures(app, 'conversations-transcript');
    await app.keys('/');
    await app.when('the search has the keyboard', () => document.activeElement.getAttribute('aria-label') === 'Search this conversation');
    const word = await app.run(() => document.querySelector('article.user .said').innerText.split(/\W/).find((one) => one.length > 3));
    await type(app, word);
    await app.when('it is found', () => /1 of \d+/.test(document.querySelector('[role=search]').innerText));
    await app.screenshot('conversations-find');
    await app.keys('Escape');
    await app.keys('Escape');
    await app.when('the messages have the keyboard', () => document.activeElement.getAttribute('aria-label') === 'Transcript');
    await app.keys('Escape');
    await app.when('the list is back, on its row', () => document.activeElement.dataset.index === '1');
  });

  await step('turning it off deletes what was kept, and says how much', async () => {
    await app.click('button', 'Turn off');
    await app.sees('are locked');
    await app.sees('Access was turned off from this app');
    await app.sees('2 cached conversations were deleted from this computer.');
    await app.sees('Conversations are locked again');
    assert.equal(await app.run(() => document.querySelector('table')), null);
    await assertAccessible(app, 'turned off');
    await pictures(app, 'conversations-revoked');
  });
});

const TOOLS = {
  conversation_id: 'email:1', participant: 'Mara <b>', channel: 'email',
  messages: [
    { role: 'user', content: 'My mail is mara@example.org, my card 4111 1111 1111 1111. <img src=x onerror=alert(1)>', created_at: '2026-11-20T09:00:00Z' },
    { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'find_order', arguments: '{"number": 2041}' } }], created_at: '2026-11-20T09:00:02Z' },
    { role: 'tool', name: 'find_order', content: { order: 2041, lines: [{ sku: 'TEA-1', count: 2 }] }, created_at: '2026-11-20T09:00:03Z' },
    { role: 'assistant', content: [{ type: 'text', text: 'Found: **two** boxes of tea.' }, { type: 'image_url', image_url: { url: 'https://x.example/a.png' } }], created_at: '2026-11-20T09:00:05Z' },
    { role: 'wizard', text: { odd: [1, 2, 3] } },
  ],
};

test('a transcript shows tools and unknown shapes as trees, and leaves the app redacted', async (t) => {
  const world = await reading(t, { faults: [{ operation: 'get_conversation', fault: { json: TOOLS }, often: { times: 1 } }] });
  const { app } = world;
  const step = story(t, () => app);

  await step('access that somebody else granted is seen by looking', async () => {
    await world.consent(true);
    await app.goTo(world.address);
    await app.click('button', 'Look whether it is granted');
    await listed(app);
    await app.sees('not switched on by this app');
  });

  await step('tools and what no text is unfold', async () => {
    await app.browser.$('table tbody tr td:nth-child(2)').click();
    await app.when('five messages are there', () => document.querySelectorAll('article').length === 5);
    await app.sees('<img src=x onerror=alert(1)>');
    assert.equal(await app.run(() => document.querySelector('article img')), null);
    // One after the other: what is unfolded above moves, or draws anew, what is below.
    await app.when('all is unfolded', () => {
      const [shut] = document.querySelectorAll('article details:not([open]) > summary');
      shut?.click();
      return !shut;
    });
    await app.when('trees are shown', () => document.querySelectorAll('article [role=tree]').length >= 3);
    await app.when('the call is named', () => [...document.querySelectorAll('article summary')].some((one) => one.innerText.includes('find_order')));
    await app.sees('TEA-1');
    await assertAccessible(app, 'a transcript with tools');
    await pictures(app, 'conversations-tools');
    await app.click('radio', 'As JSON');
    await app.when('the whole is a tree', () => document.querySelector('.raw [role=tree]'));
    await assertAccessible(app, 'a transcript as JSON');
    await app.screenshot('conversations-json');
    await app.click('radio', 'Messages');
  });

  await step('a copy for others is redacted unless somebody says otherwise', async () => {
    await app.run(() => document.activeElement.blur());
    await app.keys('e');
    await app.sees('Export this conversation');
    const preview = () => app.run(() => document.querySelector('[role=dialog] pre, [role=dialog] code').innerText);
    const first = await preview();
    assert.match(first, /\[redacted\]/);
    assert.doesNotMatch(first, /mara@example\.org|4111/);
    await assertAccessible(app, 'the export');
    await pictures(app, 'conversations-export');
    for (const format of ['JSON', 'CSV']) {
      await app.click('radio', format);
      assert.doesNotMatch(await preview(), /mara@example\.org|4111/, format);
    }
    await app.browser.$('[role=dialog] input[type=checkbox]').click();
    await app.sees('The file will hold everything as it was said');
    assert.match(await preview(), /mara@example\.org/);
    await app.screenshot('conversations-export-plain');
    await app.keys('Escape');
    await app.when('the dialogue is closed', () => !document.querySelector('[role=dialog]'));
  });

  await step('when somebody else closes the door, nothing stays on screen', async () => {
    await world.consent(false);
    await app.click('button', 'Look again');
    await app.sees('The platform refused to show them');
    assert.equal(await app.run(() => document.querySelector('article')), null);
    assert.equal(await app.run(() => document.body.innerText.includes('mara@example.org')), false);
    await app.sees('cached conversation');
    await pictures(app, 'conversations-closed');
  });
});

test('a grant that is refused or lost is not shown as one', async (t) => {
  const faults = [{ operation: 'update_consent', fault: { status: 403 }, often: { times: 1 } }, { operation: 'update_consent', fault: 'cut_before', often: { times: 1 } }, { operation: 'list_conversations', fault: { status: 503 }, often: { times: 6 } }];
  const world = await reading(t, { faults });
  const { app } = world;
  const step = story(t, () => app);

  await step('refused: the purpose stays', async () => {
    await app.goTo(world.address);
    await app.fill('Purpose', 'Debugging a failure', 'combobox');
    await app.keys('Escape');
    await app.click('button', 'Grant access');
    await app.sees('Access was not granted');
    await app.sees('Only the owner or a tenant admin may change this');
    assert.equal(await (await app.find('combobox', 'Purpose')).getValue(), 'Debugging a failure');
    await assertAccessible(app, 'a refused grant');
    await pictures(app, 'conversations-not-granted');
  });

  await step('a look at a platform that is in trouble says nothing about consent', async () => {
    await app.click('button', 'Look whether it is granted');
    await app.sees('Could not look');
    await app.sees('Whether conversations are readable is not known');
    await assertAccessible(app, 'a failed look');
    await app.screenshot('conversations-look-failed');
  });
});

test('granted, read and turned off without a mouse; without the scope it can not be granted', async (t) => {
  const world = await reading(t, { key: 'admin' });
  const { app } = world;
  const step = story(t, () => app);

  await step('from the fleet to the end', async () => {
    await app.goTo(world.address);
    await app.sees('Whether conversations are readable is not known');
    await pressUntil(app, 'Tab', 'the purpose', () => document.activeElement.getAttribute('role') === 'combobox');
    await type(app, 'quality');
    await app.keys('Escape');
    await app.keys('Enter');
    await listed(app);
    await app.keys('/');
    await app.when('the search has the keyboard', () => document.activeElement.getAttribute('aria-label') === 'Search these conversations');
    await app.keys('ArrowDown');
    await app.when('a row has the keyboard', () => document.activeElement.matches('table a'));
    await app.keys('Enter');
    await app.when('its messages are shown', () => document.querySelectorAll('article').length >= 2);
    await app.keys('Escape');
    await app.when('the list is back', () => document.activeElement.matches('table a'));
    await pressUntil(app, ['Shift', 'Tab'], 'the way out', isOn, 'Turn off');
    await app.keys('Enter');
    await app.sees('are locked');
    await app.when('the keyboard is not lost', () => document.activeElement !== document.body);
  });
});

test('a key that may only read is told so before it tries', async (t) => {
  const world = await reading(t, { key: 'read_only' });
  const { app } = world;
  await app.goTo(world.address);
  await app.sees('This key lacks the scope “instances:write”');
  for (const act of ['Grant access', 'Revoke access']) assert.equal(await (await app.find('button', act)).getAttribute('aria-disabled'), 'true', act);
  await assertAccessible(app, 'no scope');
  await pictures(app, 'conversations-no-scope');
});
