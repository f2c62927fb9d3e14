/** What a person notes of an instance, and the ways they look at the fleet: made, seen, kept over a restart, passed on as a link. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { pasted } from './support/clipboard.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect, openInstance } from './support/steps.js';
import { story } from './support/story.js';

const home = makeHome();
const LONG_VIEW = 'Donaudampfschifffahrtsgesellschaft: all of it, oldest first';
const LONG_TAG = 'a-tag.as_long-as-a-tag_may-be.32';
const NOTE = 'Rang on Monday about deposits.\nAsk for Mara — not before 10.';
let platform;
let app;
let agent;

before(async () => {
  platform = await startPlatform({ fleet: 12, speed: 1, options: [] });
  const { instances } = await platform.ask('/v1/instances');
  agent = instances.find((row) => row.status === 'running');
  app = await openApp({ home });
  await connect(app, platform.url, platform.keys.admin);
  await app.sees('12 instances');
  await app.sees('Signed in to');
  await app.click('button', 'Close');
});
after(async () => {
  await app?.close();
  await platform?.stop();
  await home.remove();
});

async function startAgain() {
  await app.close();
  app = await openApp({ home });
  await app.when('the app is there', () => document.querySelector('main h1'));
}

const starIs = (pressed) => app.when(`the star is ${pressed}`, (wanted) => document.querySelector('button[aria-label="Star this instance"]')?.getAttribute('aria-pressed') === wanted, String(pressed));
const chips = () => app.run(() => [...document.querySelectorAll('main header a.chip')].map((chip) => chip.innerText.trim()));
const chipsAre = (wanted) => app.when(`the tags are ${wanted.join(', ')}`, (list) => JSON.stringify([...document.querySelectorAll('main header a.chip')].map((chip) => chip.innerText.trim())) === JSON.stringify(list), wanted);
const noteIs = (wanted) => app.when('the note is there', (text) => document.querySelector('textarea[aria-label="Note"]')?.value === text, wanted);

async function addTag(text) {
  const field = await app.find('combobox', 'Add a tag');
  await field.click();
  await field.addValue(text);
  await app.keys('Enter');
}
async function closePanel() {
  await app.keys('Escape');
  await app.when('no panel is open', () => !document.querySelector('[role=dialog], [role=menu], [role=listbox]'));
}
/** The palette, an act by its words. */
async function byPalette(words) {
  await app.keys(['Control', 'k']);
  await app.when('the palette has the keyboard', () => document.activeElement?.matches('.palette input'));
  await (await app.browser.$('.palette input')).addValue(words);
  await app.when(`the palette offers ${words}`, (wanted) => document.querySelector('.palette [role=option]')?.innerText.includes(wanted), words);
  await app.keys('Enter');
  await app.when('the palette is closed', () => !document.querySelector('.palette'));
}
const viewButton = () => app.run(() => document.querySelector('main header button[aria-label^="View:"]')?.getAttribute('aria-label'));
const viewIs = (label) => app.when(`the view is “${label}”`, (wanted) => document.querySelector('main header button[aria-label^="View:"]')?.getAttribute('aria-label') === wanted, label);
const pinnedAre = (wanted) => app.when(`pinned are ${wanted.join(', ')}`, (list) => JSON.stringify([...document.querySelectorAll('ul[aria-label="Pinned views"] a .name')].map((name) => name.textContent.trim())) === JSON.stringify(list), wanted);
async function act(name) {
  await app.click('button', 'View:', { exact: false });
  await app.click('menuitem', name);
  await app.when('the menu is closed', () => !document.querySelector('[role=menu]'));
}
async function switchColumn(name) {
  await app.click('button', 'Columns');
  await app.when(`the column ${name} is offered`, (wanted) => {
    const label = [...document.querySelectorAll('[role=dialog] label')].find((one) => one.innerText.trim() === wanted);
    label?.querySelector('input').click();
    return label;
  }, name);
  await closePanel();
}
const headsAre = (...wanted) => app.when(`the columns are ${wanted.join(', ')}`, (list) => JSON.stringify([...document.querySelectorAll('[role=columnheader]')].map((head) => head.textContent.trim()).filter((text) => text !== '' && text !== 'Acts')) === JSON.stringify(list), wanted);
const selectionIs = (text) => app.when(`the bar says “${text}”`, (wanted) => (document.querySelector('[role=toolbar] b')?.innerText ?? '') === wanted, text);
const boxes = () => app.run(() => [...document.querySelectorAll('[data-index] input[type=checkbox]')].map((box) => box.checked));
async function saveAs(name) {
  await act('Save as a new view…');
  await app.fill('Name', name);
  await app.click('button', 'Save view');
  await app.when('the dialog is closed', () => !document.querySelector('[role=dialog]'));
}

test('a star, tags and a note', async (t) => {
  const step = story(t, () => app);

  await step('are given by button, field and palette', async () => {
    await openInstance(app, agent.agent_name);
    await starIs(false);
    await app.click('button', 'Star this instance');
    await starIs(true);
    await app.click('button', 'Add a tag…');
    await addTag('VIP');
    await chipsAre(['vip']);
    await addTag('two words');
    await app.sees('A tag has 1 to 32 characters');
    await app.fill('Add a tag', LONG_TAG, 'combobox');
    await app.keys('Enter');
    await chipsAre([LONG_TAG, 'vip']);
    await assertAccessible(app, 'the panel of tags');
    await pictures(app, 'views/tags');
    await closePanel();
    await byPalette('Add a tag');
    for (const tag of ['beta', 'eu-west']) {
      await addTag(tag);
      await app.when(`${tag} is there`, (wanted) => document.querySelector(`[role=dialog] button[aria-label="Remove the tag ${wanted}"]`), tag);
    }
    await app.click('button', `Remove the tag ${LONG_TAG}`);
    await closePanel();
    await chipsAre(['beta', 'eu-west', 'vip']);
  });

  await step('the note is saved as it is typed, wherever one goes next', async () => {
    const field = await app.find('textbox', 'Note');
    await field.click();
    const [first, second] = NOTE.split('\n');
    await field.addValue(first);
    await app.keys('Enter');
    await field.addValue(second);
    await app.click('link', 'Logs');
    await app.when('the log is shown', () => location.pathname.endsWith('/logs'));
    await app.click('link', 'Overview');
    await noteIs(NOTE);
    await assertAccessible(app, 'the overview with a note');
    await pictures(app, 'views/overview');
  });

  await step('survive a restart', async () => {
    await startAgain();
    await app.goTo(`/instances/${agent.id}`);
    await starIs(true);
    await chipsAre(['beta', 'eu-west', 'vip']);
    await noteIs(NOTE);
  });

  await step('a tag of one is offered to another', async () => {
    const { instances } = await platform.ask('/v1/instances');
    const other = instances.find((row) => row.id !== agent.id);
    await app.goTo(`/instances/${other.id}`);
    await starIs(false);
    assert.deepEqual(await chips(), []);
    await app.click('button', 'Add a tag…');
    await app.click('combobox', 'Add a tag');
    await app.when('the tags of the first are offered', () => [...document.querySelectorAll('[role=option]')].some((option) => option.innerText.startsWith('vip')));
    await app.keys('ArrowDown');
    await app.keys('Enter');
    await app.when('one of them was taken', () => document.querySelectorAll('[role=dialog] button[aria-label^="Remove the tag"]').length === 1);
    await app.when('the list is closed', () => !document.querySelector('[role=listbox]'));
    await closePanel();
  });
});

test('the selection and its tags', async (t) => {
  const step = story(t, () => app);

  await step('a range goes on from its row, and a box that is ticked stays so', async () => {
    await app.goTo('/instances?sort=name');
    await app.sees('12 instances');
    const press = (index, ...how) => app.run((at, shift) => document.querySelector(`[data-index="${at}"] input`).dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: shift })), index, how.includes('shift'));
    await press(1);
    await press(3, 'shift');
    await selectionIs('3 selected');
    await press(2, 'shift');
    await app.when('three boxes are ticked', () => document.querySelectorAll('[data-index] input:checked').length === 3);
    assert.deepEqual((await boxes()).slice(0, 5), [false, true, true, true, false]);
    // The other way round the same row is at another place.
    await app.click('button', 'Name', { exact: false });
    await app.when('the order has turned', () => document.querySelector('[role=columnheader].name').getAttribute('aria-sort') === 'descending');
    await app.when('they are still ticked', () => document.querySelector('[data-index="10"] input')?.checked);
    await press(11, 'shift');
    await selectionIs('4 selected');
    await app.click('button', 'Name', { exact: false });
    await app.when('the order has turned back', () => document.querySelector('[role=columnheader].name').getAttribute('aria-sort') === 'ascending');
    await press(0);
    await selectionIs('3 selected');
  });

  await step('what another filter does not show is said, and the box of all is about what it shows', async () => {
    const name = await app.run(() => document.querySelector('[data-index="1"] a').innerText);
    await app.fill('Search the fleet', name);
    await app.sees('1 of 12');
    await selectionIs('3 selected, 2 not shown');
    assert.equal(await app.run(() => document.querySelector('.head.select input').checked), true);
    await assertAccessible(app, 'a selection that is not all shown');
    await pictures(app, 'views/unseen');
    await app.click('button', 'Clear the search');
    await selectionIs('3 selected');
    assert.equal(await app.run(() => document.querySelector('.head.select input').indeterminate), true);
  });

  await step('it is tagged together after a preview, and untagged by Undo', async () => {
    await app.click('button', 'Tags…');
    await app.sees('Tags of 3 instances');
    await app.fill('Add a tag', 'night-shift', 'combobox');
    await app.keys('Enter');
    await app.sees('3 more get it');
    await assertAccessible(app, 'the tags of many');
    await pictures(app, 'views/tags-of-many');
    await app.click('button', 'Change tags');
    await app.sees('Tags of 3 instances changed');
    await app.when('the dialog is closed', () => !document.querySelector('[role=dialog]'));
    await app.fill('Search the fleet', 'tag:night-shift ');
    await app.sees('3 of 12');
    await app.click('button', 'Undo');
    await app.sees('Nothing matches');
    await app.click('button', 'Clear search and filter');
    await app.click('button', 'Clear');
    await app.when('nothing is selected', () => !document.querySelector('[role=toolbar] b'));
  });
});

test('views', async (t) => {
  const step = story(t, () => app);
  let link;

  await step('a view is saved, pinned, counted, and marked when it was changed', async () => {
    await app.goTo('/instances?sort=age&desc=1');
    await viewIs('View: All instances');
    await saveAs(LONG_VIEW);
    await viewIs(`View: ${LONG_VIEW}`);
    await pinnedAre([LONG_VIEW]);
    await switchColumn('Tier');
    await viewIs(`View: ${LONG_VIEW} edited`);
    await act(`Save “${LONG_VIEW}”`);
    await viewIs(`View: ${LONG_VIEW}`);
    await app.when('it is counted', () => document.querySelector('ul[aria-label="Pinned views"] .count')?.innerText === '12');
    await app.fill('Search the fleet', agent.agent_name);
    await viewIs(`View: ${LONG_VIEW} edited`);
    await assertAccessible(app, 'the fleet in an edited view');
    await pictures(app, 'views/edited');
    await saveAs('One of them');
    await viewIs('View: One of them');
    await pinnedAre([LONG_VIEW, 'One of them']);
    await act('Save as a new view…');
    await app.fill('Name', 'one OF them');
    await app.click('button', 'Save view');
    await app.sees('Another view has this name');
    await assertAccessible(app, 'the dialog to save a view');
    await pictures(app, 'views/save');
    await closePanel();
  });

  await step('a pinned one brings back its filter, its order and its columns', async () => {
    await app.click('link', 'Fleet', { exact: false });
    await viewIs('View: All instances');
    await app.when('every column is there', () => [...document.querySelectorAll('[role=columnheader]')].some((head) => head.innerText.includes('Tier')));
    await app.click('link', LONG_VIEW, { exact: false });
    await viewIs(`View: ${LONG_VIEW}`);
    await app.when('its columns are there', () => ![...document.querySelectorAll('[role=columnheader]')].some((head) => head.innerText.includes('Tier')));
    assert.match(await app.run(() => location.search), /sort=age&desc=1/);
    await pictures(app, 'views/pinned');
  });

  await step('its columns are moved and widened by keys and by the mouse, its rows grouped, and all of that is kept with it', async () => {
    await app.click('button', 'Columns');
    await app.click('button', 'Move Age up');
    await app.when('the keyboard is still on its arrow', () => document.activeElement?.getAttribute('aria-label') === 'Move Age up');
    await assertAccessible(app, 'the panel of columns');
    await pictures(app, 'views/columns');
    await closePanel();
    await headsAre('Name', 'Status', 'Region', 'Age', 'Runtime');
    for (const name of ['Customer', 'Tags', 'Star', 'Version', 'Heartbeat', 'Cost, 30 d']) await switchColumn(name);
    await headsAre('Name', 'Status', 'Region', 'Age', 'Runtime', 'Customer', 'Tags', 'Star', 'Version', 'Heartbeat', 'Cost, 30 d');
    await app.when('the tags of the agent are in its row', () => [...document.querySelectorAll('.cell.tags .tag')].some((tag) => tag.innerText === 'beta'));
    const width = (name) => app.run((label) => {
      const edge = document.querySelector(`[role=separator][aria-label="Width of ${label}"]`);
      return [Number(edge.getAttribute('aria-valuenow')), Math.round(edge.parentElement.getBoundingClientRect().width)];
    }, name);
    const [before] = await width('Region');
    await app.run(() => document.querySelector('[role=separator][aria-label="Width of Region"]').focus());
    await app.keys('ArrowRight');
    await app.keys('ArrowRight');
    await app.when('it is wider', (wanted) => document.querySelector('[role=separator][aria-label="Width of Region"]').getAttribute('aria-valuenow') === wanted, String(before + 16));
    assert.deepEqual(await width('Region'), [before + 16, before + 16]);
    const [runtime] = await width('Runtime');
    const edge = await app.browser.$('[role=separator][aria-label="Width of Runtime"]');
    await edge.dragAndDrop({ x: 40, y: 0 });
    await app.when('it follows the mouse', (wanted) => Math.abs(Number(document.querySelector('[role=separator][aria-label="Width of Runtime"]').getAttribute('aria-valuenow')) - wanted) <= 2, runtime + 40);
    await edge.doubleClick();
    await app.when('it is as usual', (wanted) => document.querySelector('[role=separator][aria-label="Width of Runtime"]').getAttribute('aria-valuenow') === wanted, String(runtime));
    await byPalette('Group the fleet by: Status');
    await app.when('it is grouped', () => document.querySelector('[data-group="running"]'));
    await assertAccessible(app, 'the fleet with every column, in groups');
    await pictures(app, 'views/every-column');
    await act(`Save “${LONG_VIEW}”`);
    await viewIs(`View: ${LONG_VIEW}`);
    await app.click('link', 'Fleet', { exact: false });
    await viewIs('View: All instances');
    await app.when('nothing is grouped', () => !document.querySelector('[data-group]'));
    await app.click('link', LONG_VIEW, { exact: false });
    await app.when('it is grouped', () => document.querySelector('[data-group="running"]'));
    await headsAre('Name', 'Status', 'Region', 'Age', 'Runtime', 'Customer', 'Tags', 'Star', 'Version', 'Heartbeat', 'Cost, 30 d');
    assert.deepEqual(await width('Region'), [before + 16, before + 16]);
  });

  await step('they survive a restart, and the palette opens one', async () => {
    await startAgain();
    await app.goTo('/instances');
    await app.click('link', LONG_VIEW, { exact: false });
    await app.when('it is grouped as it was', () => document.querySelector('[data-group="running"]'));
    await pinnedAre([LONG_VIEW, 'One of them']);
    await app.goTo('/settings');
    await byPalette('View: One of them');
    await viewIs('View: One of them');
    await app.sees('1 of 12');
  });

  await step('a link carries the view and opens it again', async () => {
    await act('Copy link to this view');
    await app.sees('Link copied');
    link = await pasted(app, /^nineheads:/);
    assert.match(link, /^nineheads:\/\/view\?q=/);
    assert.doesNotMatch(link, /127\.0\.0\.1|hc_/);
    await app.click('link', 'Fleet', { exact: false });
    await viewIs('View: All instances');
    const search = await app.find('textbox', 'Search the fleet', { exact: false });
    await search.click();
    await app.keys(['Control', 'v']);
    await app.sees('1 of 12');
  });

  await step('they are renamed, moved, taken from the sidebar, deleted and brought back', async () => {
    await act('Edit views…');
    const name = await app.find('textbox', 'Name of One of them');
    await name.click();
    await app.keys(['Control', 'a']);
    await name.addValue('Only one');
    await app.keys('Enter');
    await pinnedAre([LONG_VIEW, 'Only one']);
    await app.click('button', 'Move Only one up');
    await pinnedAre(['Only one', LONG_VIEW]);
    await assertAccessible(app, 'the views');
    await pictures(app, 'views/dialog');
    await app.click('button', `Pin ${LONG_VIEW} to the sidebar`);
    await pinnedAre(['Only one']);
    await app.click('button', 'Delete Only one');
    await pinnedAre([]);
    await closePanel();
    await app.click('button', 'Undo');
    await pinnedAre(['Only one']);
    assert.match(await viewButton(), /^View: /);
  });
});
