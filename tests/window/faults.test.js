/**
 * The fault matrix through the real window: what a person sees. The numbers are the rows of `docs/reliability.md`.
 * Each fault: a sentence that helps, the last good rows with their age, nothing typed lost, and well again without a click.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeHome, openApp, until } from './support/app.js';
import {
  answer, CREATE, cutBody, json, LIST, openMisbehaving, openTls, page, raw, reset, silence, taken, tooShort, withoutEnd,
} from './support/misbehaving.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect, fillWizard } from './support/steps.js';
import { story } from './support/story.js';

const FAILING = 'The platform has been failing since';
const GONE = 'No connection since';
const bare = (status) => raw(`HTTP/1.1 ${status} X\r\nConnection: close\r\n\r\n`);
const pem = (name) => readFileSync(new URL(`./support/certificates/${name}.pem`, import.meta.url), 'utf8');
const certificate = (name) => ({ cert: pem(name), key: pem(name) });

/** Before anything is known: a sentence on the first screen. Row, what it is, what is shown. */
const FIRST = [
  ['row 2, a name that nobody knows', () => ({ url: 'https://nineheads-nowhere.invalid' }), ['No server answered at nineheads-nowhere.invalid']],
  ['row 5, an expired certificate', () => openTls(certificate('expired')), ['The certificate of 127.0.0.1 does not hold', '2021', 'Nothing was sent']],
  ['row 6, a certificate that vouches for itself', () => openTls(certificate('self-signed')), ['The certificate of 127.0.0.1 does not hold', 'trusts nobody who vouches for it']],
  ['row 8, a handshake that stalls', () => openTls(undefined), ['No server answered at 127.0.0.1']],
];

/** The list fails: the bar's sentence, and the rows stay. */
const LISTS = [
  ['row 12, a reset after the request', reset, [GONE]],
  ['row 13, half a body', cutBody, [GONE]],
  ['row 13, a body that is too short', tooShort, [GONE]],
  ['row 14, pieces without an end', withoutEnd, [GONE]],
  ['row 15, a web page', page(200), [FAILING, 'This is not the Instances API']],
  ['row 16, null', json(200, 'null'), [FAILING, 'The answer could not be read']],
  ['row 17, a 204', bare(204), [FAILING, 'The answer could not be read']],
  ['row 18, a redirect on the same host', answer(302, 'Location: /login?next=secret\r\n'), [FAILING, 'This is not the Instances API']],
  ['row 24, a list that is not there', page(404), [FAILING, 'This is not the Instances API']],
  ['row 29, a 500', json(500, { detail: 'database is locked' }), [FAILING, 'The platform failed (error 500)']],
  ['row 30, the web page of a gateway', page(502), [FAILING, 'The platform failed (error 502)']],
  ['row 31, a 503', json(503, { detail: 'soon' }), [FAILING, 'The platform failed (error 503)']],
  ['row 35, JSON that is none', json(200, `{"instances":${'['.repeat(5000)}`), [FAILING, 'The answer could not be read']],
  ['row 9, no answer at all', silence, [GONE]],
];

/** The list refuses, or asks to wait: told at the table, since the platform is there. */
const TABLES = [
  ['row 21, a 400 with hostile words', json(400, { detail: `<img src=x onerror="window.hit=1">${'x'.repeat(5000)}` }), 'The platform does not accept these values'],
  ['row 26, a 429', json(429, { detail: 'slow down' }, 'Retry-After: 2\r\n'), 'The platform asks to wait'],
];

/** A create whose end nobody knows. */
const UNKNOWN = [
  ['row 12, a create whose answer was reset', reset],
  ['row 15, a create answered with a web page', page(200)],
  ['row 25, a create answered with 409', json(409, { detail: 'in progress' })],
  ['row 30, a create answered by a gateway', page(504)],
  ['row 32, a create answered with nulls', json(200, { task_id: null, instance_id: null })],
];

const look = (app) => app.run(() => window.__TAURI_INTERNALS__.invoke('refresh_fleet'));
const rows = (app) => app.run(() => [...document.querySelectorAll('[role="row"][aria-rowindex]')].filter((row) => row.getAttribute('aria-rowindex') !== '1').length);
const barIsGone = (app) => until(async () => (await look(app), app.run(() => !document.querySelector('section.offline'))), 'the bar is gone');
const barSays = (app, words) => until(async () => {
  await look(app);
  const said = await app.run(() => document.querySelector('section.offline')?.innerText ?? '');
  return words.every((one) => said.includes(one)) || Promise.reject(new Error(`it says “${said}”`));
}, `the bar says ${words.join(', ')}`);

test('faults, as a person sees them', async (t) => {
  const home = makeHome();
  const platform = await startPlatform({ fleet: 8, speed: 200 });
  const way = await openMisbehaving(platform.url);
  const app = await openApp({ home });
  const step = story(t, () => app);
  const looked = new Set();
  const accessible = async (what) => {
    if (looked.has(what)) return;
    looked.add(what);
    await assertAccessible(app, what);
  };
  try {
    for (const [name, serve, sentences] of FIRST) {
      await step(name, async () => {
        const server = await serve();
        await connect(app, server.url, 'hc_live_0123456789abcdef');
        for (const sentence of sentences) await app.sees(sentence);
        assert.equal(await (await app.find('textbox', 'Base URL', { exact: false })).getValue(), server.url, 'what was typed stays');
        assert.equal(server.bytes?.() ?? 0, 0, 'no request was sent');
        assert.equal(await app.run(() => /ignore|anyway/i.test(document.body.innerText)), false, 'there is no way around');
        await accessible(sentences[0]);
        await server.close?.();
      });
    }

    await step('all is well at first', async () => {
      await connect(app, way.url, platform.keys.admin);
      await app.sees('8 instances');
      await app.when('eight rows', () => document.querySelectorAll('[role="row"][aria-rowindex]').length === 9);
    });

    for (const [name, does, sentences] of LISTS) {
      await step(name, async () => {
        way.spoil(LIST, does);
        await barSays(app, sentences);
        await app.sees('As of');
        assert.equal(await rows(app), 8, 'the last good rows stay');
        assert.equal(await app.run(() => document.querySelectorAll('section.offline').length), 1, 'one notice');
        assert.equal(await app.run(() => window.hit ?? null), null, 'nothing of a page is run');
        await accessible(sentences.at(-1));
        way.mend();
        await barIsGone(app);
      });
    }

    await step('row 19, a redirect to another host', async () => {
      const other = await openMisbehaving(platform.url);
      way.spoil(LIST, answer(307, `Location: ${other.url.replace('127.0.0.1', 'localhost')}/v1/instances\r\n`));
      await barSays(app, [FAILING, 'This is not the Instances API']);
      assert.equal(other.count(LIST), 0, 'nothing goes there');
      way.mend();
      await barIsGone(app);
      await other.close();
    });

    for (const [name, does, sentence] of TABLES) {
      await step(name, async () => {
        way.spoil(LIST, does);
        await until(async () => (await look(app), app.run((wanted) => document.body.innerText.includes(wanted), sentence)), `it says “${sentence}”`);
        assert.equal(await rows(app), 8);
        assert.equal(await app.run(() => window.hit ?? null), null);
        await accessible(sentence);
        way.mend();
        await until(async () => (await look(app), app.run((wanted) => !document.body.innerText.includes(wanted), sentence)), 'it is well again');
      });
    }

    await step('row 33, row 34 and row 37, odd rows, and a list that shrinks at once', async () => {
      const two = [{ id: 'odd', agent_name: 'Odd', status: 'hibernating', new: {} }, { status: 'running' }];
      way.spoil(LIST, json(200, { instances: two }));
      await until(async () => (await look(app), app.run(() => document.body.innerText.includes('hibernating'))), 'a second look says the same');
      await app.sees('1 row could not be read');
      await accessible('odd rows');
      way.mend();
      await until(async () => (await look(app), app.run(() => document.body.innerText.includes('8 instances'))), 'all eight are there again');
    });

    await step('row 32, an instance whose every value is null', async () => {
      const { instances } = await platform.ask('/v1/instances');
      way.spoil(`GET /v1/instances/${instances[0].id}`, json(200, { id: instances[0].id, status: null, capabilities: null, agent_name: null }));
      await app.goTo(`/instances/${instances[0].id}`);
      await app.sees('unknown');
      assert.doesNotMatch(await app.run(() => document.querySelector('main').innerText), /\bnull\b|undefined|NaN|Invalid Date/);
      way.mend();
    });

    await step('row 23, one right that is missing', async () => {
      const { instances } = await platform.ask('/v1/instances');
      way.spoil(`GET /v1/instances/${instances[1].id}/config`, json(403, { detail: 'no' }));
      await app.goTo(`/instances/${instances[1].id}/config`);
      await app.sees('Not allowed by the platform');
      assert.equal(await app.run(() => document.querySelectorAll('section.offline').length), 0, 'the rest goes on');
      await accessible('a configuration that may not be read');
      way.mend();
    });

    await step('row 21, a create whose field is refused keeps what was typed', async () => {
      way.spoil(CREATE, json(422, { detail: [{ loc: ['body', 'agent_name'], msg: '<b>not</b> this name', type: 'value_error' }] }));
      await fillWizard(app, 'Kept name');
      await app.click('button', 'Deploy');
      await app.sees('<b>not</b> this name');
      way.mend();
      await app.goTo('/deploy?step=who');
      assert.equal(await (await app.find('textbox', 'Agent name', { exact: false })).getValue(), 'Kept name');
      await accessible('a refused field');
      await app.click('button', 'Start over');
    });

    for (const [at, [name, does]] of UNKNOWN.entries()) {
      await step(name, async () => {
        const before = way.count(CREATE);
        way.spoil(CREATE, does);
        // What the platform knows of it is not told yet.
        way.spoil('GET /v1/instances/by-key/*', json(500, { detail: 'busy' }));
        await fillWizard(app, `Unclear ${at}`);
        await app.click('button', 'Deploy');
        await app.sees('We do not know whether the platform got it');
        assert.equal(way.count(CREATE), before + 1);
        await accessible('an unknown outcome');
        way.mend();
      });
    }

    await step('row 29, a create that was taken and answered with 500 is found by its key', async () => {
      way.spoil(CREATE, taken(json(500, { detail: 'after commit' })));
      await fillWizard(app, 'Found');
      await app.click('button', 'Deploy');
      await app.sees('“Found” is ready');
      const { instances } = await platform.ask('/v1/instances');
      assert.equal(instances.filter(({ agent_name }) => agent_name === 'Found').length, 1);
      way.mend();
    });

    await step('row 26, a create that is asked to wait goes out later, once', async () => {
      way.spoil(CREATE, json(429, { detail: 'slow down' }, 'Retry-After: 1\r\n'));
      await fillWizard(app, 'Patient');
      await app.click('button', 'Deploy');
      await app.sees('Deploying “Patient”');
      way.mend();
      await app.sees('“Patient” is ready');
      const { instances } = await platform.ask('/v1/instances');
      assert.equal(instances.filter(({ agent_name }) => agent_name === 'Patient').length, 1);
    });

    await step('row 1, nobody listens: browsing goes on, a deploy is refused and keeps what was typed', async () => {
      await app.goTo('/instances');
      await fillWizard(app, 'Offline');
      await way.shut();
      await barSays(app, [GONE, 'what you typed stays']);
      const before = way.count(CREATE);
      await app.click('button', 'Deploy');
      await app.sees('No answer from the platform');
      await accessible('a deploy without a platform');
      await app.screenshot('fault-offline-deploy');
      assert.equal(way.count(CREATE), before, 'nothing was sent');
      await app.goTo('/deploy?step=who');
      assert.equal(await (await app.find('textbox', 'Agent name', { exact: false })).getValue(), 'Offline');
      await app.goTo('/instances');
      assert.ok((await rows(app)) >= 8);
      await app.screenshot('fault-offline-fleet');
      await way.reopen();
      await app.when('it comes back without a click', () => !document.querySelector('section.offline'));
    });

    await step('row 46, a page that is loaded anew shows everything at once', async () => {
      await app.run(() => location.reload());
      await app.sees('instances');
      await app.when('the rows are there', () => document.querySelectorAll('[role="row"][aria-rowindex]').length >= 9);
    });

    await step('row 22, a key that is refused stops everything and asks for another', async () => {
      way.spoil('*', json(401, { detail: 'expired' }));
      await look(app);
      await app.sees('refuses');
      assert.ok((await rows(app)) >= 8, 'what is known can be read');
      await accessible('a refused key');
      await app.screenshot('fault-refused-key');
    });
  } finally {
    await app.close();
    await way.close();
    await platform.stop();
    await home.remove();
  }
});
