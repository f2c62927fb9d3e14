/** Ten thousand instances: opened, scrolled and searched with a small page and small messages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';

const ROWS = 200;
const BYTES = 64 * 1024;

const rowCount = () => document.querySelectorAll('[role="row"]').length;

test('ten thousand rows open, scroll and are searched with at most 200 row elements and 64 KB of messages', async () => {
  const home = makeHome();
  const platform = await startPlatform({ fleet: 10_000 });
  const app = await openApp({ home });
  try {
    await app.sees('Connect to a platform');
    // Everything that comes from the core is weighed: replies of commands and announcements.
    await app.browser.executeAsync((done) => {
      window.weighed = 0;
      const open = window.fetch;
      window.fetch = async (...request) => {
        const answer = await open(...request);
        window.weighed += (await answer.clone().arrayBuffer()).byteLength;
        return answer;
      };
      const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
      const handler = transformCallback((event) => (window.weighed += JSON.stringify(event).length));
      invoke('plugin:event|listen', { event: 'announcement', target: { kind: 'Any' }, handler }).then(() => done(true));
    });
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('10,000 instances');
    await app.when('real rows fill the view', () => {
      const rows = [...document.querySelectorAll('[role="row"][aria-rowindex]')];
      return rows.length > 10 && rows.slice(1, 10).every((row) => row.innerText.includes('vps-'));
    });
    const weighed = await app.run(() => window.weighed);
    assert.ok(weighed > 1000, `only ${weighed} bytes were weighed: the scales are broken`);
    assert.ok(weighed <= BYTES, `${weighed} bytes until the list is filled`);
    assert.ok((await app.run(rowCount)) <= ROWS);
    await app.screenshot('ten-thousand');
    await assertAccessible(app, 'fleet of ten thousand');

    await app.run(() => document.querySelector('[role="row"][aria-rowindex="2"]').focus());
    for (const [key, index] of [['End', '10001'], ['Home', '2'], ['PageDown', undefined]]) {
      await app.keys(key);
      await app.when(`${key} has moved the cursor`, (wanted) => {
        const at = document.activeElement?.closest('[role="row"]');
        return at?.innerText.includes('vps-') && (wanted === null || at.getAttribute('aria-rowindex') === wanted);
      }, index ?? null);
      assert.ok((await app.run(rowCount)) <= ROWS);
    }

    await app.keys('/');
    await app.when('the search has the focus', () => document.activeElement?.matches('input'));
    const search = await app.find('textbox', 'Search the fleet', { exact: false });
    await search.addValue('us-west goose');
    await app.when('the rows are those that match', () => {
      const rows = [...document.querySelectorAll('[role="row"][aria-rowindex]')].slice(1);
      return rows.length > 0 && rows.every((row) => row.innerText.includes('us-west') && row.innerText.includes('goose'));
    });
    assert.ok((await app.run(rowCount)) <= ROWS);
    await search.addValue(' no-such-thing');
    await app.sees('Nothing matches');
  } finally {
    await app.close();
    await platform.stop();
    await home.remove();
  }
});
