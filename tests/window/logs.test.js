/** The log: following and looking back, filters, times, gaps, hostile lines, what leaves the app, and a platform that fails. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp, until } from './support/app.js';
import { pasted } from './support/clipboard.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';
import { openWay } from './support/way.js';

const home = makeHome();
let platform;
let way;
let app;
/** Still on its way: the app looks at it every few seconds. */
let agent;
/** Another one. */
let other;

const SECRET = 'hc_live_0123456789abcdef0123456789abcdef';
const STEP = 10_000;
const LINES = 400;
/** Twelve numbers are missing before this one. */
const AFTER_GAP = 213;
/** Lines that try to do something to whoever looks at them, by their number. */
const HOSTILE = {
  300: 'hostile link \u001b]8;;https://evil.example\u0007click me\u001b]8;;\u0007 end',
  301: 'hostile clipboard \u001b]52;c;ZXZpbA==\u0007 end',
  302: 'hostile title \u001b]0;Pwned\u0007 and cursor \u001b[2J\u001b[1;1H end',
  303: 'hostile colour \u001b[31mred\u001b[0m end',
  304: 'hostile markup <img src=x onerror="window.pwned=1"><script>window.pwned=1</script> end',
  305: 'hostile direction \u202egnp.exe end',
};
const SPECIAL = {
  ...HOSTILE,
  120: 'npm: ENOSPC: no space left on device, write',
  150: `gateway started with api_key=${SECRET} for ada@harbour.example`,
};

let start;
let lines = [];
function write(count, words = 'tick') {
  for (let n = 0; n < count; n += 1) {
    const seq = (lines.at(-1)?.seq ?? 0) + 1;
    const number = seq === AFTER_GAP - 12 ? AFTER_GAP : seq;
    const level = SPECIAL[number] && number < 200 ? 'error' : number % 50 === 0 ? 'warning' : 'info';
    lines.push({
      seq: number, level, stage: number % 2 ? 'installing_runtime' : 'configuring_agent', message: SPECIAL[number] ?? `${words} ${number}`,
      created_at: new Date(start + number * STEP).toISOString(),
    });
  }
}
const timeOf = (seq) => new Date(start + seq * STEP).toISOString();

before(async () => {
  platform = await startPlatform({ fleet: 12, speed: 0.02, options: [] });
  way = await openWay(platform.url);
  // All of it lies in the past, and stays there however much is written.
  start = Date.now() - (LINES + 200) * STEP;
  write(LINES);
  const { instances } = await platform.ask('/v1/instances');
  agent = instances.find(({ status }) => status === 'provisioning');
  other = instances.find(({ status }) => status === 'running');
  spoilLog();
  app = await openApp({ home });
  await connect(app, way.url, platform.keys.admin);
  await app.sees('12 instances');
  await app.sees('Signed in to');
  await app.click('button', 'Close');
});
after(async () => {
  await app?.close();
  await way?.close();
  await platform?.stop();
  await home.remove();
});

const spoilLog = () => way.spoil('GET', new RegExp(`/${agent.id}/logs$`), { change: (log) => ({ ...log, logs: lines, total: lines.length }) });

/** The rows that can be seen, as text, once each of them is drawn. */
const seen = () => app.when('every row in view is drawn', () => {
  const log = document.querySelector('[role=log]');
  const view = log.getBoundingClientRect();
  const rows = [...log.querySelectorAll('[data-index]')]
    .filter((row) => row.getBoundingClientRect().top >= view.top - 1 && row.getBoundingClientRect().bottom <= view.bottom + 1)
    .sort((a, b) => a.dataset.index - b.dataset.index)
    .map((row) => row.innerText.replace(/\s+/g, ' ').trim());
  const room = Math.floor(Math.min(log.clientHeight, log.querySelector('.rows').clientHeight) / 22) - 1;
  return rows.length >= Math.max(1, room) && rows.every((row) => row !== '') && rows;
});
const sees = (text) => app.when(`a row says “${text}”`, (wanted) => {
  const log = document.querySelector('[role=log]');
  const view = log?.getBoundingClientRect();
  return view && [...log.querySelectorAll('[data-index]')].some((row) => row.innerText.includes(wanted) && row.getBoundingClientRect().top >= view.top - 1 && row.getBoundingClientRect().bottom <= view.bottom + 1);
}, text);
const atEnd = () => app.when('the end is in view', () => {
  const log = document.querySelector('[role=log]');
  return log && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
});
const button = (name) => app.run((wanted) => [...document.querySelectorAll('main button')].some((one) => one.innerText.trim() === wanted), name);
const countIs = (text) => app.when(`it counts ${text}`, (wanted) => document.querySelector('main')?.innerText.includes(wanted), text);
const matches = (count) => countIs(`${count} of ${lines.length} lines`);
/** No filter: the count names all lines, and what happened among them. */
const allCounted = () => app.when('all lines are counted', (count) => document.querySelector('.logs .head .count')?.innerText.startsWith(`${count} lines`), lines.length);
const last = () => lines.at(-1).message;
/** Types into what has the focus. `keys` would press all of it at once. */
async function typed(text) {
  for (const letter of text) await app.keys(letter);
}
const focusLog = () => app.run(() => document.querySelector('[role=log]').focus());

test('the end is followed until one looks back, and nothing moves under the hand', async (t) => {
  const step = story(t, () => app);
  await step('new lines come into view by themselves', async () => {
    await app.goTo(`/instances/${agent.id}/logs`);
    await sees('tick 400');
    await atEnd();
    write(3);
    await sees(last());
    await atEnd();
    await assertAccessible(app, 'a log');
    await pictures(app, 'logs-following');
  });

  await step('the end is followed through other sizes of the window', async () => {
    for (const [width, height] of [[900, 600], [1280, 800]]) {
      await app.size(width, height);
      await atEnd();
      assert.equal(await app.run(() => [...document.querySelectorAll('main button')].some((one) => one.innerText.includes('To the end'))), false, `it follows at ${width}×${height}`);
    }
    write(1);
    await sees(last());
  });

  await step('whoever scrolls up stays there, and is told how many came', async () => {
    await app.run(() => (document.querySelector('[role=log]').scrollTop -= 2_000));
    await app.when('it no longer follows', () => [...document.querySelectorAll('button')].some((one) => one.innerText.includes('To the end')));
    const before = await seen();
    write(12);
    await app.find('button', '↓ 12 new');
    assert.deepEqual(await seen(), before, 'nothing has moved');
    await assertAccessible(app, 'a log that was scrolled up');
    await pictures(app, 'logs-behind');
    await app.click('button', '↓ 12 new');
    await sees(last());
    assert.equal(await button('↓ 12 new'), false);
    write(1);
    await sees(last());
  });

  await step('a selection of text stays while lines come', async () => {
    const text = await app.run(() => {
      const rows = [...document.querySelectorAll('[role=log] [data-index]')].filter((row) => /tick 41[0-2]/.test(row.innerText));
      const [first, last] = [rows[0].querySelector('.message'), rows.at(-1).querySelector('.message')];
      getSelection().setBaseAndExtent(first, 0, last, last.childNodes.length);
      return getSelection().toString();
    });
    assert.match(text, /tick 410[\s\S]*tick 412/);
    const before = await seen();
    write(30, 'late');
    await app.find('button', '↓ 30 new');
    assert.equal(await app.run(() => getSelection().toString()), text);
    assert.deepEqual(await seen(), before);
    await app.keys(['Control', 'c']);
    const copied = await pasted(app, /tick 411\n/);
    assert.match(copied, /\tinstalling_runtime\ttick 411\n/);
    assert.equal(copied.split('\n').length, 3);
    await app.run(() => getSelection().removeAllRanges());
    await sees(last());
  });
});

test('a line is found by keyboard alone', async (t) => {
  const step = story(t, () => app);
  await step('by text, marked, with how many', async () => {
    await focusLog();
    await app.keys('/');
    await app.when('the search has the focus', () => document.activeElement?.getAttribute('aria-label') === 'Search the lines');
    await typed('enospc');
    await matches(1);
    await sees('no space left on device');
    await app.when('the address has it', () => location.search === '?q=enospc');
    await assertAccessible(app, 'a filtered log');
    await pictures(app, 'logs-filtered');
  });

  await step('opened, it says what it means and what to do', async () => {
    await app.keys('Enter');
    await app.when('the row is the current one', () => document.querySelector('[role=log] [aria-current]')?.innerText.includes('ENOSPC'));
    await app.keys('Enter');
    await app.sees('The server’s disk is full.');
    await app.sees('Find in the log what fills it.');
    await assertAccessible(app, 'a line in full');
    await pictures(app, 'logs-line');
    await app.keys('Escape');
    await app.when('the line is closed', () => !document.querySelector('section[aria-label="The line in full"]'));
  });

  await step('by regular expression; one that can not be read says why', async () => {
    await app.keys('/');
    await app.when('the search has the focus again', () => document.activeElement?.getAttribute('aria-label') === 'Search the lines');
    await app.keys('Escape');
    await app.when('it is empty', () => document.activeElement?.value === '');
    await app.keys('Tab');
    await app.when('the switch has the focus', () => document.activeElement?.getAttribute('aria-label') === 'As a regular expression');
    await app.keys('Space');
    await app.keys(['Shift', 'Tab']);
    await typed('tick (7|8)[');
    await app.sees('This pattern can not be read:');
    await app.sees('Nothing is searched for');
    assert.equal(await app.run(() => document.querySelector('[aria-label="Search the lines"]').getAttribute('aria-invalid')), 'true');
    await assertAccessible(app, 'a pattern that can not be read');
    await pictures(app, 'logs-bad-pattern');
    await app.keys('Backspace');
    await typed('$');
    await matches(2);
    await app.when('nothing is wrong any more', () => !document.body.innerText.includes('This pattern can not be read'));
  });

  await step('what matches nothing offers the way back', async () => {
    await app.keys(['Control', 'a']);
    await typed('no such line');
    await app.sees('No line of the log fits the filter.');
    await app.click('button', 'Clear the filter');
    await allCounted();
    await sees(last());
  });

  await step('the keys go through the rows, and End follows again', async () => {
    await focusLog();
    await app.keys('Home');
    await sees('tick 1');
    assert.match((await seen())[0], /tick 1$/);
    await app.keys('ArrowDown');
    await app.when('the second row is the current one', () => /tick 2\s*$/.test(document.querySelector('[role=log] [aria-current]')?.innerText ?? ''));
    await app.keys(['Shift', 'ArrowDown']);
    await countIs('2 selected');
    await app.keys('Escape');
    await app.keys('End');
    await atEnd();
    write(1);
    await sees(last());
  });
});

test('levels, stages, times and gaps', async (t) => {
  const step = story(t, () => app);
  await step('level and stage are chosen with their counts', async () => {
    await app.click('button', 'Level', { exact: false });
    await app.when('the counts are there', () => /error\s*2/.test(document.querySelector('[role=group][aria-label="Level"]')?.innerText ?? ''));
    await assertAccessible(app, 'choosing a level');
    await pictures(app, 'logs-levels');
    await app.when('the level can be chosen', () => {
      const box = [...document.querySelectorAll('[role=group][aria-label="Level"] label')].find((label) => label.innerText.includes('error'))?.querySelector('input');
      box?.click();
      return box;
    });
    await countIs(`2 rows, out of ${lines.length} lines`);
    await app.keys('Escape');
    await app.click('button', 'Stage', { exact: false });
    await app.run(() => [...document.querySelectorAll('[role=group][aria-label="Stage"] label')].find((label) => label.innerText.includes('installing')).querySelector('input').click());
    await app.sees('Nothing matches');
    await app.keys('Escape');
    await app.click('button', 'Clear the filter');
    await allCounted();
  });

  await step('a time leads to its line; nonsense and the future say why not', async () => {
    await focusLog();
    await app.keys('t');
    await app.when('the field has the focus', () => document.activeElement?.placeholder === '14:02');
    await app.find('textbox', 'Time', { exact: false });
    await typed('half past nine');
    await app.keys('Enter');
    await app.sees('This is no time.');
    await assertAccessible(app, 'a time that is none');
    await pictures(app, 'logs-time');
    await app.keys(['Control', 'a']);
    await typed(timeOf(AFTER_GAP));
    await app.keys('Enter');
    await app.when('the row is the current one', (text) => document.querySelector('[role=log] [aria-current]')?.innerText.includes(text), `tick ${AFTER_GAP}`);
    assert.match((await seen())[0], new RegExp(`tick ${AFTER_GAP}$`));
  });

  await step('numbers that are missing are shown as a gap', async () => {
    assert.match((await seen())[0], /12 lines missing/);
    await app.keys('ArrowUp');
    await sees('tick 200');
    await pictures(app, 'logs-gap');
  });

  await step('what happened stands among the lines, and can be left out', async () => {
    const back = way.spoil('GET', new RegExp(`/${agent.id}/runtime$`), { change: (runtime) => ({ ...runtime, openclaw_version: '2099.1.0' }) });
    await app.keys('End');
    await sees('2099.1.0');
    await pictures(app, 'logs-changes');
    await app.click('button', '✓ Changes');
    await app.when('only lines are left', () => !document.querySelector('[role=log]').innerText.includes('2099.1.0'));
    await app.click('button', 'Changes');
    await sees('2099.1.0');
    back();
  });
});

test('hostile lines are text, and secrets do not leave', async (t) => {
  const step = story(t, () => app);
  await step('no escape sequence does anything, colours are shown', async () => {
    const title = await app.run(() => document.title);
    await focusLog();
    await app.keys('/');
    await typed('hostile');
    await matches(6);
    await sees('hostile direction');
    const rows = (await seen()).map((row) => row.slice(row.indexOf('hostile')));
    assert.deepEqual(rows, [
      'hostile link click me end',
      'hostile clipboard end',
      'hostile title and cursor end',
      'hostile colour red end',
      'hostile markup <img src=x onerror="window.pwned=1"><script>window.pwned=1</script> end',
      'hostile direction ⟨U+202E⟩gnp.exe end',
    ]);
    assert.equal(await app.run(() => document.querySelectorAll('[role=log] :is(a, img, script)').length), 0);
    assert.equal(await app.run(() => window.pwned ?? null), null);
    assert.equal(await app.run(() => document.title), title);
    const hue = await app.run(() => {
      const piece = [...document.querySelectorAll('[role=log] .message span')].find((one) => one.innerText === 'red');
      return piece && getComputedStyle(piece).color !== getComputedStyle(piece.closest('.message')).color;
    });
    assert.equal(hue, true, 'red is not the colour of the rest');
    await assertAccessible(app, 'hostile lines');
    await pictures(app, 'logs-hostile');
  });

  await step('what is copied is redacted unless told otherwise', async () => {
    await app.fill('Search the lines', 'gateway started');
    await matches(1);
    await app.click('button', 'Copy or save');
    await app.sees('Keys, tokens, e-mail addresses and numbers become [redacted].');
    await assertAccessible(app, 'copying or saving');
    await pictures(app, 'logs-out');
    await app.click('button', 'Copy the one that matches');
    await app.sees('Copied 1 line');
    const copied = await pasted(app, /api_key=\[redacted\]/);
    assert.match(copied, /^\S+\terror\tconfiguring_agent\tgateway started with api_key=\[redacted\] for \[redacted\]$/);
    await app.click('button', 'Copy or save');
    await app.run(() => document.querySelector('[role=group][aria-label="Copy or save"] input').click());
    await app.sees('Everything leaves the app as it is.');
    for (const name of ['Save as text…', 'Save as NDJSON…']) assert.ok(await (await app.find('button', name)).isEnabled());
    await app.click('button', 'Copy the one that matches');
    await app.when('it is copied as it is', () => !document.querySelector('[role=group][aria-label="Copy or save"]'));
    await until(async () => (await pasted(app)).includes(SECRET), 'the secret is in the copy');
  });
});

test('a platform that fails keeps what is known, and says what is not', async (t) => {
  const step = story(t, () => app);
  await step('the newest lines can not be fetched', async () => {
    // Its own tab leads back to all of it.
    await app.click('link', 'Logs', { exact: false });
    await allCounted();
    await app.when('the search is empty', () => document.querySelector('[aria-label="Search the lines"]').value === '');
    await focusLog();
    await app.keys('End');
    await sees(last());
    const back = way.spoil('GET', /\/logs$/, { status: 500 });
    await app.sees('The newest lines could not be fetched');
    await sees(last());
    await assertAccessible(app, 'a log that is not new');
    await pictures(app, 'logs-failing');
    back();
    write(1);
    // Unless the app has just looked by itself, and nothing is wrong any more.
    await app.run(() => [...document.querySelectorAll('main button')].find((one) => one.innerText.trim() === 'Try again')?.click());
    await sees(last());
    await app.when('nothing is wrong any more', () => !document.body.innerText.includes('could not be fetched'));
  });

  await step('nothing could be fetched at all', async () => {
    const back = way.spoil('GET', /\/logs$/, { status: 403, json: { detail: 'Admin access required' } });
    await app.goTo(`/instances/${other.id}/logs`);
    await app.sees('The log could not be loaded');
    await assertAccessible(app, 'a log that could not be loaded');
    await pictures(app, 'logs-failed');
    back();
  });

  await step('an empty log says so', async () => {
    way.spoil('GET', /\/logs$/, { json: { instance_id: other.id, logs: [], total: 0 } });
    await app.goTo('/instances');
    await app.goTo(`/instances/${other.id}/logs`);
    await app.sees('No lines yet');
    await pictures(app, 'logs-empty');
    way.mend();
    spoilLog();
  });

  await step('without a platform the known lines are there after a restart', async () => {
    await app.close();
    await way.down();
    app = await openApp({ home });
    await app.when('the app is there', () => document.querySelector('main h1'));
    await app.goTo(`/instances/${agent.id}/logs`);
    await sees(last());
    await app.sees('No answer from the platform');
    await app.sees('The newest lines could not be fetched');
    await way.up();
    write(1);
    await sees(last());
  });
});
