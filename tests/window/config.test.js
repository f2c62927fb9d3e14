/** An agent's configuration in the real window: form and raw text, secrets, saving as a path, versions, and all that goes wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';

const FLEET = 3;
const MASK = '__OPENCLAW_REDACTED__';

/** A person with the app on a platform of their own, on the configuration of an agent that runs. */
async function editing(t, { faults, options = [], key = 'admin' } = {}) {
  const home = makeHome();
  const platform = await startPlatform({ fleet: FLEET, faults, options: ['--no-failures', ...options] });
  const world = { home, platform, app: await openApp({ home }) };
  t.after(async () => {
    await world.app.close();
    if (!world.stopped) await platform.stop();
    await home.remove();
  });
  await connect(world.app, platform.url, platform.keys[key]);
  await world.app.sees(`${FLEET} instances`);
  await world.app.when('it is said what the key may do', () => document.getElementById('signed-in'));
  await world.app.click('button', 'Close');
  const { instances } = await platform.ask('/v1/instances');
  world.id = instances.find(({ status }) => status === 'running').id;
  world.address = `/instances/${world.id}/config`;
  world.read = () => platform.ask(`/v1/instances/${world.id}/config`);
  world.write = (part) => platform.ask(`/v1/instances/${world.id}/config`, { method: 'POST', body: part });
  return world;
}

/** The document's own controls, found by their place. */
const row = (place) => `[data-row="${place}"]`;
const rowIs = (app, place) => app.when(`${place} is shown`, (at) => document.querySelector(at), row(place));
const control = async (app, place) => {
  await rowIs(app, place);
  const found = await app.browser.$(`${row(place)} .control :is(input, textarea, button)`);
  await found.scrollIntoView({ block: 'center' });
  return found;
};
const says = (app, place, words) => app.when(`${place} says “${words}”`, (at, wanted) => document.querySelector(at)?.innerText.includes(wanted), row(place), words);
const section = async (app, key) => {
  const button = await app.browser.$(`nav button[title="${key}"]`);
  await button.click();
  await app.when(`${key} is the section`, (at) => document.querySelector(`nav button[title="${at}"]`)?.getAttribute('aria-current') === 'true', key);
};
const search = async (app, words) => {
  await app.fill('Search settings', words);
  await app.when('the search is done', () => !document.querySelector('main').innerText.includes('Searching…') && /\d+ settings? found|Nothing matches/.test(document.querySelector('main').innerText));
};
const emptySearch = async (app) => {
  await app.click('button', 'Clear the search');
  await app.when('the search is empty', () => document.querySelector('[role=search] input').value === '');
};
const retype = async (app, field, text) => {
  await field.click();
  await app.keys(['Control', 'a']);
  await app.keys('Delete');
  await field.addValue(text);
};
const choose = async (app, place, label) => {
  await (await control(app, place)).click();
  await app.click('option', label);
};
const form = async (app) => {
  await app.click('radio', 'Form');
  await app.when('the form is shown', () => document.querySelector('[data-row]'));
};
const raw = async (app) => {
  await app.click('radio', 'Raw');
  await app.when('the text is shown', () => document.querySelector('.code-editor .host')?.shadowRoot?.querySelector('.cm-content'));
};
const review = async (app) => {
  await app.click('button', 'Review and save', { exact: false });
  await app.sees('Save the configuration of');
};
/** The version that a window has said to be saved. The one before is still shown while the next is being written. */
const versions = new WeakMap();
const saved = async (app) => versions.set(app, await app.when('it is saved', (before) => {
  const version = Number(/Saved as version (\d+)/.exec(document.querySelector('main').innerText)?.[1] ?? 0);
  return version > before && version;
}, versions.get(app) ?? 0));

/** Types key by key where there is no field that WebDriver could type into. */
const type = async (app, text) => {
  for (const key of text) await app.browser.action('key').down(key).up(key).perform();
};
const textNow = (app) => app.run(() => document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-content').innerText);
const inText = (app, words) => app.when(`the text has ${words}`, (wanted) => document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-content').innerText.includes(wanted), words);
/** Keeps a line in view and puts the cursor behind it, by the editor's own search. */
const goBehind = async (app, words) => {
  await app.run(() => document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-content').focus());
  await app.keys(['Control', 'f']);
  await app.when('the search of the text is open', () => document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-search input[name=search]')?.matches(':focus'));
  await app.keys(['Control', 'a']);
  await type(app, words);
  await app.keys('Enter');
  await app.when('it is found', () => document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-searchMatch-selected'));
  await app.keys('Escape');
  await app.when('the search of the text is closed', () => !document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-search'));
  await app.keys('End');
};
/** What the app has written down of what is not saved yet. */
const kept = (app, id, words) =>
  app.when(`the draft holds ${words}`, (name, wanted) => {
    globalThis.__TAURI_INTERNALS__.invoke('get_draft', { name }).then((text) => (globalThis.keptDraft = text ?? ''));
    return globalThis.keptDraft?.includes(wanted);
  }, `config:${id}`, words);

test('form and raw text are one document, and saving it is a path', async (t) => {
  const world = await editing(t);
  const { app } = world;
  const step = story(t, () => app);
  const before = await world.read();
  /** The raw text that is in view, before it is broken. */
  let whole;

  await step('the form groups, names and explains each setting', async () => {
    await app.goTo(world.address);
    await app.sees('OpenClaw schema');
    const groups = await app.run(() => [...document.querySelectorAll('nav.wide h3')].map((one) => one.innerText));
    assert.ok(['Agents', 'Communication', 'System', 'Other keys'].every((group) => groups.includes(group)), groups.join());
    await section(app, 'logging');
    await says(app, '/logging/maxFileMb', 'not in the schema');
    await app.click('button', '7 more settings: advanced or not set');
    await says(app, '/logging/level', 'Log level');
    await says(app, '/logging/level', 'Primary log level threshold');
    await (await control(app, '/logging/level')).click();
    const levels = await app.when('the levels are listed', () => {
      const options = [...document.querySelectorAll('[role=option]')].map((one) => one.innerText.trim());
      return options.length > 0 && options;
    });
    assert.deepEqual(levels, ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']);
    await app.screenshot('config-choices');
    await app.click('option', 'debug');
    await says(app, '/logging/level', 'changed');
    await app.sees('1 change');
    await assertAccessible(app, 'the form');
    await pictures(app, 'config-form');
  });

  await step('what is no value is held where it was typed, and nothing can be saved meanwhile', async () => {
    await retype(app, await control(app, '/logging/maxFileMb'), '5x');
    await says(app, '/logging/maxFileMb', 'This is not a number');
    await app.sees('1 field has no valid value');
    assert.equal(await (await app.find('button', 'Review and save', { exact: false })).isEnabled(), false);
    await app.keys(['Control', 's']);
    await app.when('the keyboard is on what keeps it', () => document.activeElement.textContent === 'logging.maxFileMb');
    await app.screenshot('config-unfinished');
    await app.keys('Enter');
    await app.when('the keyboard is in the field', () => document.activeElement.closest('[data-row="/logging/maxFileMb"]'));
    await retype(app, await control(app, '/logging/maxFileMb'), '75');
    await app.sees('2 changes');
  });

  await step('a secret is set, not set or changed, and is never shown', async () => {
    await search(app, 'gateway.auth.');
    await says(app, '/gateway/auth/token', 'Set');
    await says(app, '/gateway/auth/password', 'Not set');
    await app.screenshot('config-secrets');
    await (await control(app, '/gateway/auth/token')).click();
    await (await control(app, '/gateway/auth/token')).addValue('********');
    await app.click('button', 'Done');
    await says(app, '/gateway/auth/token', 'A mask is not a secret');
    await app.sees('1 field has no valid value');
    await (await control(app, '/gateway/auth/token')).click();
    const field = await control(app, '/gateway/auth/token');
    assert.equal(await field.getAttribute('type'), 'password');
    await field.addValue('a-new-gateway-token');
    await app.keys('Enter');
    await says(app, '/gateway/auth/token', 'Will be changed');
    await app.sees('1 secret');
    assert.equal(await app.run(() => document.body.innerText.includes('a-new-gateway-token')), false);
    await assertAccessible(app, 'secrets');
    await emptySearch(app);
  });

  await step('only what changed is shown on demand', async () => {
    await app.click('button', 'Only changed', { exact: false });
    await rowIs(app, '/gateway/auth/token');
    await rowIs(app, '/logging/level');
    const fields = await app.run(() => [...document.querySelectorAll('[data-row] .field')].map((one) => one.closest('[data-row]').dataset.row));
    assert.deepEqual(fields.sort(), ['/gateway/auth/token', '/logging/level', '/logging/maxFileMb']);
    await assertAccessible(app, 'only what changed');
    await pictures(app, 'config-only-changed');
    await app.click('button', 'Only changed', { exact: false });
  });

  await step('the raw text is the same document, checked, completed and searched', async () => {
    await raw(app);
    await goBehind(app, '"maxFileMb":');
    await inText(app, '"maxFileMb": 75');
    await goBehind(app, '"level":');
    await inText(app, '"level": "debug"');
    await pictures(app, 'config-raw');
    await assertAccessible(app, 'the raw text');
    whole = await textNow(app);
    // A key of the schema is offered after its first letters.
    await app.keys('Enter');
    await type(app, '"audi');
    await app.when('completions are offered', () => [...document.querySelector('.code-editor .host').shadowRoot.querySelectorAll('.cm-tooltip-autocomplete li')].some((one) => one.innerText.includes('audit')));
    await app.screenshot('config-raw-completion');
    await app.keys('Escape');
    await app.when('the completions are gone', () => !document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-tooltip-autocomplete'));
  });

  await step('a text that is no JSON is not lost and does not become a form', async () => {
    await app.click('radio', 'Form');
    await app.when('it says where the text breaks', () => /Line \d+, column \d+: /.test(document.querySelector('section.pending').innerText));
    assert.equal(await app.run(() => document.querySelector('[data-row]')), null);
    assert.equal(await app.run(() => document.querySelector('[role=radiogroup] input:checked').value), 'raw', 'what is shown is what is chosen');
    await assertAccessible(app, 'a text that is no JSON');
    await pictures(app, 'config-raw-mistake');
    await app.run(() => document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-content').focus());
    for (let at = 0; at < 40 && (await textNow(app)) !== whole; at += 1) await app.keys(['Control', 'z']);
    await app.when('the text is whole again', () => !/Line \d+, column/.test(document.querySelector('section.pending').innerText));
  });

  await step('an unknown key that is written in the text is a field of the form', async () => {
    await goBehind(app, '"wizard": {');
    await app.keys('Enter');
    await type(app, '"houseRule": "quiet after ten",');
    await inText(app, '"houseRule": "quiet after ten"');
    await form(app);
    await section(app, 'wizard');
    await says(app, '/wizard/houseRule', 'not in the schema');
    assert.equal(await (await control(app, '/wizard/houseRule')).getValue(), 'quiet after ten');
    await app.sees('4 changes');
  });

  await step('the review says what saving changes, the weighty first', async () => {
    await review(app);
    await app.sees('This changes 4 places');
    const changes = await app.run(() => [...document.querySelectorAll('ul.changes li')].map((one) => one.innerText));
    assert.match(changes[0], /gateway\.auth\.token[\s\S]*secret[\s\S]*It is not shown/);
    assert.ok(changes.some((one) => /logging\.level[\s\S]*info[\s\S]*debug/.test(one)), changes.join('\n'));
    assert.doesNotMatch(changes.join(''), /a-new-gateway-token/);
    await assertAccessible(app, 'the review');
    await pictures(app, 'config-review');
  });

  await step('it is saved, read back, and the agent is watched', async () => {
    await app.click('button', 'Save');
    await saved(app);
    await app.sees('Watching the agent’s health');
    await app.find('button', 'Go back to version 1');
    await assertAccessible(app, 'a saved configuration');
    await pictures(app, 'config-saved');
    const after = await world.read();
    assert.deepEqual(after, { ...before, logging: { ...before.logging, level: 'debug', maxFileMb: 75 }, wizard: { ...before.wizard, houseRule: 'quiet after ten' } });
    assert.equal(after.gateway.auth.token, MASK);
    await app.when('nothing waits to be saved', () => !document.querySelector('section.pending'));
  });

  await step('going back asks before it takes the place of what was typed since', async () => {
    await retype(app, await control(app, '/wizard/houseRule'), 'quiet after nine');
    await app.sees('1 change');
    await app.click('button', 'Go back to version 1');
    await app.sees('Restore over your changes?');
    await assertAccessible(app, 'going back over changes');
    await app.screenshot('config-go-back-asks');
    await app.click('button', 'Keep them');
    await app.when('nothing lies above', () => !document.querySelector('[role=dialog]'));
    await app.click('button', 'Back');
    assert.equal(await (await control(app, '/wizard/houseRule')).getValue(), 'quiet after nine');
    await retype(app, await control(app, '/wizard/houseRule'), 'quiet after ten');
    await app.when('nothing waits to be saved', () => !document.querySelector('section.pending'));
  });

  await step('going back is a new diff, and what the platform kept is said', async () => {
    await app.click('button', 'Go back to version 1');
    await app.sees('Save the configuration of');
    await app.sees('wizard.houseRule');
    await app.screenshot('config-go-back');
    await app.click('button', 'Save');
    // This platform merges: a key that is left out stays.
    await app.sees('Saved, but 1 place reads back otherwise.');
    await app.when('the place is named', () => document.querySelector('[aria-label="After saving"]').innerText.includes('wizard.houseRule'));
    await assertAccessible(app, 'saved, and not all of it');
    await pictures(app, 'config-saved-differs');
    const after = await world.read();
    assert.deepEqual([after.logging, after.wizard.houseRule], [before.logging, 'quiet after ten']);
  });

  await step('that is learned: the next time the key is removed by its name', async () => {
    await app.click('button', 'History');
    await app.click('button', 'Restore version 1');
    await app.sees('Only the changes are sent');
    await app.click('button', 'Save');
    await saved(app);
    assert.deepEqual(await world.read(), before);
  });
});

test('what somebody else writes meanwhile is not lost, and who writes the same place is asked', async (t) => {
  const world = await editing(t);
  const { app } = world;
  const step = story(t, () => app);
  const before = await world.read();
  const change = async (place, label) => {
    await search(app, place.slice(1).replaceAll('/', '.'));
    await choose(app, place, label);
    await says(app, place, 'changed');
  };

  await step('the edits of both sides survive', async () => {
    await app.goTo(world.address);
    await app.sees('OpenClaw schema');
    await change('/logging/level', 'debug');
    await world.write({ logging: { consoleLevel: 'error' }, note: { from: 'the other desk' } });
    await review(app);
    await app.sees('The server changed since you began');
    await app.sees('They are kept; yours come on top.');
    await app.sees('note');
    await assertAccessible(app, 'a review with changes of others');
    await pictures(app, 'config-theirs');
    await app.click('button', 'Save');
    await saved(app);
    const after = await world.read();
    assert.deepEqual(after, { ...before, note: { from: 'the other desk' }, logging: { ...before.logging, level: 'debug', consoleLevel: 'error' } });
  });

  await step('where both wrote, a side is chosen', async () => {
    await change('/logging/level', 'trace');
    await change('/logging/consoleLevel', 'info');
    await app.sees('2 changes');
    await world.write({ logging: { level: 'silent', consoleLevel: 'fatal' } });
    await review(app);
    await app.find('heading', '2 places', { exact: false });
    assert.equal(await (await app.find('button', 'Save')).isEnabled(), false, 'not before both are chosen');
    await assertAccessible(app, 'conflicts');
    await pictures(app, 'config-conflict');
    const sides = (place) => app.run((path) => {
      const field = [...document.querySelectorAll('fieldset')].find((one) => one.querySelector('legend').textContent === path);
      return [...field.querySelectorAll('pre')].map((one) => one.textContent);
    }, place);
    assert.deepEqual(await sides('logging.level'), ['"trace"', '"silent"', '"debug"']);
    await app.click('button', 'All theirs');
    await app.when('it can be saved, or there is nothing to save', () => document.querySelectorAll('fieldset input:checked').length === 2);
    // The plan of that choice is shown further up and moves what lies below.
    await app.sees('The server already has all of this');
    const mine = await app.browser.$('//legend[text()="logging.level"]/..//label[1]//input');
    await mine.click();
    await app.sees('This changes 1 place');
    const save = await app.find('button', 'Save');
    await app.when('it can be saved', (button) => !button.disabled, save);
    await app.screenshot('config-conflict-settled');
    await save.click();
    await saved(app);
    const after = await world.read();
    assert.equal(after.logging.level, 'trace');
    assert.equal(after.logging.consoleLevel, 'fatal');
  });

  await step('who writes while the review is read is not overwritten', async () => {
    await change('/logging/level', 'warn');
    await review(app);
    await app.sees('This changes 1 place');
    await world.write({ note: { from: 'a third desk' } });
    await app.click('button', 'Save');
    await app.sees('Somebody wrote in between');
    await app.sees('a third desk');
    assert.equal((await world.read()).logging.level, 'trace', 'nothing was sent');
    await assertAccessible(app, 'somebody wrote in between');
    await pictures(app, 'config-rewritten');
    await app.click('button', 'Save');
    await saved(app);
    const after = await world.read();
    assert.deepEqual([after.logging.level, after.note.from], ['warn', 'a third desk']);
  });

  await step('two versions are compared', async () => {
    await app.click('button', 'History');
    await app.sees('Versions that this computer has seen');
    await app.browser.$('[aria-label="Compare from version 1"]').click();
    await app.sees('logging.level');
    await app.when('the first and the last are compared', () => {
      const text = document.querySelector('.compared').innerText;
      return text.includes('"info"') && text.includes('"warn"') && text.includes('a third desk');
    });
    await assertAccessible(app, 'the history');
    await pictures(app, 'config-history');
  });

  await step('one is brought back, by keyboard alone', async () => {
    await app.run(() => document.querySelector('[aria-label="Restore version 1"]').focus());
    await app.keys('Enter');
    await app.sees('Save the configuration of');
    await app.sees('logging.level');
    await app.when('it can be saved', () => [...document.querySelectorAll('footer button')].some((one) => one.innerText === 'Save' && !one.disabled));
    // The reviews begin with their heading; behind it is everything, the button that saves last.
    for (let at = 0; at < 80 && (await app.run(() => document.activeElement.innerText !== 'Save')); at += 1) await app.keys('Tab');
    await app.keys('Enter');
    await app.when('it is saved, and it is said what the platform kept', () => /Saved as version \d+|reads? back otherwise/.test(document.querySelector('main').innerText));
    const after = await world.read();
    assert.deepEqual(after.logging, before.logging);
    await app.screenshot('config-restored');
  });
});

test('what was typed survives kill -9, and what was read is there without a network', async (t) => {
  const world = await editing(t);
  const { app } = world;
  const step = story(t, () => world.app);

  await step('the draft is back after the app was killed', async () => {
    await app.goTo(world.address);
    await app.sees('OpenClaw schema');
    await search(app, 'logging.max');
    await retype(app, await control(app, '/logging/maxFiles'), '21');
    await retype(app, await control(app, '/logging/maxFileMb'), '9e');
    await kept(app, world.id, '9e');
    await app.kill();
    world.app = await openApp({ home: world.home });
    await world.app.sees('You have unsaved changes from');
    await world.app.click('button', 'Only changed', { exact: false });
    assert.equal(await (await control(world.app, '/logging/maxFiles')).getValue(), '21');
    assert.equal(await (await control(world.app, '/logging/maxFileMb')).getValue(), '9e');
    await says(world.app, '/logging/maxFileMb', 'This is not a number');
    await assertAccessible(world.app, 'a draft that came back');
    await pictures(world.app, 'config-draft-back');
    await retype(world.app, await control(world.app, '/logging/maxFileMb'), '90');
    await world.app.click('button', 'Go on with them');
  });

  await step('without a network it is read from this computer, and saving keeps what was typed', async () => {
    await world.platform.stop();
    world.stopped = true;
    await world.app.click('button', 'Read the configuration again');
    await world.app.sees('Showing what was seen');
    await world.app.sees('cached, ');
    await says(world.app, '/logging/maxFiles', 'changed');
    await review(world.app);
    await world.app.sees('What saving would do could not be worked out');
    await world.app.sees('Your changes are kept as a draft on this computer.');
    assert.equal(await (await world.app.find('button', 'Save')).isEnabled(), false);
    await assertAccessible(world.app, 'no network');
    await pictures(world.app, 'config-offline');
    await world.app.keys('Escape');
    assert.equal(await (await control(world.app, '/logging/maxFiles')).getValue(), '21');
    await world.app.close();
    world.app = await openApp({ home: world.home });
    await world.app.sees('You have unsaved changes from');
    await world.app.screenshot('config-offline-start');
  });
});

test('a lost answer is said to be unknown, and what cannot be kept is not sent', async (t) => {
  // The first write arrives, but its answer does not.
  const world = await editing(t, { options: ['--config-writes', 'replace'], faults: [{ operation: 'update_config', fault: 'cut_after_commit', often: { times: 1 } }] });
  const { app } = world;
  const step = story(t, () => app);

  await step('it says that it may have arrived, and does not send again by itself', async () => {
    await app.goTo(world.address);
    await app.sees('OpenClaw schema');
    await search(app, 'logging.max');
    await retype(app, await control(app, '/logging/maxFiles'), '21');
    await review(app);
    await app.click('button', 'Save');
    await app.sees('Nobody knows whether it arrived');
    assert.equal(await (await app.find('button', 'Save')).isEnabled(), false);
    await assertAccessible(app, 'a lost answer');
    await pictures(app, 'config-lost-answer');
  });

  await step('looking shows that it had arrived', async () => {
    await app.click('button', 'Look at what the server has');
    await app.sees('The server already has all of this');
    await app.screenshot('config-had-arrived');
    await app.click('button', 'Close the draft');
    await rowIs(app, '/logging/maxFiles');
    assert.equal(await (await control(app, '/logging/maxFiles')).getValue(), '21');
    await app.when('nothing waits to be saved', () => !document.querySelector('section.pending'));
    assert.equal((await world.read()).logging.maxFiles, 21);
  });
});

test('what the platform forbids is said, and what was typed stays', async (t) => {
  const world = await editing(t, { key: 'read_only', faults: [{ operation: 'get_config', fault: { status: 403 }, often: { times: 1 } }] });
  const { app } = world;
  const step = story(t, () => app);

  await step('reading is refused, and can be tried again', async () => {
    await app.goTo(world.address);
    await app.sees('The configuration could not be read');
    await app.sees('The platform says: “Forbidden”');
    await assertAccessible(app, 'reading is refused');
    await pictures(app, 'config-refused');
    await app.click('button', 'Try again');
    await app.sees('OpenClaw schema');
  });

  await step('a key that may not write says so', async () => {
    await search(app, 'logging.max');
    await retype(app, await control(app, '/logging/maxFiles'), '21');
    await review(app);
    await app.click('button', 'Save');
    await app.sees('It was not saved');
    await app.sees('Your changes are kept as a draft on this computer.');
    await assertAccessible(app, 'saving is refused');
    await pictures(app, 'config-not-allowed');
    await app.click('button', 'Back');
    await app.sees('1 change');
    assert.equal((await world.read()).logging.maxFiles, 7);
  });
});

test('an edit from beginning to end without a mouse', async (t) => {
  const world = await editing(t);
  const { app } = world;
  const step = story(t, () => app);

  await step('found, changed, reviewed, saved, and back in the document', async () => {
    await app.goTo(world.address);
    await app.sees('OpenClaw schema');
    await app.keys('/');
    await app.when('the search has the keyboard', () => document.activeElement.getAttribute('aria-label') === 'Search settings');
    await type(app, 'logging.maxfiles');
    await rowIs(app, '/logging/maxFiles');
    for (let at = 0; at < 60 && !(await app.run(() => document.activeElement.matches('[data-row="/logging/maxFiles"] input'))); at += 1) await app.keys('Tab');
    await app.keys(['Control', 'a']);
    await type(app, '12');
    await app.sees('1 change');
    await app.keys(['Control', 's']);
    await app.sees('Save the configuration of');
    await app.when('the keyboard is at the beginning of the review', () => document.activeElement.id === 'config-review');
    await app.when('it can be saved', () => [...document.querySelectorAll('footer button')].some((one) => one.innerText === 'Save' && !one.disabled));
    await app.keys('Escape');
    await app.when('the keyboard is where the review was asked for', () => document.activeElement.innerText.startsWith('Review and save'));
    await app.keys('Enter');
    await app.sees('Save the configuration of');
    await app.when('it can be saved', () => [...document.querySelectorAll('footer button')].some((one) => one.innerText === 'Save' && !one.disabled));
    for (let at = 0; at < 60 && (await app.run(() => document.activeElement.innerText !== 'Save')); at += 1) await app.keys('Tab');
    await app.keys('Enter');
    await saved(app);
    assert.equal((await world.read()).logging.maxFiles, 12);
    await app.when('the keyboard is at what came of it', () => document.activeElement.getAttribute('aria-label') === 'After saving');
  });
});
