/** What the page may not do, and that it starts all the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
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

for (const LANG of ['C', 'C.UTF-8', 'en_US.UTF-8']) {
  test(`it starts where the system's language is ${LANG}`, () =>
    withApp({ LANG, LC_ALL: LANG, LANGUAGE: '' }, async (app) => {
      await app.sees('Try the demo on this computer');
      assert.equal(await app.run(() => typeof new Intl.NumberFormat(navigator.language).format(1)), 'string');
      await startDemo(app);
    }));
}
