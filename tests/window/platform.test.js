/** What the platform keeps about an instance: edits are collected, reviewed, sent once as whole fields, and read back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { canSend, inReview, nothingPending, pending, review, toggle, tryUntilSendable } from './support/edits.js';
import { focused, tabTo, writeEditor } from './support/keyboard.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';
import { openWay } from './support/way.js';

const MASK = '__OPENCLAW_REDACTED__';
const home = makeHome();
/** Agents that run: one for each story. */
let agents;
let platform, way, app;

before(async () => {
  platform = await startPlatform({ fleet: 12 });
  way = await openWay(platform.url);
  app = await openApp({ home });
  await connect(app, way.url, platform.keys.admin);
  await app.sees('12 instances');
  await app.click('button', 'Close');
  const { instances } = await platform.ask('/v1/instances');
  agents = instances.filter(({ status }) => status === 'running');
});
after(async () => {
  await app?.close();
  await way?.close();
  await platform?.stop();
  await home.remove();
});

const kept = ({ id }) => platform.ask(`/v1/instances/${id}/platform-config`);
const write = ({ id }, body) => platform.ask(`/v1/instances/${id}/platform-config`, { method: 'PATCH', body });
/** Which fields each change carried, as the platform has logged it. */
const writes = async ({ id }) => (await platform.ask(`/v1/instances/${id}/logs`)).logs.flatMap(({ message }) => /platform config updated: (.*)/.exec(message)?.[1] ?? []);

async function open({ id }) {
  await app.goTo(`/instances/${id}/platform`);
  await app.find('heading', 'Skills', { exact: false });
}
async function send() {
  await app.click('button', 'Send changes');
  await app.sees('Stored and read back');
}
const channel = (name) => app.find('button', name, { exact: false });

test('edits of every section are collected and sent as one change', async (t) => {
  const step = story(t, () => app);
  const [agent] = agents;
  await write(agent, {
    skills: [{ name: 'calendar', version: 3 }, { name: 'notes' }, { name: 'reminders' }],
    integrations: [{ name: 'google-calendar', status: 'connected', account: 'ops@northwind.example' }],
    channels: { web_chat: { enabled: true, greeting: 'Hello' }, matrix: { enabled: true, homeserver: 'https://m.example', rooms: ['a'] } },
    workflow_slugs: ['booking-reminder', 'missed-call-followup'],
  });
  const written = await kept(agent);

  await step('skills are searched, installed and taken out', async () => {
    await open(agent);
    await app.keys('/');
    assert.equal(await focused(app), 'Search skills');
    await (await app.find('textbox', 'Search skills')).addValue('zebra');
    await app.sees('No skill matches “zebra”.');
    await app.fill('Search skills', 'note');
    await app.when('one is left', () => document.querySelectorAll('ul[aria-label=Skills] li').length === 1);
    await app.click('button', 'Remove notes');
    await app.sees('will be removed');
    await app.fill('Search skills', ' ');
    const name = await app.find('combobox', 'Name of a skill to install');
    await name.click();
    await name.addValue('translate');
    await app.keys(['Tab', 'Enter']);
    await app.when('it is new', () => /translate\s*new/.test(document.querySelector('ul[aria-label=Skills]').innerText));
    await pending(app, '2 changes');
  });

  await step('an integration is connected', async () => {
    await app.fill('Name of an integration to connect', 'hubspot');
    await app.keys('Enter');
    await app.find('button', 'Disconnect hubspot');
    await app.sees('the platform says “connected”');
    await pending(app, '3 changes');
  });

  await step('a channel is switched on, and gets a secret that is not shown', async () => {
    await (await channel('Telegram')).click();
    await toggle(app, 'Telegram');
    const key = await app.find('combobox', 'Name of a new setting of Telegram');
    await key.click();
    await key.addValue('bot_token');
    await app.click('button', 'Add setting to Telegram');
    await app.click('button', 'Write', { exact: false });
    await app.browser.$('input[type=password]').addValue('12345:a-real-token');
    await app.keys('Enter');
    await app.sees('Will be set');
    assert.ok(!(await app.run(() => document.documentElement.outerHTML)).includes('a-real-token'));
  });

  await step('a channel that nobody documents is edited as JSON, and a broken text is kept', async () => {
    await (await channel('matrix')).click();
    await app.click('button', 'JSON of matrix');
    await writeEditor(app, '{"enabled": tru');
    await app.sees('This is not JSON yet.');
    await assertAccessible(app, 'a channel as JSON');
    await app.click('button', 'Done');
    await pending(app, 'This is not JSON yet.');
    await app.click('button', 'JSON of matrix');
    await writeEditor(app, '{"enabled": false, "homeserver": "https://other.example"}');
    await app.when('it is JSON again', () => !document.querySelector('[role=dialog]').innerText.includes('not JSON'));
    await app.click('button', 'Done');
  });

  await step('workflows are moved by keyboard, and an odd name is doubted, not refused', async () => {
    await app.run(() => document.querySelector('[aria-label="Move booking-reminder down"]').focus());
    await app.keys(['Alt', 'ArrowDown']);
    // The row that was moved glides for a moment and may lie above the field.
    const slug = await app.click('combobox', 'Workflow to add');
    await slug.addValue('Odd Name!');
    await app.keys(['Tab', 'Enter']);
    await app.sees('The platform may not know this one.');
    const names = await app.run(() => [...document.querySelectorAll('ol[aria-label=Workflows] li .mono')].map((one) => one.innerText));
    assert.deepEqual(names, ['missed-call-followup', 'booking-reminder', 'Odd Name!']);
    await assertAccessible(app, 'pending edits');
    await app.run(() => document.getElementById('section-skills').scrollIntoView());
    await pictures(app, 'platform-edited');
    await app.run(() => document.getElementById('section-channels').scrollIntoView());
    await pictures(app, 'platform-channels');
  });

  await step('the review shows each change, no secret, and what goes out', async () => {
    await review(app, 'Changes for');
    const words = await inReview(app);
    for (const part of ['translate', 'notes', 'hubspot', 'https://other.example', 'Odd Name!', 'Sent, each whole: Skills, Integrations, Channels, Workflows']) assert.ok(words.includes(part), `${part} in\n${words}`);
    assert.ok(!words.includes('a-real-token'));
    await assertAccessible(app, 'the review');
    await pictures(app, 'platform-review');
    assert.equal((await writes(agent)).length, 1, 'nothing was sent yet');
  });

  await step('it is sent once, and the platform has exactly that', async () => {
    await send();
    await nothingPending(app);
    const now = await kept(agent);
    assert.deepEqual(now.skills, [{ name: 'calendar', version: 3 }, { name: 'reminders' }, { name: 'translate' }]);
    assert.deepEqual(now.integrations, [...written.integrations, { name: 'hubspot' }]);
    assert.deepEqual(now.channels, { web_chat: { enabled: true, greeting: 'Hello' }, matrix: { enabled: false, homeserver: 'https://other.example' }, telegram: { enabled: true, bot_token: '12345:a-real-token' } });
    assert.deepEqual(now.workflow_slugs, ['missed-call-followup', 'booking-reminder', 'Odd Name!']);
    assert.deepEqual([now.advanced, now.recipe_id], [written.advanced, written.recipe_id]);
    assert.deepEqual((await writes(agent)).slice(1).map((fields) => fields.split(', ').sort().join()), ['channels,integrations,skills,workflow_slugs']);
    await assertAccessible(app, 'after sending');
    await pictures(app, 'platform-sent');
  });

  await step('where a skill is used elsewhere is said', async () => {
    await open(agents[1]);
    await app.sees('Use elsewhere is known from 2 of 12 instances');
    await app.when('calendar is on the other one', (name) => document.querySelector('ul[aria-label=Skills]').innerText.includes(`also on 1 other: ${name}`), agent.agent_name);
  });
});

test('what others change meanwhile is not lost, and a mask never leaves', async (t) => {
  const step = story(t, () => app);
  const agent = agents[1];
  await write(agent, { skills: ['calendar', 'notes'], advanced: { locale: 'en', debug_logging: false }, channels: { telegram: { enabled: false, bot_token: MASK }, web_chat: { enabled: true } } });

  await step('by keyboard alone: a skill is installed while somebody else installs another', async () => {
    await app.goTo('/instances');
    await open(agent);
    await app.keys('/');
    await tabTo(app, 'Name of a skill to install');
    await app.keys('maps');
    await app.keys('Tab');
    assert.equal(await focused(app), 'Install skill');
    await app.keys('Enter');
    await pending(app, '1 change');
    await write(agent, { skills: ['calendar', 'notes', 'weather'] });
    await app.keys(['Control', 's']);
    await app.when('the heading has the focus', () => document.activeElement?.id === 'fields-review');
    await canSend(app);
    assert.ok(!(await inReview(app)).includes('weather'), 'it is on the platform already');
    await tabTo(app, 'Send changes');
    await app.keys('Enter');
    await app.sees('Stored and read back');
    assert.deepEqual((await kept(agent)).skills, ['calendar', 'notes', 'weather', 'maps']);
  });

  await step('the same place on both sides is decided by a person', async () => {
    await app.fill('Locale', 'de');
    await write(agent, { advanced: { locale: 'fr', debug_logging: true } });
    await review(app, 'Changes for');
    await app.sees('Advanced was changed on the platform meanwhile');
    assert.ok(!(await (await app.find('button', 'Send changes')).isEnabled()));
    await assertAccessible(app, 'a conflict');
    await pictures(app, 'platform-conflict');
    await app.click('button', 'Keep mine');
    await send();
    assert.deepEqual((await kept(agent)).advanced, { locale: 'de', debug_logging: true });
  });

  await step('a mask beside an edit blocks until the secret is written anew', async () => {
    await toggle(app, 'SMS');
    await review(app, 'Changes for');
    await app.sees('A hidden secret would be sent as its mask');
    assert.ok(!(await (await app.find('button', 'Send changes')).isEnabled()));
    await assertAccessible(app, 'a mask in the way');
    await pictures(app, 'platform-mask');
    await app.keys('Escape');
    await app.when('back at the edits, with the focus there', () => document.activeElement?.innerText.includes('Review and send'));
    await (await channel('Telegram')).click();
    await app.click('button', 'Replace Bot token');
    await app.browser.$('input[type=password]').addValue(MASK);
    await app.sees('A mask is not a value.');
    await app.keys(['Control', 'a']);
    await app.browser.$('input[type=password]').addValue('another-token');
    await app.keys('Enter');
    await review(app, 'Changes for');
    await send();
    assert.deepEqual((await kept(agent)).channels, { telegram: { enabled: false, bot_token: 'another-token' }, web_chat: { enabled: true }, sms: { enabled: true } });
  });
});

test('refused, cut off, killed or offline: the edits stay', async (t) => {
  const step = story(t, () => app);
  const [, , agent, other] = agents;
  const path = new RegExp(`/${agent.id}/platform-config$`);

  await step('a connection that breaks after sending: looked at, not sent again', async () => {
    await open(agent);
    await toggle(app, 'Voice');
    way.spoil('PATCH', path, { cut: true }, 1);
    await review(app, 'Changes for');
    await app.click('button', 'Send changes');
    await app.sees('It may have arrived');
    await assertAccessible(app, 'an outcome nobody knows');
    await pictures(app, 'platform-unclear');
    await app.click('button', 'Look now');
    await app.sees('It has arrived');
    await nothingPending(app);
    assert.deepEqual(await writes(agent), ['channels']);
  });

  await step('killed in the middle, the draft is back', async () => {
    await open(other);
    await app.fill('Name of an integration to connect', 'slack');
    await app.keys('Enter');
    await pending(app, '1 change');
    await app.when('the draft is kept', (id) => window.__TAURI_INTERNALS__.invoke('get_draft', { name: `platform:${id}` }).then((text) => String(text).includes('slack')), other.id);
    await app.kill();
    app = await openApp({ home });
    await app.when('the app is there', () => document.querySelector('main h1'));
    await open(other);
    await app.sees('were restored');
    await app.find('button', 'Disconnect slack');
    await pictures(app, 'platform-restored');
    await app.click('button', 'Go on');
  });

  await step('offline: what is known stays, edits go on, nothing can be sent', async () => {
    await way.down();
    await review(app, 'Changes for');
    await app.sees('What the platform has now is not known');
    await pictures(app, 'platform-offline');
    await assertAccessible(app, 'a review without a platform');
    await way.up();
    await tryUntilSendable(app);
  });

  await step('a 403 is said, with what the platform says, and the edit stays', async () => {
    way.spoil('PATCH', new RegExp(`/${other.id}/platform-config$`), { status: 403, json: { detail: 'Not your instance' } });
    await app.click('button', 'Send changes');
    await app.sees('The changes were not stored');
    await app.sees('Not your instance');
    await assertAccessible(app, 'a refusal');
    await pictures(app, 'platform-refused');
    await app.click('button', 'Keep editing');
    await app.find('button', 'Disconnect slack');
    assert.deepEqual((await kept(other)).integrations, []);
    await app.click('button', 'Discard');
    await app.click('button', 'Discard edits');
    await nothingPending(app);
    await app.when('the focus stays on the screen', () => document.querySelector('main').contains(document.activeElement));
  });

  await step('nothing to read: the screen says so, and reads when asked again', async () => {
    way.mend();
    const fifth = agents[4];
    way.spoil('GET', new RegExp(`/${fifth.id}/platform-config$`), { status: 500 });
    await app.goTo(`/instances/${fifth.id}/platform`);
    await app.sees('The platform configuration could not be read');
    await pictures(app, 'platform-failed');
    way.mend();
    await app.click('button', 'Try again');
    await app.find('heading', 'Skills', { exact: false });
  });
});
