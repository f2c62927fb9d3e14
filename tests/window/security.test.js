/** What the page may not do, and that it starts all the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, openApp, until } from './support/app.js';
import { DEMO, startDemo } from './support/steps.js';

async function withApp(env, body) {
  const home = makeHome();
  const app = await openApp({ home, env: { ...DEMO, ...env } });
  try {
    await body(app);
  } finally {
    await app.close();
    await home.remove();
  }
}

test('an injected inline script, eval and foreign requests are blocked, and the app works', () =>
  withApp({}, async (app) => {
    await app.run(() => {
      window.blocked = [];
      addEventListener('securitypolicyviolation', (event) => window.blocked.push(event.effectiveDirective));
    });
    await app.run(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
      const image = document.createElement('img');
      image.src = 'https://127.0.0.1:9/pixel.png';
      document.body.append(image);
      const frame = document.createElement('iframe');
      frame.src = 'https://127.0.0.1:9/';
      document.body.append(frame);
    });
    const fetched = await app.browser.executeAsync((done) => fetch('https://127.0.0.1:9/').then(() => done('sent'), () => done('refused')));
    assert.equal(fetched, 'refused');
    // The foreign frame is stopped before the policy sees it: the window may not go there.
    const seen = await app.when('three violations are reported', () => window.blocked.length >= 3 && window.blocked);
    assert.deepEqual([...new Set(seen)].sort(), ['connect-src', 'img-src', 'script-src-elem'], String(seen));
    assert.equal(await app.run(() => window.injected), null);
    const evaluated = await app.run(() => {
      try {
        return String(new Function('return 1')());
      } catch {
        return 'refused';
      }
    });
    assert.equal(evaluated, 'refused');
    await app.run(() => document.querySelectorAll('iframe, body > img').forEach((element) => element.remove()));
    await startDemo(app);
  }));

test('the app itself never breaks its own policy, and its prototypes are frozen', () =>
  withApp({}, async (app) => {
    await app.run(() => {
      window.blocked = [];
      addEventListener('securitypolicyviolation', (event) => window.blocked.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
    });
    await startDemo(app);
    for (const path of ['/deploy', '/deploys', '/settings', '/instances']) await app.goTo(path);
    assert.deepEqual(await app.run(() => window.blocked), []);
    assert.equal(await app.run(() => Object.isFrozen(Object.prototype)), true);
    assert.equal(await app.run(() => typeof window.__TAURI__), 'undefined');
  }));

test('the window goes nowhere else and opens no other', () =>
  withApp({}, async (app) => {
    await app.sees('Nineheads');
    await app.run(() => {
      window.stayed = true;
      window.open('https://127.0.0.1:9/');
      location.href = 'https://127.0.0.1:9/';
    });
    await startDemo(app);
    assert.equal(await app.run(() => window.stayed), true);
    assert.equal((await app.browser.getWindowHandles()).length, 1);
  }));

test('the border stands: unknown commands, wrong and huge arguments, ten thousand calls at once', () =>
  withApp({}, async (app) => {
    await startDemo(app);
    const invoke = (command, given) => app.browser.executeAsync((name, args, done) => {
      window.__TAURI_INTERNALS__.invoke(name, args).then((answer) => done({ answer: JSON.stringify(answer) ?? 'nothing' }), (refused) => done({ refused: JSON.stringify(refused) }));
    }, command, given);
    // What nobody allowed is refused, whether it exists or not.
    for (const command of ['no_such_command', '', '../get_version', 'plugin:fs|read_file', 'plugin:shell|execute', 'plugin:opener|open_url', 'plugin:dialog|open', 'plugin:store|load', 'plugin:log|log', 'plugin:clipboard-manager|read_text', 'plugin:webview|create_webview_window', 'plugin:window|close', 'plugin:event|emit', '__proto__']) {
      assert.ok((await invoke(command, {})).refused !== undefined, `“${command}” is refused`);
    }
    for (const given of [{}, { id: 7 }, { id: null }, { id: { __proto__: 1 } }, { id: '../../admin?x=' }, { id: 'x'.repeat(100_000) }]) {
      const { answer, refused } = await invoke('refresh_instance', given);
      assert.ok(refused !== undefined || answer.includes('failure'), JSON.stringify(given).slice(0, 80));
    }
    // Fifty megabytes, made in the page.
    const huge = await app.browser.executeAsync((done) => {
      const name = 'x'.repeat(50_000_000);
      window.__TAURI_INTERNALS__.invoke('get_draft', { name }).then(() => done('answered'), () => done('refused'));
    });
    assert.ok(['answered', 'refused'].includes(huge));
    assert.match((await invoke('get_version', {})).answer, /^"\d/);
    // As fast as a page can call at all; the page is busy with it, so it is asked later how it went.
    await app.run(() => void setTimeout(() => {
      const calls = Array.from({ length: 10_000 }, (_, at) => window.__TAURI_INTERNALS__.invoke(at % 100 === 0 ? 'no_such_command' : 'get_poller', {}));
      void Promise.allSettled(calls).then((all) => (window.flood = { fulfilled: all.filter(({ status }) => status === 'fulfilled').length, settled: all.length }));
    }));
    const flood = await until(() => app.run(() => window.flood), 'every call has its answer', 120_000);
    assert.deepEqual(flood, { fulfilled: 9_900, settled: 10_000 });
    assert.match((await invoke('get_version', {})).answer, /^"\d/);
    await app.goTo('/deploys');
    await app.goTo('/instances');
    await app.sees('12 instances');
  }));

test('no prototype can be changed, by a script or by what a server says', () =>
  withApp({}, async (app) => {
    await startDemo(app);
    const changed = await app.run(() => {
      for (const one of [Object, Array, Function, String, Promise, Map]) {
        try { one.prototype.tampered = 'yes'; } catch { /* strict */ }
      }
      try { JSON.parse('{"__proto__": {"tampered": "yes"}}'); Object.assign({}, JSON.parse('{"__proto__": {"tampered": "yes"}}')); } catch { /* refused */ }
      return ({}).tampered ?? null;
    });
    assert.equal(changed, null);
    assert.deepEqual(await app.run(() => Object.keys(window).filter((name) => /tauri/i.test(name))), []);
  }));

for (const LANG of ['C', 'C.UTF-8', 'en_US.UTF-8']) {
  test(`it starts where the system's language is ${LANG}`, () =>
    withApp({ LANG, LC_ALL: LANG, LANGUAGE: '' }, async (app) => {
      await app.sees('Try the demo on this computer');
      assert.equal(await app.run(() => typeof new Intl.NumberFormat(navigator.language).format(1)), 'string');
      await startDemo(app);
    }));
}
