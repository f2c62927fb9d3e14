/** The fleet's filter in the real window: typed, completed, taken apart as chips, wrong at a character, linked, explained. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';

const FLEET = 10_000;
const home = makeHome();
let platform;
let app;

before(async () => {
  platform = await startPlatform({ fleet: FLEET });
  app = await openApp({ home });
});
after(async () => {
  await app?.close();
  await platform?.stop();
  await home.remove();
});

const bar = () => app.find('textbox', 'Search the fleet', { exact: false });
const chips = () => [...document.querySelectorAll('[data-chip]')].map((chip) => chip.textContent);
const chipsAre = (...wanted) => app.when(`the chips are ${wanted.join(' ')}`, (expected) => JSON.stringify([...document.querySelectorAll('[data-chip]')].map((chip) => chip.textContent)) === expected, JSON.stringify(wanted));
const rowsAll = (what, ...words) => app.when(what, (wanted) => {
  const rows = [...document.querySelectorAll('[role="row"][aria-rowindex]')].slice(1);
  return rows.length > 0 && rows.every((row) => wanted.every((word) => row.innerText.includes(word)));
}, words);
const clear = async () => {
  await app.click('button', 'Clear the search');
  await app.sees('10,000 instances');
};

test('the filter of the fleet', async (t) => {
  const step = story(t, () => app);

  await step('a term that is finished becomes a chip beside the text, and the rows are those that fit', async () => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('10,000 instances');
    await app.keys('/');
    await (await bar()).addValue('region:us-* -runtime:hermes,expressclaw goose');
    await chipsAre('region:us-*', '-runtime:hermes,expressclaw');
    assert.equal(await (await bar()).getValue(), 'goose');
    await rowsAll('the rows fit', 'us-', 'goose');
    const { rows } = await app.run(() => window.__TAURI_INTERNALS__.invoke('show_fleet', { query: { text: 'region:us-* -runtime:hermes,expressclaw goose', phases: [], sort: 'name', descending: false, group: 'region' }, offset: 0, limit: 200 }));
    assert.ok(rows.length > 10 && rows.every(({ instance }) => instance.region_id.startsWith('us-') && instance.runtime_type === 'goose'));
    await assertAccessible(app, 'the filter with chips');
    await pictures(app, 'filter-chips');
  });

  await step('a chip is taken out by the mouse and by Backspace, and becomes text again', async () => {
    await app.click('button', 'Remove -runtime:hermes,expressclaw');
    await chipsAre('region:us-*');
    const search = await bar();
    await search.click();
    await app.keys('Home');
    await app.keys('Backspace');
    await chipsAre();
    await app.keys('End');
    await search.addValue(' status:failed ');
    await chipsAre('status:failed');
    await app.click('button', 'Edit status:failed');
    await app.when('the chip is text', () => document.activeElement.value?.includes('status:failed'));
    assert.deepEqual(await app.run(chips), []);
    await clear();
  });

  await step('fields and the values of this fleet are offered, and taken by keys alone', async () => {
    const search = await bar();
    await search.click();
    await search.addValue('-reg');
    await app.when('the field is offered', () => document.querySelector('[role=option]')?.innerText.includes('region:'));
    await app.keys('Tab');
    const offered = () => app.when('its values are offered with their counts', () => {
      const offers = [...document.querySelectorAll('[role=option]')];
      return offers.length > 1 && offers.every((one) => /[a-z]+-[a-z]+\s+[\d,]+/.test(one.innerText));
    });
    await offered();
    await assertAccessible(app, 'the list of what could follow');
    await pictures(app, 'filter-offers');
    // A window that changes its size puts the list away.
    await clear();
    await (await bar()).addValue('-region:');
    await offered();
    const first = await app.run(() => document.querySelector('[role=option] span').innerText);
    await app.keys('ArrowDown');
    await app.keys('Enter');
    await chipsAre(`-region:${first}`);
    await app.when('no row is of that region', (region) => {
      const rows = [...document.querySelectorAll('[role="row"][aria-rowindex]')].slice(1);
      return rows.length > 10 && rows.every((row) => !row.innerText.includes(region));
    }, first);
    await clear();
  });

  await step('what can not be read is underlined at its characters and told, and the rest counts', async () => {
    const search = await bar();
    await search.click();
    await search.addValue('us-west regoin:eu');
    await app.sees('There is no field “regoin”. Did you mean region:?');
    const wrong = await app.run(() => {
      const mark = document.querySelector('.wrong');
      const from = document.createRange();
      from.selectNodeContents(mark);
      const box = from.getBoundingClientRect();
      const field = document.querySelector('input[role=combobox]').getBoundingClientRect();
      return { text: mark.textContent, line: getComputedStyle(mark).textDecorationLine, left: box.left - field.left, within: box.top >= field.top && box.bottom <= field.bottom, told: document.getElementById(document.querySelector('input[role=combobox]').getAttribute('aria-describedby'))?.getAttribute('role') };
    });
    assert.deepEqual({ ...wrong, left: wrong.left > 20 }, { text: 'regoin:', line: 'underline', left: true, within: true, told: 'status' });
    await rowsAll('the word still counts', 'us-west');
    await assertAccessible(app, 'a filter with a problem');
    await pictures(app, 'filter-problem');
    await clear();
  });

  await step('rows of which nobody knows are counted beside the result, and a look at one makes it known', async () => {
    const [agent] = (await platform.ask('/v1/instances')).instances.filter(({ status }) => status === 'running');
    await app.goTo(`/instances/${agent.id}`);
    await app.when('the agent was looked at', (id) => window.__TAURI_INTERNALS__.invoke('get_instance', { id }).then((view) => view.runtime !== null), agent.id);
    await app.goTo('/instances');
    const search = await bar();
    await search.click();
    await search.addValue('heartbeat:>=0s ');
    await app.sees('1 of 10,000 · 9,999 have no known heartbeat');
    await app.when('the agent is the row', (name) => [...document.querySelectorAll('[role="row"][aria-rowindex]')].slice(1).every((row) => row.innerText.includes(name)), agent.agent_name);
    await clear();
    await (await bar()).addValue('-cost:>1000000 ');
    await app.sees('1 of 10,000 · 9,999 have no known cost');
    await assertAccessible(app, 'a filter that is answered for one');
    await pictures(app, 'filter-unknown');
  });

  await step('the address carries the filter, also into another start', async () => {
    await app.goTo(`/instances?${new URLSearchParams({ q: 'status:running name:"e" region:eu-*' })}`);
    await chipsAre('status:running', 'name:e', 'region:eu-*');
    await rowsAll('the rows fit', 'Running', 'eu-');
    await app.when('the address is kept', () => new URLSearchParams(location.search).get('q')?.includes('status:running'));
    await app.close();
    app = await openApp({ home });
    // It comes back to what was looked at last.
    await app.sees('of 10,000');
    await app.goTo('/instances?q=status%3Arunning');
    await chipsAre('status:running');
    await rowsAll('the rows fit', 'Running');
  });

  await step('help lists every field with an example that can be tried', async () => {
    await app.click('button', 'Filter help');
    await app.sees('Press an example to try it');
    const fields = await app.run(() => [...document.querySelectorAll('[role=dialog] th button')].map((one) => one.textContent));
    for (const field of ['status', 'region', 'tier', 'runtime', 'customer', 'preset', 'provider', 'name', 'host', 'ip', 'id', 'age', 'heartbeat', 'cost', 'tag', 'star', 'note']) {
      assert.ok(fields.some((example) => example.replace('-', '').startsWith(`${field}:`)), `an example of ${field}`);
    }
    for (const example of fields) {
      const { problems } = await app.run((text) => window.__TAURI_INTERNALS__.invoke('read_filter', { text }), example);
      assert.deepEqual(problems, [], example);
    }
    await assertAccessible(app, 'filter help');
    await pictures(app, 'filter-help');
    await app.click('button', 'Try age:>7d');
    await chipsAre('age:>1w');
    await app.when('help is closed', () => !document.querySelector('[role=dialog]'));
  });
});
