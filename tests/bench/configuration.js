/** A configuration of 2 MB and 10,000 nodes with a schema as large: opened, searched, edited at its bottom, saved, read back, taken back. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bigConfig, countNodes } from '../support/big_config.js';
import { keepConfig } from './front.js';

import { install, rest, scrollInTurn, type, watchTasks } from './page.js';

const RUNS = 3;
/** The last thing in the document; no schema knows it. */
const LAST = 'last';

/** What is there before the app starts: a schema that was imported earlier. */
export function prepare(home) {
  const { document, schema } = bigConfig(9_999);
  const folder = join(home.folder, 'data', 'dev.nineheads.app');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'schema-expressclaw.json'), JSON.stringify(schema), { mode: 0o600 });
  return { ...document, zone: LAST };
}

const formIsThere = () => document.querySelector('[data-row]') !== null;
const rawIsThere = () => (document.querySelector('.code-editor .host')?.shadowRoot?.querySelectorAll('.cm-line').length ?? 0) > 2;

export async function measure({ app, front, instance, original, report }) {
  const kept = keepConfig(front, instance.id, original);
  report.note(`configuration: ${(JSON.stringify(original).length / 1e6).toFixed(2)} MB, ${countNodes(original)} nodes`);
  await app.goTo(`/instances/${instance.id}`);
  await app.find('tab', 'Config');
  await rest(1500);
  const idle = await watchTasks(app, () => rest(2000));
  report.control('nothing happens', idle);

  const form = [];
  const raw = [];
  for (let at = 0; at < RUNS; at += 1) {
    await app.goTo(`/instances/${instance.id}`);
    const tab = await app.find('tab', 'Config');
    form.push(await watchTasks(app, async () => {
      await tab.click();
      await app.when('the form is there', formIsThere);
    }));
    const choice = await app.find('radio', 'Raw');
    raw.push(await watchTasks(app, async () => {
      await choice.click();
      await app.when('the text is there', rawIsThere);
    }, 3000));
  }
  report.tasks('configuration opens in the form', form, idle);
  report.tasks('… and in the raw editor', raw, idle);
  report.time('configuration: pressed → form there', form.map(({ after }) => after));
  report.time('… → raw text there', raw.map(({ after }) => after));

  await inForm(app, report, idle);
  await edit(app, report, idle);
  assert.equal(kept.writes, 0, 'nothing was sent yet');
  await save(app, report, idle, 'review of the edit');
  assert.deepEqual(kept.read(), { ...original, zone: `${LAST} edited` }, 'the server has the edit and everything else');
  const back = await app.find('button', 'Go back to version', { exact: false });
  report.tasks('going back: the review', [await watchTasks(app, async () => {
    await back.click();
    await ready(app);
  })], idle);
  await send(app, report, idle, 'going back: saved');
  assert.deepEqual(kept.read(), original, 'the server has what it had');
  report.fact('edit at the bottom: saved, read back as edited, taken back, read back as it was', `yes, ${kept.writes} writes`);
}

async function inForm(app, report, idle) {
  await (await app.find('radio', 'Form')).click();
  await app.when('the form is there', formIsThere);
  const section = await app.find('button', 'Plugins', { exact: false });
  report.tasks('form: the largest section', [await watchTasks(app, async () => {
    await section.click();
    await rest(500);
  })], idle);
  const entries = await app.find('button', 'Entries');
  report.tasks('form: its entries open', [await watchTasks(app, async () => {
    await entries.click();
    await app.when('they are there', () => document.querySelectorAll('[data-row]').length > 5);
  })], idle);
  const { list, plain } = await scrollInTurn(app, '.list .virtual', 60, 80);
  report.frames('form: scrolled by 60 px a frame', list, plain);
  const field = await app.find('textbox', 'Search', { exact: false });
  await field.click();
  report.tasks('form: search for “timeout”', [await watchTasks(app, async () => {
    await type(app, 'timeout');
    await app.when('it has found something', () => /\d/.test(document.querySelector('.rows .status')?.innerText ?? ''));
  })], idle);
}

async function edit(app, report, idle) {
  await (await app.find('radio', 'Raw')).click();
  await app.when('the text is there', rawIsThere);
  await app.run(() => document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-content').focus());
  report.tasks('raw: to the bottom', [await watchTasks(app, async () => {
    await app.keys(['Control', 'End']);
    await app.when('the bottom is there', () => document.querySelector('.code-editor .host').shadowRoot.textContent.includes('"zone"'));
  })], idle);
  await app.keys('ArrowUp');
  await app.keys('End');
  await app.keys('ArrowLeft');
  const typing = await watchTasks(app, () => type(app, ' edited'), 3000);
  report.tasks('raw: an edit at the bottom', [typing], idle);
  const search = await watchTasks(app, async () => {
    await app.keys(['Control', 'f']);
    await app.when('the search is there', () => document.querySelector('.code-editor .host').shadowRoot.querySelector('.cm-search'));
    await type(app, 'timeoutMs');
  });
  report.tasks('raw: search for “timeoutMs”', [search], idle);
  await app.keys('Escape');
}

async function save(app, report, idle, what) {
  const review = await app.find('button', 'Review and save', { exact: false });
  report.tasks(what, [await watchTasks(app, async () => {
    await review.click();
    await ready(app);
  })], idle);
  await send(app, report, idle, 'the edit: saved');
}

const ready = (app) => app.when('it can be saved', () => [...document.querySelectorAll('.review footer button')].at(-1)?.disabled === false);

async function send(app, report, idle, what) {
  const button = await app.find('button', 'Save');
  await install(app);
  report.tasks(what, [await watchTasks(app, async () => {
    await button.click();
    await app.when('it is saved', () => document.querySelector('section.strip')?.innerText.includes('Saved as version') && !document.querySelector('.review'));
  })], idle);
}

