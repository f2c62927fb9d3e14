/** Bulk work on ten thousand: filtered, all of it selected, one act in stages with three failures, killed in the middle, gone on, done again, reported. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, openApp, until } from './support/app.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';

const FLEET = 10_000;
/** The work goes at the profile's own rate. */
const LONG = 300_000;
const number = (value) => value.toLocaleString('en-US');

/** Words whose rows are about five hundred that can all be deleted. */
function filterFor(instances) {
  const values = (key) => [...new Set(instances.map((row) => row[key]).filter((value) => /^[\w-]+$/.test(value ?? '')))];
  const text = (row) => Object.values(row).join('\n').toLowerCase();
  const pairs = values('region_id').flatMap((region) => values('runtime_type').map((runtime) => [region, runtime]));
  const texts = instances.map(text);
  const sized = pairs.map((words) => ({ words, rows: instances.filter((row, at) => words.every((word) => texts[at].includes(word.toLowerCase()))) }));
  return sized.sort((a, b) => Math.abs(a.rows.length - 500) - Math.abs(b.rows.length - 500))[0];
}

test('bulk work on ten thousand survives three failures and its own end', async (t) => {
  const home = makeHome();
  const platform = await startPlatform({ fleet: FLEET, faults: [{ operation: 'delete_instance', fault: { status: 409 }, often: { every: 150 } }] });
  let app = await openApp({ home });
  t.after(async () => {
    await app.close();
    await platform.stop();
    await home.remove();
  });
  const step = story(t, () => app);
  const { instances } = await platform.ask('/v1/instances');
  const { words, rows } = filterFor(instances);
  const count = rows.filter(({ status }) => !['deleting', 'deleted'].includes(status)).length;
  const says = (text) => app.run((wanted) => document.querySelector('main').innerText.includes(wanted), text);
  const doneSoFar = () => app.run(() => Number(/([\d,]+) of [\d,]+/.exec(document.querySelector('.head')?.innerText ?? '')?.[1]?.replaceAll(',', '') ?? 0));

  await step('everything that a filter matches is selected without reading it', async () => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees(`${number(FLEET)} instances`);
    await app.keys('/');
    const search = await app.find('textbox', 'Search the fleet', { exact: false });
    await search.addValue(words.join(' '));
    await app.sees(`${number(rows.length)} of ${number(FLEET)}`);
    await app.keys('ArrowDown');
    await app.when('the keyboard is on a row', () => document.activeElement?.hasAttribute('data-row-link'));
    await app.keys(' ');
    await app.sees('1 selected');
    await app.keys(['Shift', 'ArrowDown']);
    await app.sees('2 selected');
    await app.keys(['Shift', 'ArrowDown']);
    await app.sees('3 selected');
    await app.click('button', `Select all ${number(rows.length)} that match`);
    await app.sees(`${number(rows.length)} selected`);
    assert.ok((await app.run(() => document.querySelectorAll('[role="row"]').length)) <= 200);
    await assertAccessible(app, 'a selection in the fleet');
    await pictures(app, 'bulk-selection');
  });

  await step('the preview says what happens to whom, and deleting takes the words', async () => {
    await app.click('button', 'Delete…');
    await app.sees('everything on them is lost');
    await app.sees(`${number(count)} instances`);
    await app.sees('requests a minute');
    await app.run(() => document.querySelector('.stop input').click());
    const button = await app.find('button', `Delete ${number(count)} instances`);
    assert.equal(await button.isEnabled(), false);
    await app.fill('to confirm', `delete ${count}`);
    await app.when('it can be begun', () => [...document.querySelectorAll('footer button')].every((one) => !one.disabled));
    await assertAccessible(app, 'the preview');
    await pictures(app, 'bulk-preview');
  });

  await step('it goes in stages, and a kill in the middle leaves it waiting', async () => {
    await app.click('button', `Delete ${number(count)} instances`);
    await app.when('the job is open', () => /^\/bulk\/[0-9a-f-]{36}$/.test(location.pathname));
    await app.sees('Stage 3');
    await until(async () => (await doneSoFar()) >= 30, 'thirty are done', LONG);
    await assertAccessible(app, 'a job that goes on');
    await pictures(app, 'bulk-running');
    await app.kill();
    app = await openApp({ home });
    await app.sees('Bulk work');
    await app.click('link', 'Bulk work', { exact: false });
    await app.sees('Waits for you');
    await pictures(app, 'bulk-list');
    await app.run(() => document.querySelector('tbody a').click());
    await app.sees('The app ended');
    const before = await doneSoFar();
    assert.ok(before >= 30 && before < count, String(before));
    await pictures(app, 'bulk-waiting');
  });

  await step('it goes on, and three that fail are said first', async () => {
    await app.click('button', 'Continue');
    await until(() => says('Finished'), 'it has come to its end', LONG);
    await app.sees('Finished, some failed');
    await app.sees('3 failed');
    const first = await app.run(() => [...document.querySelectorAll('main tbody tr')].slice(0, 4).map((row) => row.innerText));
    assert.deepEqual(first.map((row) => row.includes('Failed')), [true, true, true, false], first.join('\n'));
    await assertAccessible(app, 'a job that has ended');
    await pictures(app, 'bulk-failed');
  });

  await step('the failed ones are done again, and the platform has lost exactly those that were asked for', async () => {
    await app.click('button', 'Retry 3 failed');
    await until(async () => (await doneSoFar()) === count && (await says('Finished')) && !(await says('some failed')), 'all is done', LONG);
    const asked = new Set(rows.map(({ id }) => id));
    const left = await until(async () => {
      const now = (await platform.ask('/v1/instances')).instances;
      return now.every(({ id }) => !asked.has(id)) && now;
    }, 'they are gone over there', LONG);
    assert.equal(left.length, instances.filter(({ id }) => !asked.has(id)).length);
  });

  await step('the report can be saved in three ways, and the job be put away', async () => {
    await app.click('button', 'Save report', { exact: false });
    for (const format of ['CSV', 'JSON', 'Markdown']) await app.find('menuitem', `As ${format}`, { exact: false });
    await pictures(app, 'bulk-report');
    await app.keys('Escape');
    await app.click('link', 'Bulk work', { exact: false });
    await app.click('button', 'Put away', { exact: false });
    await app.sees('No bulk work yet');
  });
});
