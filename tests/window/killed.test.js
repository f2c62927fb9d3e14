/** Killed in the middle of a deploy and started again: the same deploy goes on, and there is one instance. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { startPlatform } from './support/platform.js';
import { connect, fillWizard, startDemo } from './support/steps.js';

/** Presses Deploy and returns the deploy's key once its server is on the way. */
async function deployHalfway(app, name) {
  await fillWizard(app, name);
  await app.click('button', 'Deploy');
  await app.sees('bootstrap 1 of 4');
  return app.run(() => location.pathname.split('/').pop());
}

async function finishAfterRestart(app, key, name) {
  await app.goTo(`/deploys/${key}`);
  await app.sees(`“${name}” is ready`);
  await app.goTo('/instances');
  await app.when(`one row is called ${name}`, (wanted) => [...document.querySelectorAll('[role="row"]')].filter((row) => row.innerText.includes(wanted)).length === 1, name);
}

test('the demo, whose platform dies with the app, goes on from its database', async () => {
  const home = makeHome();
  const env = { NINEHEADS_LOCAL_SPEED: '3', NINEHEADS_LOCAL_NO_FAILURES: '1' };
  let app = await openApp({ home, env });
  try {
    await startDemo(app);
    const key = await deployHalfway(app, 'Phoenix');
    await app.kill();
    app = await openApp({ home, env });
    await app.sees('Phoenix');
    await finishAfterRestart(app, key, 'Phoenix');
    await app.sees('13 instances');
  } finally {
    await app.close();
    await home.remove();
  }
});

test('a platform that lives on was asked once', async () => {
  const home = makeHome();
  const platform = await startPlatform({ fleet: 3, speed: 3 });
  let app = await openApp({ home });
  try {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('3 instances');
    const key = await deployHalfway(app, 'Lazarus');
    await app.kill();
    app = await openApp({ home });
    await finishAfterRestart(app, key, 'Lazarus');
    const { instances } = await platform.ask('/v1/instances');
    assert.equal(instances.filter(({ agent_name }) => agent_name === 'Lazarus').length, 1);
    assert.equal(instances.length, 4);
  } finally {
    await app.close();
    await platform.stop();
    await home.remove();
  }
});
