/**
 * kill -9 at random moments of a deploy, a configuration being saved and the cache being written: no instance twice, none lost,
 * the configuration the old one or the new one, and the app starts every time. `NINEHEADS_KILLS` and `NINEHEADS_SEED` do more, or the same again.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { startPlatform } from './support/platform.js';
import { connect } from './support/steps.js';

const kills = Number(process.env.NINEHEADS_KILLS ?? 15);
const seed = Number(process.env.NINEHEADS_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Longest time between the act and the end, in milliseconds: all three are done long before. */
const LONGEST = 700;

/** The first tier of the local platform. */
const TIER = '7e1a5b90-3c2d-4e6f-8a10-000000000001';

/** Numbers from 0 to 1 that come again with the same seed (mulberry32). */
function dice(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Starts all three acts at once; none is waited for. */
const begin = (app, name, tier, agent) =>
  app.run((wanted, tierId, id) => {
    const call = (command, args) => window.__TAURI_INTERNALS__.invoke(command, args);
    const request = { region_id: 'eu-central', tier_id: tierId, agent_name: wanted };
    void call('start_deploy', { request }).catch(() => undefined);
    void (async () => {
      const { version } = await call('open_config', { id });
      const plan = await call('plan_config', { id, draft: { base: version.id, text: null, edits: [{ path: ['round'], value: JSON.stringify(wanted) }] }, choices: [] });
      await call('save_config', { id, plan: plan.id });
    })().catch((thrown) => (window.__refused = thrown));
    void call('refresh_fleet').catch(() => undefined);
    void call('watch_logs', { id }).catch(() => undefined);
  }, name, tier, agent);

test(`${kills} kills (NINEHEADS_SEED=${seed})`, async () => {
  const roll = dice(seed);
  const home = makeHome();
  const platform = await startPlatform({ fleet: 20, speed: 60 });
  let app = await openApp({ home });
  try {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('20 instances');
    const before = (await platform.ask('/v1/instances')).instances;
    const agent = before.find(({ status }) => status === 'running').id;
    const names = [];
    for (let round = 0; round < kills; round += 1) {
      const name = `Round ${round}`;
      names.push(name);
      await begin(app, name, TIER, agent);
      const pause = roll() * LONGEST;
      await new Promise((done) => setTimeout(done, pause));
      await app.kill();
      app = await openApp({ home });
      await app.when(`the app starts after round ${round}`, () => window.__TAURI_INTERNALS__.invoke('show_fleet', { query: { text: '', phases: [], sort: 'name', descending: false }, offset: 0, limit: 1 }).then(({ facts }) => facts.total >= 20, () => false));
      const session = await app.run(() => window.__TAURI_INTERNALS__.invoke('get_session'));
      assert.equal(session.cache, 'encrypted', `the cache of round ${round}`);
      const config = await platform.ask(`/v1/instances/${agent}/config`);
      assert.ok(config.round === undefined || names.includes(config.round), `the configuration of round ${round}`);
    }
    const deploys = await app.when('every deploy has come to its end', () =>
      window.__TAURI_INTERNALS__.invoke('list_deploys').then((all) => all.every(({ state }) => ['ready', 'failed', 'absent', 'rejected'].includes(state)) && all));
    const { instances } = await platform.ask('/v1/instances');
    const made = instances.filter(({ agent_name: name }) => name?.startsWith('Round ')).map(({ agent_name: name }) => name);
    assert.equal(new Set(made).size, made.length, `twice: ${made}`);
    assert.equal(instances.length, before.length + made.length);
    const known = deploys.filter(({ state }) => state === 'ready').map(({ request }) => request.agent_name);
    assert.deepEqual(known.toSorted(), made.toSorted(), 'what was made is known, and what is known was made');
    assert.ok(made.length > 0, 'no deploy got as far as the platform: the test proves nothing');
    const config = await platform.ask(`/v1/instances/${agent}/config`);
    assert.ok(config.round, 'no configuration was saved: the test proves nothing');
    const files = readdirSync(home.folder, { recursive: true }).map(String);
    assert.deepEqual(files.filter((file) => file.includes('.bad')), [], `set aside in ${join(home.folder)}`);
  } finally {
    await app.close();
    await platform.stop();
    await home.remove();
  }
});
