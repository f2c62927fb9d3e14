/**
 * Ten thousand instances from beginning to end: first seen from the cache, sorted, grouped, scrolled, filtered, all that match selected,
 * one act in stages with three failures, killed in the middle, gone on, done again, and its report in a file.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeHome, openApp, until } from './support/app.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { startPortal, WITH_PORTAL } from './support/portal.js';
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

test('a fleet of ten thousand is sorted, grouped and filtered, and bulk work on it survives three failures and its own end', async (t) => {
  const home = makeHome();
  const platform = await startPlatform({ fleet: FLEET, faults: [{ operation: 'delete_instance', fault: { status: 409 }, often: { every: 150 } }] });
  const portal = await startPortal(join(home.folder, 'saved'));
  const start = () => openApp({ home, env: WITH_PORTAL });
  let app = await start();
  t.after(async () => {
    platform.thaw();
    await app.close();
    portal.stop();
    await platform.stop();
    await home.remove();
  });
  const step = story(t, () => app);
  const { instances } = await platform.ask('/v1/instances');
  const { words, rows } = filterFor(instances);
  const count = rows.filter(({ status }) => !['deleting', 'deleted'].includes(status)).length;
  const says = (text) => app.run((wanted) => document.querySelector('main').innerText.includes(wanted), text);
  const doneSoFar = () => app.run(() => Number(/([\d,]+) of [\d,]+/.exec(document.querySelector('.head')?.innerText ?? '')?.[1]?.replaceAll(',', '') ?? 0));

  /** The ids of the rows in sight, from above. */
  const inSight = () => [...document.querySelectorAll('[data-index] a[data-row-link]')]
    .map((link) => ({ id: decodeURIComponent(link.pathname.split('/').at(-1)), line: Number(link.closest('[data-line]').dataset.line) }))
    .sort((a, b) => a.line - b.line).map(({ id }) => id);
  const begins = (what, ids) => app.when(what, (wanted) => {
    const rows = [...document.querySelectorAll('[data-index] a[data-row-link]')].sort((a, b) => a.closest('[data-line]').dataset.line - b.closest('[data-line]').dataset.line);
    return wanted.every((id, at) => rows[at]?.pathname.endsWith(id));
  }, ids);
  const headings = () => app.run(() => [...document.querySelectorAll('[data-group]')].map((head) => ({
    line: Number(head.dataset.line), key: head.dataset.group, count: Number(head.querySelector('.count').innerText.replaceAll(',', '')), folded: head.querySelector('button').getAttribute('aria-expanded') === 'false',
  })).sort((a, b) => a.line - b.line));
  const onHeading = (key) => app.when(`the keyboard is on the heading “${key}”`, (wanted) => document.activeElement?.closest('[data-group]')?.dataset.group === wanted, key);

  await step('after a restart its rows are there before the platform has said anything', async () => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees(`${number(FLEET)} instances`);
    await app.when('rows are in sight', () => document.querySelectorAll('a[data-row-link]').length > 10);
    const before = (await app.run(inSight)).slice(0, 10);
    const kept = () => window.__TAURI_INTERNALS__.invoke('get_storage').then(({ parts }) => parts.some(({ kind, bytes }) => kind === 'fleet' && bytes > 0));
    await app.when('the rows are written down', kept);
    await app.close();
    platform.freeze();
    app = await start();
    await app.sees(`${number(FLEET)} instances`);
    await begins('the same rows are in sight', before);
    const source = () => app.run(() => window.__TAURI_INTERNALS__.invoke('show_fleet', { query: { text: '', phases: [], sort: 'name', descending: false, group: null }, offset: 0, limit: 64 }).then(({ facts }) => facts.source));
    assert.equal(await source(), 'cached');
    await app.screenshot('ten-thousand-cached');
    platform.thaw();
    await until(async () => (await source()) === 'live', 'the platform has said the same');
  });

  await step('it is sorted by a head, both ways', async () => {
    const youngest = instances.filter((row) => row.created_at).sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
    const sort = () => app.click('button', 'Age', { exact: false });
    await sort();
    await begins('the youngest is first', [youngest[0].id]);
    await sort();
    await begins('the oldest is first', [youngest.at(-1).id]);
    assert.equal(await app.run(() => document.querySelector('[role=columnheader].age').getAttribute('aria-sort')), 'descending');
    await app.click('button', 'Name', { exact: false });
    await app.when('it is by name', () => document.querySelector('[role=columnheader].name').getAttribute('aria-sort') === 'ascending');
  });

  await step('it is grouped: each heading has its count, folds by key and by mouse, and stays while its rows go by', async () => {
    const counts = new Map();
    for (const { region_id: region } of instances) counts.set(region ?? '', (counts.get(region ?? '') ?? 0) + 1);
    const keys = [...counts.keys()].sort((a, b) => (a === '') - (b === '') || (a < b ? -1 : 1));
    await app.keys(['Shift', 'G']);
    await app.click('menuitem', 'Region');
    await app.when('the menu is closed', () => !document.querySelector('[role=menu]'));
    await app.when('the first heading is there', () => document.querySelector('[data-group]'));
    await assertAccessible(app, 'the fleet in groups');
    await pictures(app, 'fleet-grouped');
    await app.keys('Home');
    await onHeading(keys[0]);
    await app.keys(['Shift', 'ArrowLeft']);
    await app.when('all are folded', (many) => document.querySelectorAll('[data-group]').length === many && !document.querySelector('[data-index]'), keys.length);
    assert.deepEqual((await headings()).map(({ key, count }) => [key, count]), keys.map((key) => [key, counts.get(key)]));
    assert.equal(await app.run(() => document.querySelector('[role=table]').getAttribute('aria-rowcount')), String(keys.length + 1));
    await assertAccessible(app, 'the fleet in folded groups');
    await pictures(app, 'fleet-folded');
    await app.keys('ArrowDown');
    await onHeading(keys[1]);
    await app.keys('ArrowRight');
    await app.when('its rows are there', (key) => document.querySelector(`[data-group="${key}"] button`).getAttribute('aria-expanded') === 'true' && document.querySelectorAll('[data-index] a').length > 5, keys[1]);
    const rows = new Set(await app.run(inSight));
    assert.deepEqual(instances.filter(({ id, region_id: region }) => rows.has(id) && region !== keys[1]), []);
    await app.keys('ArrowRight');
    await app.when('the keyboard is on its first row', (first) => document.activeElement?.closest('[data-index]')?.dataset.index === first, String(counts.get(keys[0])));
    await app.keys('PageDown');
    await app.when('its heading stays above', (key) => document.querySelector('.pinned')?.dataset.group === key && Math.abs(document.querySelector('.pinned').getBoundingClientRect().top - document.querySelector('.head-row').getBoundingClientRect().bottom) < 2, keys[1]);
    await pictures(app, 'fleet-group-pinned');
    await app.keys('ArrowLeft');
    await onHeading(keys[1]);
    await app.keys('ArrowLeft');
    await app.when('it is folded', (key) => document.querySelector(`[data-group="${key}"] button`).getAttribute('aria-expanded') === 'false', keys[1]);
    const last = keys.at(-1);
    await app.run((key) => document.querySelector(`[data-group="${key}"] button`).click(), last);
    await app.when('the mouse has opened the last one', () => document.querySelectorAll('[data-index] a').length > 5);
    await app.run(() => document.querySelector('[data-group] button').focus());
    await app.keys('End');
    await app.when('the last row of all is in sight', (index) => document.activeElement?.closest('[data-index]')?.dataset.index === index && document.activeElement.href, String(FLEET - 1));
    const address = await app.run(() => document.activeElement.pathname);
    assert.equal(instances.find(({ id }) => id === decodeURIComponent(address.split('/').at(-1))).region_id ?? '', last);
    assert.ok((await app.run(() => document.querySelectorAll('[role="row"]').length)) <= 200);
    assert.match(await app.run(() => location.search), /group=region/);
    await app.click('button', 'Group by: Region');
    await app.click('menuitem', 'Nothing');
    await app.when('no group is left', () => !document.querySelector('[data-group], [role=menu]'));
  });

  await step('it is scrolled to its end', async () => {
    await app.run(() => document.querySelector('.fleet-table').scrollTo(0, 1e9));
    await app.when('the last row is there', (index) => document.querySelector(`[data-index="${index}"] a`) !== null, FLEET - 1);
    await app.run(() => document.querySelector('.fleet-table').scrollTo(0, 0));
  });

  await step('everything that a filter matches is selected without reading it', async () => {
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
    app = await start();
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

  await step('the report can be saved in three ways, says what became of each, and the job be put away', async () => {
    await app.click('button', 'Save report', { exact: false });
    for (const format of ['CSV', 'JSON', 'Markdown']) await app.find('menuitem', `As ${format}`, { exact: false });
    await pictures(app, 'bulk-report');
    await app.click('menuitem', 'As CSV', { exact: false });
    await app.sees('The report was saved');
    const [head, ...lines] = readFileSync(portal.saved.at(-1), 'utf8').trim().split(/\r?\n/);
    const at = Object.fromEntries(head.split(',').map((name, place) => [name, place]));
    const cells = (line) => [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)].map(([, quoted, plain]) => quoted ?? plain);
    const items = lines.map(cells);
    assert.deepEqual(new Set(items.map((item) => item[at.instance])), new Set(rows.map(({ id }) => id)));
    assert.equal(items.filter((item) => item[at.state] === 'done').length, count);
    assert.equal(items.filter((item) => Number(item[at.attempts]) > 1).length, 3, 'three were done again');
    await app.click('link', 'Bulk work', { exact: false });
    await app.click('button', 'Put away', { exact: false });
    await app.sees('No bulk work yet');
  });
});
