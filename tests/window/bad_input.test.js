/** Bad input and bad luck: each shows a sentence that helps, and nothing typed is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect, fillWizard } from './support/steps.js';

async function withApp(platformOptions, body) {
  const home = makeHome();
  const platform = platformOptions && (await startPlatform(platformOptions));
  const app = await openApp({ home });
  try {
    await body(app, platform);
  } finally {
    await app.close();
    await platform?.stop();
    await home.remove();
  }
}

async function typed(app, label) {
  return (await app.find('textbox', label, { exact: false })).getValue();
}

test('wrong addresses and dead servers are told apart on the first screen', () =>
  withApp(undefined, async (app) => {
    for (const [url, sentence] of [
      ['not an address', 'This is not a complete URL'],
      ['http://api.example.com', 'Only https:// keeps the key safe'],
      ['https://me@example.com', 'must not carry a user name'],
      ['http://127.0.0.1:9', 'No server answered'],
    ]) {
      await connect(app, url, 'hc_live_0123456789abcdef');
      await app.sees(sentence);
      assert.equal(await typed(app, 'Base URL'), url);
      assert.equal(await typed(app, 'API key'), 'hc_live_0123456789abcdef');
    }
    await assertAccessible(app, 'first start with a failure');
    await app.screenshot('bad-no-server');
  }));

test('a refused key, a missing right and a foreign server are told apart', () =>
  withApp({ fleet: 2, faults: [{ operation: 'list_instances', fault: { status: 403 }, often: { times: 1 } }] }, async (app, platform) => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('instances:read');
    await connect(app, `${platform.url}/somewhere`, platform.keys.admin);
    await app.sees('it is not the Instances API');
    await connect(app, platform.url, 'hc_live_wrong_wrong_wrong');
    await app.sees('refuses this credential');
    await connect(app, platform.url, platform.keys.read_only);
    await app.sees('2 instances');
  }));

test("a network's sign-in page is not taken for the platform", () =>
  withApp({ fleet: 2, faults: [{ operation: 'list_instances', fault: 'captive_portal' }] }, async (app, platform) => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('sign-in page');
    assert.equal(await typed(app, 'Base URL'), platform.url);
    await app.screenshot('bad-captive-portal');
  }));

test('a 422 lands on its field and nothing typed is lost', () =>
  withApp({ fleet: 3 }, async (app, platform) => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('3 instances');
    await fillWizard(app, 'Kept name');
    await app.goTo('/deploy?step=where');
    const tier = await app.find('combobox', 'Tier', { exact: false });
    await tier.click();
    await app.browser.keys(['Control', 'a']);
    await tier.addValue('Starter plan');
    await app.keys('Tab');
    await app.goTo('/deploy?step=review');
    await app.click('button', 'Deploy');
    await app.sees('Input should be a valid UUID');
    const at = await app.run(() => ({ path: location.search, field: document.querySelector('[aria-invalid="true"]')?.value }));
    assert.match(at.path, /where/);
    assert.equal(at.field, 'Starter plan');
    await assertAccessible(app, 'wizard with a refused field');
    await app.screenshot('bad-422');
    await app.goTo('/deploy?step=who');
    assert.equal(await typed(app, 'Agent name'), 'Kept name');
    assert.equal((await platform.ask('/v1/instances')).instances.length, 3);
  }));

test('a 500 in the middle of a deploy is an honest “we do not know”', () =>
  withApp({ fleet: 1, faults: [{ operation: 'create_instance', fault: { status: 500 } }] }, async (app, platform) => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('1 instance');
    await fillWizard(app, 'Unclear');
    await app.click('button', 'Deploy');
    await app.sees('We do not know whether the platform got it');
    await assertAccessible(app, 'unknown outcome');
    await app.screenshot('bad-unknown-outcome');
  }));

test('a platform that fails keeps the rows it had and says what it means', () =>
  withApp({ fleet: 4 }, async (app, platform) => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('4 instances');
    await platform.stop();
    await app.keys(['Escape']);
    await app.when('a look now fails', async () => {
      await window.__TAURI_INTERNALS__.invoke('refresh_fleet');
      return document.body.innerText.includes('No connection since');
    });
    assert.ok((await app.run(() => document.querySelectorAll('[role="row"]').length)) >= 4);
    await assertAccessible(app, 'fleet offline');
    await app.screenshot('bad-offline-fleet');
    await app.run(() => document.querySelector('[data-row-link]').click());
    await app.sees('No answer from the platform');
    await assertAccessible(app, 'instance offline');
  }));

test('a list that fails at once is a sentence and not an empty fleet', () =>
  withApp({ fleet: 4, faults: [{ operation: 'get_instance', fault: { status: 500 } }] }, async (app, platform) => {
    await connect(app, platform.url, platform.keys.admin);
    await app.sees('4 instances');
    const id = (await platform.ask('/v1/instances')).instances[0].id;
    await app.goTo(`/instances/${id}`);
    await app.sees('The platform failed (error 500)');
    await assertAccessible(app, 'instance that fails');
    await app.screenshot('bad-500-instance');
  }));

const nothing = Object.fromEntries(
  ['agent_name', 'created_at', 'customer_email', 'hostname', 'ip_address', 'preset_id', 'product_tier_name', 'provider', 'region_id', 'runtime_type', 'status', 'workload_type', 'capabilities', 'error_message', 'health_status', 'updated_at', 'vpn_ip'].map((key) => [key, null]),
);
const odd = '4d2f8c1e-0000-4000-8000-0000000000aa';

test('an unknown status, hostile names and a null everywhere are shown as what they are', () =>
  withApp(
    {
      fleet: 1,
      faults: [
        {
          operation: 'list_instances',
          fault: {
            json: {
              instances: [
                { ...nothing, id: odd },
                { ...nothing, id: '4d2f8c1e-0000-4000-8000-0000000000bb', agent_name: '<img src=x onerror="window.hit=1">', status: 'hibernating', hostname: `\u202egnp.exe${'\u0301'.repeat(200)}` },
                { ...nothing, id: '4d2f8c1e-0000-4000-8000-0000000000cc', agent_name: `A very long name ${'that goes on '.repeat(30)}`, status: 'running', created_at: '9999-12-31T00:00:00Z' },
                { status: 'running' },
              ],
            },
          },
        },
        { operation: 'get_instance', fault: { json: { ...nothing, id: odd } } },
        { operation: 'get_runtime', fault: { json: { instance_id: odd, status: null, last_heartbeat: null, provision_logs: null, skills_loaded: null } } },
        { operation: 'get_logs', fault: { json: { instance_id: odd, logs: null, total: null } } },
      ],
    },
    async (app, platform) => {
      await connect(app, platform.url, platform.keys.admin);
      await app.sees('3 instances');
      await app.sees('hibernating');
      await app.sees('<img src=x onerror=');
      await app.sees('1 row could not be read');
      await assertAccessible(app, 'fleet of odd rows');
      await app.screenshot('bad-odd-rows');
      assert.equal(await app.run(() => window.hit), null);
      await app.goTo(`/instances/${odd}`);
      await app.sees('unknown');
      const page = await app.run(() => document.querySelector('main').innerText);
      assert.doesNotMatch(page, /\bnull\b|\bundefined\b|NaN|Invalid Date/);
      await assertAccessible(app, 'overview of nulls');
      await app.screenshot('bad-nulls');
    },
  ));
