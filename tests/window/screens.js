/**
 * States of the app that no other test goes through, as pictures from the real window: `target/screenshots/screens/`
 * `<screen>-<light|dark>-<size>.png`. Belongs here: the list of states and how to get to each. The tests of single
 * surfaces picture theirs themselves.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeHome, openApp, screenshots, until } from './support/app.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { connect, DEMO, fillWizard, startDemo } from './support/steps.js';

let count = 0;

async function picture(app, screen) {
  count += await pictures(app, `screens/${screen}`);
}

async function withPlatform(options, body) {
  const home = makeHome();
  const platform = await startPlatform(options);
  const app = await openApp({ home });
  try {
    await connect(app, platform.url, platform.keys.admin);
    await body(app, platform);
  } finally {
    await app.close();
    await platform.stop();
    await home.remove();
  }
}

async function demo() {
  const home = makeHome();
  const app = await openApp({ home, env: { ...DEMO, NINEHEADS_LOCAL_SPEED: '2' } });
  try {
    await app.sees('Try the demo on this computer');
    await picture(app, 'welcome');
    await connect(app, 'http://127.0.0.1:9', 'hc_live_0123456789abcdef');
    await app.sees('No server answered');
    await picture(app, 'welcome-no-server');
    await startDemo(app);
    await picture(app, 'fleet');
    await app.keys(['Control', 'k']);
    await app.when('the palette is open', () => document.querySelector('[role="dialog"]'));
    await picture(app, 'palette');
    await app.keys('Escape');
    await app.when('the palette is closed', () => !document.querySelector('[role="dialog"]'));
    await app.keys('?');
    await app.when('the shortcuts are shown', () => document.querySelector('[role="dialog"]'));
    await picture(app, 'shortcuts');
    await app.keys('Escape');
    await app.goTo('/deploys');
    await app.sees('Deploys');
    await picture(app, 'deploys-empty');
    await fillWizard(app, 'Orchard');
    for (const step of ['where', 'what', 'who', 'extras', 'review']) {
      await app.goTo(`/deploy?step=${step}`);
      await app.when(`the step ${step} is shown`, (wanted) => location.search.includes(wanted), step);
      await picture(app, `deploy-${step}`);
    }
    await app.click('button', 'Deploy');
    await app.sees('bootstrap 2 of 4');
    await picture(app, 'progress');
    await app.goTo('/instances');
    await app.sees('Orchard');
    await picture(app, 'fleet-with-deploy');
    await app.goTo('/deploys');
    await app.sees('Orchard');
    await picture(app, 'deploys');
    await app.click('link', 'Orchard', { exact: false });
    await app.sees('is ready');
    await picture(app, 'progress-ready');
    await app.click('link', 'Open the instance', { exact: false });
    await app.sees('Capabilities');
    await picture(app, 'overview');
    await app.click('link', 'Chat');
    await app.sees('Say something to');
    await picture(app, 'chat-empty');
    for (const text of ['How are you?', 'Write a table, code and a list']) {
      const box = await app.find('textbox', 'Message', { exact: false });
      await box.click();
      await box.addValue(text);
      await app.keys('Enter');
      await app.when('the turn has ended', (asked) => document.body.innerText.includes(asked) && !document.body.innerText.includes('Stop waiting'), text);
    }
    await picture(app, 'chat');
    await app.click('link', 'Logs', { exact: false });
    await app.sees('bootstrap 4 of 4');
    await picture(app, 'logs');
    await app.click('button', 'More acts');
    await app.click('menuitem', 'Delete instance…');
    await app.find('button', 'Delete instance');
    await picture(app, 'delete');
    await app.keys('Escape');
    await app.goTo('/settings');
    await app.sees('Theme');
    await picture(app, 'settings');
  } finally {
    await app.close();
    await home.remove();
  }
}

const long = 'The very long name of an agent that somebody pasted from a spreadsheet without looking at it twice';
const nulls = ['agent_name', 'created_at', 'customer_email', 'hostname', 'ip_address', 'preset_id', 'product_tier_name', 'provider', 'region_id', 'runtime_type', 'status', 'workload_type'];
const nothing = Object.fromEntries(nulls.map((key) => [key, null]));
const odd = (n, row) => ({ ...nothing, id: `4d2f8c1e-0000-4000-8000-00000000000${n}`, ...row });

async function states() {
  await withPlatform({ fleet: 0 }, async (app) => {
    await app.sees('No instances yet');
    await picture(app, 'fleet-empty');
  });
  await withPlatform({ fleet: 1 }, async (app) => {
    await app.sees('1 instance');
    await picture(app, 'fleet-one');
  });
  await withPlatform({ fleet: 40, options: [] }, async (app, platform) => {
    await app.sees('40 instances');
    await picture(app, 'fleet-mixed');
    const { instances } = await platform.ask('/v1/instances');
    const failed = instances.find(({ status }) => status === 'failed' || status === 'error');
    await app.goTo(`/instances/${failed.id}`);
    await app.sees('This instance has failed');
    await picture(app, 'overview-failed');
    await app.goTo('/instances?q=no-such-thing');
    await app.sees('Nothing matches');
    await picture(app, 'fleet-nothing-matches');
    await app.goTo('/instances/4d2f8c1e-0000-4000-8000-0000000000ff');
    await app.sees('There is no such instance');
    await picture(app, 'instance-missing');
    await app.goTo('/instances');
    await app.sees('40 instances');
    await platform.stop();
    await until(async () => {
      await app.run(() => window.__TAURI_INTERNALS__.invoke('refresh_fleet').then(() => true));
      return app.run(() => document.body.innerText.includes('No connection since'));
    }, 'the fleet is offline');
    await picture(app, 'fleet-offline');
    await app.goTo(`/instances/${instances[0].id}`);
    await app.sees('No answer from the platform');
    await picture(app, 'instance-offline');
  });
  const rows = [
    odd(1, { agent_name: long, hostname: `vps-${'a'.repeat(80)}.eu-central.example.internal`, status: 'running', product_tier_name: 'Enterprise dedicated with a long name', region_id: 'eu-central-frankfurt-zone-3', runtime_type: 'expressclaw' }),
    odd(2, { status: 'hibernating', agent_name: '<b>not bold</b>' }),
    odd(3, {}),
    odd(4, { agent_name: '\u202egnp.exe', status: 'deleting', created_at: '9999-12-31T00:00:00Z' }),
  ];
  await withPlatform({ fleet: 1, faults: [{ operation: 'list_instances', fault: { json: { instances: [...rows, 7] } } }, { operation: 'get_instance', fault: { json: rows[0] } }, { operation: 'get_runtime', fault: { json: { instance_id: rows[0].id } } }] }, async (app) => {
    await app.sees('4 instances');
    await picture(app, 'fleet-odd');
    await app.goTo(`/instances/${rows[0].id}`);
    await app.sees('Capabilities');
    await picture(app, 'overview-nulls');
  });
  await withPlatform({ fleet: 2, faults: [{ operation: 'create_instance', fault: { status: 500 } }] }, async (app) => {
    await app.sees('2 instances');
    await fillWizard(app, 'Unclear');
    await app.click('button', 'Deploy');
    await app.sees('We do not know whether the platform got it');
    await picture(app, 'progress-unknown');
  });
  await withPlatform({ fleet: 2, faults: [{ operation: 'poll_by_key', fault: { json: { found: true, status: 'failed', error_message: 'The provider has no capacity left in eu-central.', bootstrap_stage: 'configuring', bootstrap_seq: 2, logs: [] } } }] }, async (app) => {
    await app.sees('2 instances');
    await fillWizard(app, 'Unlucky');
    await app.click('button', 'Deploy');
    await app.sees('no capacity');
    await picture(app, 'progress-failed');
  });
  await withPlatform({ fleet: 3, faults: [{ operation: 'list_instances', fault: { status: 401 }, often: { every: 3 } }] }, async (app) => {
    await app.sees('3 instances');
    await until(async () => {
      await app.run(() => window.__TAURI_INTERNALS__.invoke('refresh_fleet').then(() => true, () => true));
      return app.run(() => document.body.innerText.includes('refuses'));
    }, 'the key is refused');
    await picture(app, 'key-refused');
  });
  await withPlatform({ fleet: 10_000 }, async (app) => {
    await app.sees('10,000 instances');
    await picture(app, 'fleet-10000');
  });
}

// Pictures of states that are no more must not stay.
rmSync(join(screenshots, 'screens'), { recursive: true, force: true });
await demo();
await states();
console.log(`${count} pictures in ${join(screenshots, 'screens')}`);
