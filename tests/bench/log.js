/** A log of a million lines, gathered over many looks: filled, opened, scrolled, searched, and what it takes of memory. */
import assert from 'node:assert/strict';
import { keepLog } from './front.js';
import { memoryOf } from './memory.js';
import { compare } from './numbers.js';
import { rest, scroll, scrollInTurn, scrollPlain, type, watchTasks } from './page.js';
import { until } from '../window/support/app.js';

const WINDOW = 25_000;
const LINES = 1_000_000;
/** How long the core may take over a million lines, in milliseconds. */
const LONG = 120_000;
/** The control. */
const SHORT = 400;
const SCROLLER = '[role=log]';
const QUERY = { text: '', regex: false, levels: [], stages: [], withChanges: false };

/** A command of the core, as the page would give it. */
const command = (app, name, values) => app.browser.executeAsync((what, how, done) => {
  const started = performance.now();
  window.__TAURI_INTERNALS__.invoke(what, how).then((answer) => done({ answer, ms: performance.now() - started }), (error) => done({ error: JSON.stringify(error) }));
}, name, values);

export async function measure({ app, front, instance, small, report }) {
  const served = keepLog(front, instance.id, WINDOW, LINES);
  keepLog(front, small.id, SHORT, SHORT);
  await app.goTo('/instances');
  await rest(1500);
  const idle = await watchTasks(app, () => rest(2000));
  report.control('nothing happens (log)', idle);

  const begun = Date.now();
  const fill = await watchTasks(app, () => gather(app, instance, served), 200);
  report.tasks(`log: ${LINES / WINDOW} looks gather a million lines`, [fill], idle);
  report.time('log: all looks', [Date.now() - begun]);

  const window = await timesOf(8, (at) => command(app, 'show_logs', { id: instance.id, query: QUERY, offset: at * 120_000, limit: 200 }));
  assert.equal(window[0].answer.total, LINES);
  report.time('log: the core answers a window of 200 rows', window.slice(1).map(({ ms }) => ms));

  await app.goTo(`/instances/${instance.id}`);
  const tab = await app.find('tab', 'Logs', { exact: false });
  const opened = await watchTasks(app, async () => {
    await tab.click();
    await app.when('rows are there', hasRows);
  });
  report.tasks('log of a million lines opens', [opened], idle, null);
  report.time('log: pressed → rows there', [opened.after]);
  await rest(1500);

  await scrolling(app, report);
  await typing(app, { instance, small, report });
}

const isWhole = () => /step \d+/.test(document.querySelector('.card .head')?.parentElement.innerText ?? '') && !/ of /.test(document.querySelector('.card .head').innerText) && document.querySelector('[role=log]').getAttribute('aria-busy') !== 'true';
const hasRows = () => /step \d+/.test(document.querySelector('.card .head')?.parentElement.innerText ?? '');

async function timesOf(count, act) {
  const all = [];
  for (let at = 0; at < count; at += 1) all.push(await act(at));
  return all;
}

/** Looks again and again, as screens that come and go would; how many lines are kept the core announces. */
async function gather(app, instance, served) {
  await app.browser.executeAsync((id, done) => {
    const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
    window.gathered = 0;
    const handler = transformCallback((event) => {
      const text = JSON.stringify(event.payload);
      if (text.includes('logsChanged') && text.includes(id)) window.gathered = Number(/"total":(\d+)/.exec(text)?.[1]);
    });
    invoke('plugin:event|listen', { event: 'announcement', target: { kind: 'Any' }, handler }).then(() => done(true));
  }, instance.id);
  for (let looks = 1; served.asked < LINES / WINDOW; looks += 1) {
    await command(app, 'watch_logs', { id: instance.id });
    await app.when(`look ${looks} is kept`, (lines) => window.gathered >= lines, looks * WINDOW);
    await command(app, 'unwatch_logs', { id: instance.id });
  }
}

async function scrolling(app, report) {
  const { list, plain } = await scrollInTurn(app, SCROLLER, -60, 80);
  report.frames('log: scrolled by 60 px a frame', list, plain);

  // As a scrollbar is pulled through all of it, to the beginning and back.
  const whole = await app.run((at) => document.querySelector(at).scrollHeight, SCROLLER);
  const far = await scrollPlain(app, SCROLLER, -3000, 80);
  const [sizes, pulled] = [[memoryOf(app.pid)], []];
  for (let pass = 0; pass < 3; pass += 1) {
    for (const step of [-1, 1]) pulled.push(await scroll(app, SCROLLER, (step * whole) / 80, 80));
    await rest(1000);
    sizes.push(memoryOf(app.pid));
  }
  report.frames('log: pulled through all of it and back', pulled, [far]);
  report.memory('memory: all of the log scrolled through once, twice, three times', sizes, 1.15);

  const shown = [];
  for (let at = 1; at <= 8; at += 1) {
    shown.push(await app.browser.executeAsync((where, top, done) => {
      const list = document.querySelector(where);
      const started = performance.now();
      list.scrollTop = list.scrollHeight * top;
      const look = () => {
        const box = list.getBoundingClientRect();
        const row = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)?.closest('[data-index]');
        if (/step \d+/.test(row?.textContent ?? '') && performance.now() - started > 20) done(performance.now() - started);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(() => requestAnimationFrame(look));
    }, SCROLLER, (at * 5) / 41));
  }
  report.time('log: a jump far away → its rows there', shown);
}

/** Typing into the search: a short log against one of a million lines, in turn. */
async function typing(app, { instance, small, report }) {
  const [quiet, busy, back] = [[], [], []];
  for (const [{ id }, into] of [[small, quiet], [instance, busy], [instance, busy], [small, quiet]]) {
    await app.goTo(`/instances/${id}/logs`);
    // The core may still be at the searches of the other log.
    await until(() => app.run(hasRows), 'rows are there', LONG);
    const field = await app.find('textbox', 'Search', { exact: false });
    await field.click();
    into.push(await type(app, 'verified 4096'));
    const asked = Date.now();
    await app.keys(['Control', 'a']);
    await app.keys('Delete');
    await rest(400);
    await until(() => app.run(isWhole), 'all rows are back', LONG);
    if (into === busy) back.push(Date.now() - asked);
  }
  report.keys('log: typing in the search of a million lines, against a short log', compare(quiet, busy), 1.5);
  report.time('log: a search of 13 letters was typed and cleared → all rows back', back);
}
