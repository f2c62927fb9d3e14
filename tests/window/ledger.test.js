/** The activity in the real window: what was done stands there, can be found, opened, checked; and what was done to it is found out. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { focused, tabTo } from './support/keyboard.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';

/** Asks the core as the page would. */
const ask = (app, command, given = {}) => app.browser.executeAsync((name, args, done) => {
  window.__TAURI_INTERNALS__.invoke(name, args).then((answer) => done({ answer }), (refused) => done({ refused }));
}, command, given);
const rows = (app) => app.run(() => [...document.querySelectorAll('tr.line')].map((row) => row.innerText.replace(/\s+/g, ' ').trim()));
const choose = async (app, label, item) => {
  await app.click('combobox', label);
  await app.click('option', item);
};

test('what was done from here stands in the activity and can be checked', async (t) => {
  const home = makeHome();
  const platform = await startPlatform({ fleet: 3 });
  let app = await openApp({ home });
  t.after(async () => {
    await app.close();
    await platform.stop();
    await home.remove();
  });
  const step = story(t, () => app);
  /** What somebody does who has the file and knows SQL. The last row comes back. */
  const sql = (statements) => JSON.parse(execFileSync('python3', ['-c', 'import json, sqlite3, sys\nwith sqlite3.connect(sys.argv[1], timeout=10) as database:\n    rows = [database.execute(statement).fetchall() for statement in sys.argv[2].split(";")]\nprint(json.dumps(rows[-1]))', join(home.folder, 'data', 'dev.nineheads.app', 'ledger.db'), statements], { encoding: 'utf8' }));
  let agent;

  await step('every change and every look has its line, newest first', async () => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('3 instances');
    const { instances } = await platform.ask('/v1/instances');
    agent = instances.find(({ status }) => status === 'running');
    await ask(app, 'apply_updates', { id: agent.id });
    await ask(app, 'list_conversations', { id: agent.id, limit: 20 });
    await ask(app, 'set_consent', { id: agent.id, granted: true, purpose: 'support request 17' });
    await ask(app, 'list_conversations', { id: agent.id, limit: 20 });
    await app.keys('g');
    await app.keys('a');
    await app.sees('Listed conversations');
    await app.when('five lines are there', () => document.querySelectorAll('tr.line').length === 5);
    const shown = await rows(app);
    const names = ['Listed conversations', 'Turned on conversation access', 'Listed conversations', 'Applied updates', 'Signed in'];
    names.forEach((name, at) => assert.ok(shown[at].includes(name), `${name} is not in ${shown[at]}`));
    assert.ok(shown[2].includes('Not done') && shown[0].includes('Done') && !shown[0].includes('Not done'), shown.join('\n'));
    assert.ok(shown[3].includes(agent.agent_name), shown[3]);
    await app.sees('Verified');
    await assertAccessible(app, 'the activity');
    await pictures(app, 'activity');
  });

  await step('a line opens by keyboard and says everything its hash is made of', async () => {
    await app.keys('j');
    await app.when('the newest line has the focus', () => document.activeElement.dataset.seq === '5');
    await app.keys('j');
    await app.keys('Enter');
    await app.sees('support request 17');
    await app.sees('grant_consent');
    const [[hash, previous]] = sql('select hash, previous from lines where seq = 4');
    await app.sees(hash);
    await app.sees(previous);
    await assertAccessible(app, 'an open line');
    await pictures(app, 'activity-line');
    await app.keys('Enter');
    await app.when('it is closed again', () => !document.querySelector('tr.detail'));
  });

  await step('it is narrowed by what, how, when and by words; the address is the view', async () => {
    await choose(app, 'What was done', 'Applied updates');
    await app.sees('1 of 5 lines');
    assert.match(await app.run(() => location.search), /act=apply_updates/);
    await app.click('button', 'Clear the filter');
    await choose(app, 'How it ended', 'Not done');
    await app.sees('1 of 5 lines');
    await choose(app, 'When', 'Last hour');
    await app.sees('1 of 5 lines');
    await app.run(() => document.activeElement.blur());
    await app.keys('Escape');
    await app.sees('5 lines');
    await app.keys('/');
    await (await app.find('textbox', 'Search the activity')).addValue('request 17');
    await app.sees('1 of 5 lines');
    await (await app.find('textbox', 'Search the activity')).addValue(' and nothing like it');
    await app.sees('Nothing matches the filter');
    await assertAccessible(app, 'an activity without a match');
    await pictures(app, 'activity-none');
    await app.click('button', 'Clear the filter');
    await app.sees('5 lines');
  });

  await step('a line leads to what it is about', async () => {
    await app.click('link', agent.agent_name);
    await app.when('the instance is open', (id) => location.pathname === `/instances/${id}`, agent.id);
    await app.run(() => history.back());
    await app.sees('5 lines');
  });

  await step('checked by keyboard, it is whole', async () => {
    await tabTo(app, 'Verify');
    await app.keys('Enter');
    await app.sees('5 lines were checked; the chain is whole');
  });

  await step('out of it leads a file; whoever changes their mind is where they were', async () => {
    await app.run(() => document.activeElement.blur());
    await app.keys('e');
    await app.find('menuitem', 'JSON lines', { exact: false });
    await app.find('menuitem', 'CSV', { exact: false });
    await pictures(app, 'activity-export');
    await app.keys('Escape');
    await app.when('the menu is closed', () => !document.querySelector('[role=menu]'));
  });

  await step('after a restart everything is still there, and the new start has its line', async () => {
    await app.close();
    app = await openApp({ home });
    await app.goTo('/activity');
    await app.sees('Opened a profile');
    await app.sees('6 lines');
  });

  await step('a line that was altered from outside is named', async () => {
    sql("drop trigger ledger_keeps_lines; update lines set target_name = 'Another' where seq = 2");
    await app.click('button', 'Verify');
    await app.sees('The activity was changed from outside');
    await app.sees('Line 2 does not say what it said when it was written.');
    await app.sees('Not whole');
    await assertAccessible(app, 'a broken activity');
    await pictures(app, 'activity-broken');
  });

  await step('one that can not be read says so', async () => {
    sql('drop table lines');
    await app.run(() => document.activeElement.blur());
    await app.keys('r');
    await app.sees('The activity could not be read');
    await assertAccessible(app, 'an activity that can not be read');
    await pictures(app, 'activity-unreadable');
    assert.notEqual(await focused(app), '');
  });
});
