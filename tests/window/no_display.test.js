/** The app where there is no display, as over ssh: it says so, and leaves nothing behind. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { makeHome } from './support/app.js';

const absent = [
  ['that no variable names', {}],
  ['that does not answer', { DISPLAY: ':9876' }],
];

for (const [how, named] of absent) {
  test(`a display ${how} is one sentence and exit code 1`, async () => {
    const home = makeHome();
    try {
      const { DISPLAY, WAYLAND_DISPLAY, ...env } = process.env;
      assert.ok(DISPLAY && !WAYLAND_DISPLAY, 'the session itself has one display');
      const ended = spawnSync(process.env.NINEHEADS_APP, [], {
        encoding: 'utf8',
        timeout: 20_000,
        env: { ...env, ...named, HOME: home.folder, XDG_DATA_HOME: home.folder, XDG_CONFIG_HOME: home.folder, XDG_CACHE_HOME: home.folder },
      });
      assert.equal(ended.status, 1, ended.stderr);
      assert.match(ended.stderr, /^Nineheads needs a display, .*\. The command `nineheads` does the same without a window\.\n$/);
      assert.equal(ended.stdout, '');
      assert.deepEqual(readdirSync(home.folder), [], 'nothing was written');
    } finally {
      await home.remove();
    }
  });
}
