/** The overview: is it alive, since when, what changed, what now; and the diagnosis, with every way to break it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeHome, openApp } from './support/app.js';
import { pasted } from './support/clipboard.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';
import { openWay } from './support/way.js';

const home = makeHome();
let platform;
let way;
let app;
/** Every instance with what the platform says of it at the beginning. */
let fleet;

before(async () => {
  platform = await startPlatform({ fleet: 12, speed: 1, options: [] });
  way = await openWay(platform.url);
  app = await openApp({ home });
  await connect(app, way.url, platform.keys.admin);
  await app.sees('12 instances');
  await app.sees('Signed in to');
  await app.click('button', 'Close');
  const { instances } = await platform.ask('/v1/instances');
  fleet = await Promise.all(instances.map(async (row) => ({ ...row, runtime: await platform.ask(`/v1/instances/${row.id}/runtime`) })));
});
after(async () => {
  await app?.close();
  await way?.close();
  await platform?.stop();
  await home.remove();
});

const well = () => fleet.filter(({ status, runtime }) => status === 'running' && runtime.health_status === 'healthy');
const withError = (code) => fleet.find(({ runtime }) => runtime.error_code === code);

async function open({ id, agent_name: name }, hash = '') {
  await app.goTo(`/instances/${id}${hash}`);
  await app.when(`the overview of ${name} is shown`, (wanted) => document.querySelector('main h1')?.innerText === wanted && document.querySelector('section[aria-label="Whether it is alive"]'), name);
}

/** The verdict: its tone by its sign, its words. */
const verdict = () => app.run(() => {
  const section = document.querySelector('section[aria-label="Whether it is alive"]');
  return { tone: section.querySelector('svg').classList[0], text: section.querySelector('h2').innerText, all: section.innerText };
});
async function verdictIs(tone, text) {
  await app.when(`the verdict is ${tone}: ${text}`, (words) => document.querySelector('section[aria-label="Whether it is alive"] h2')?.innerText.includes(words), text);
  assert.equal((await verdict()).tone, tone, text);
}
/** Nothing below the header says that all is well now; what changed once may. */
const nothingIsGreen = () => app.when('nothing is green', () => document.querySelectorAll('.overview svg.ok:not(ol *)').length === 0);
/** How the header shows the status. */
const headerTone = () => app.run(() => document.querySelector('main header svg').classList[0]);

async function refresh() {
  await app.click('button', 'More acts');
  await app.click('menuitem', 'Look again now');
  await app.when('the menu is closed', () => !document.querySelector('[role=menu]'));
}

/** The steps of the diagnosis as they stand: `Name: fine`. */
const steps = () => app.run(() => [...document.querySelectorAll('ol[aria-label^="Steps from this computer"] > li')].map((step) => step.querySelector('.head').innerText.replace(/\s+/g, ' ').trim()));
const stepsAre = (wanted) => app.when(`the steps are ${wanted.join(', ')}`, (list) => {
  const shown = [...document.querySelectorAll('ol[aria-label^="Steps from this computer"] > li')].map((step) => step.querySelector('.head').innerText.replace(/\s+/g, ' ').trim());
  return JSON.stringify(shown) === JSON.stringify(list);
}, wanted);
const focused = () => app.run(() => document.activeElement?.innerText?.trim() || document.activeElement?.getAttribute('aria-label') || document.activeElement?.tagName);
/** Goes on by Tab until something has the focus. */
async function tabTo(name, most = 60) {
  for (let times = 0; times < most; times += 1) {
    if ((await focused()) === name) return;
    await app.keys('Tab');
  }
  assert.fail(`Tab does not lead to “${name}”; it led to “${await focused()}”`);
}

test('what runs is said to run, with three clocks, and only an answer proves it', async (t) => {
  const step = story(t, () => app);
  const [agent] = well();

  await step('the verdict, the clocks and the day', async () => {
    await open(agent);
    await verdictIs('ok', 'Running, heartbeat');
    assert.match((await verdict()).all, /only an answer proves that it works/);
    const clocks = await app.when('three clocks are there', () => {
      const all = [...document.querySelectorAll('dl.clocks > div')].map((one) => [one.querySelector('dt').innerText, one.querySelector('dd').innerText]);
      return all.length === 3 && all;
    });
    assert.deepEqual(clocks.map(([label]) => label), ['fetched from the platform', 'agent’s heartbeat', 'last answer proven']);
    assert.match(clocks[0][1], /\d\ss/);
    assert.match(clocks[1][1], /\d\ss/);
    assert.equal(clocks[2][1], 'not yet');
    await app.when('the day is a strip of 72 steps', () => document.querySelectorAll('svg[aria-label^="Last 24 hours"] rect').length === 72);
    await assertAccessible(app, 'the overview of what runs');
    await pictures(app, 'overview-running');
  });

  await step('a question answered is the proof', async () => {
    await app.click('link', 'Ask it something');
    const box = await app.find('textbox', 'Message', { exact: false });
    await box.click();
    await box.addValue('How are you?');
    await app.keys('Enter');
    await app.when('the reply is complete', () => /\d+ tokens/.test(document.querySelector('main').innerText));
    await app.click('link', 'Overview');
    await verdictIs('ok', 'Running and answering, heartbeat');
    await app.when('the third clock counts', () => /\d\ss/.test(document.querySelectorAll('dl.clocks dd')[2]?.innerText ?? ''));
  });

  await step('an own act is on the timeline', async () => {
    await app.click('button', 'More acts');
    await app.click('menuitem', 'Apply updates', { exact: false });
    await app.click('button', 'Apply updates');
    await app.click('button', 'Close');
    await app.when('it is on the timeline', () => /You\s*applied updates/.test(document.querySelector('ol[aria-label^="Changes"]')?.innerText ?? ''));
  });

  await step('changes that the platform tells are on the timeline, from and to', async () => {
    const of = new RegExp(`/${agent.id}/runtime$`);
    const back = way.spoil('GET', of, { change: (runtime) => ({ ...runtime, openclaw_version: '2099.1.0', health_status: 'unhealthy' }) });
    await refresh();
    await app.when('the version is there', () => document.querySelector('ol[aria-label^="Changes"]').innerText.includes('2099.1.0'));
    await verdictIs('bad', 'its health check says “unhealthy”');
    await app.when('and what became of its health', () => /Health\s*healthy\s*→?\s*unhealthy/.test(document.querySelector('ol[aria-label^="Changes"]').innerText));
    await assertAccessible(app, 'an agent that is not well');
    await pictures(app, 'overview-unwell');
    back();
    await refresh();
    await verdictIs('ok', 'Running and answering');
  });
});

test('what is not known is never green', async (t) => {
  const step = story(t, () => app);
  const [, agent] = well();
  const about = new RegExp(`/v1/instances/${agent.id}(/runtime)?$`);

  await step('a status that nobody knows, with text that tries to hide', async () => {
    const word = 'hiber\u202enating';
    way.spoil('GET', about, { change: (json) => ({ ...json, status: word }) });
    await open(agent);
    await verdictIs('unknown', 'a state this app does not know');
    assert.ok(!(await verdict()).all.includes('\u202e'), 'what turns text around is made visible');
    assert.notEqual(await headerTone(), 'ok');
    await assertAccessible(app, 'a status that nobody knows');
    await pictures(app, 'overview-unknown');
  });

  await step('no status, no heartbeat, nothing at all', async () => {
    way.mend();
    way.spoil('GET', about, { change: (json) => ({ instance_id: json.instance_id, id: json.id }) });
    // The fleet is read meanwhile, and would bring the status back.
    const list = { change: (json) => ({ ...json, instances: json.instances.map((row) => (row.id === agent.id ? { ...row, status: undefined } : row)) }) };
    way.spoil('GET', /^\/v1\/instances$/, list);
    await refresh();
    await verdictIs('unknown', 'the platform names no status');
    await nothingIsGreen();
    assert.notEqual(await headerTone(), 'ok');
    await pictures(app, 'overview-nothing');
  });

  await step('says running, but without a heartbeat', async () => {
    way.mend();
    way.spoil('GET', new RegExp(`/${agent.id}/runtime$`), { change: (json) => ({ ...json, last_heartbeat: null }) });
    await refresh();
    await verdictIs('unknown', 'no heartbeat is known');
    await nothingIsGreen();
    way.mend();
    await refresh();
    await verdictIs('ok', 'Running');
  });

  await step('an agent that is being started is neither red nor diagnosed, until that takes too long', async () => {
    const runtime = new RegExp(`/${agent.id}/runtime$`);
    const down = { last_heartbeat: null, error_code: null, error_message: null };
    way.spoil('GET', runtime, { change: (json) => ({ ...json, ...down, health_status: 'starting', uptime_seconds: 12 }) });
    await refresh();
    await verdictIs('busy', 'Being started since');
    await nothingIsGreen();
    assert.equal(await headerTone(), 'busy');
    const offered = () => app.run(() => [...document.querySelectorAll('.verdict [data-act]')].map((button) => button.dataset.act));
    assert.deepEqual(await offered(), ['logs']);
    assert.equal(await app.run(() => document.querySelectorAll('.verdict.bad, .check .bad').length), 0);
    await assertAccessible(app, 'being started');
    await pictures(app, 'overview-starting');
    way.mend();
    way.spoil('GET', runtime, { change: (json) => ({ ...json, ...down, health_status: 'degraded', uptime_seconds: 75, error_code: 'agent_starting', error_message: 'The agent is being started, and takes longer than it should' }) });
    await refresh();
    await verdictIs('warn', 'Still being started since');
    assert.deepEqual(await offered(), ['logs', 'diagnose']);
    await assertAccessible(app, 'still being started');
    way.mend();
    await refresh();
    await verdictIs('ok', 'Running');
  });

  await step('when the platform stops answering, green ends with the age of the last answer', async () => {
    await way.down();
    await refresh();
    await app.sees('Showing what was seen');
    const later = (minutes) => app.run((by) => {
      window.realNow ??= Date.now;
      Date.now = () => window.realNow.call(Date) + by;
    }, minutes * 60_000);
    await later(3);
    await verdictIs('warn', 'It was running 3 min');
    await nothingIsGreen();
    await assertAccessible(app, 'an old answer');
    await pictures(app, 'overview-offline');
    await later(11);
    await verdictIs('unknown', 'Not known: no answer since');
    await app.run(() => (Date.now = window.realNow));
  });

  await step('the same when the app is started without a platform, and it comes back by itself', async () => {
    await app.close();
    app = await openApp({ home });
    await app.when('the app is there', () => document.querySelector('main h1'));
    await open(agent);
    await app.sees('Showing what was seen');
    await way.up();
    await refresh();
    await verdictIs('ok', 'Running');
    await app.when('nothing is old any more', () => !document.body.innerText.includes('Showing what was seen'));
  });
});

test('known errors are told with cause and act, unknown ones as they are', async (t) => {
  const step = story(t, () => app);
  await step('a failed instance: why, and where to put it right', async () => {
    const failed = fleet.find(({ status }) => status === 'failed');
    await open(failed);
    await verdictIs('bad', 'This instance has failed');
    await app.sees('A model provider has no key.');
    await app.sees('Give the provider a key in the configuration');
    await app.sees('config_rejected');
    await assertAccessible(app, 'the overview of what has failed');
    await pictures(app, 'overview-failed');
    await app.click('link', 'Open the configuration');
    await app.when('the configuration is shown', (id) => location.pathname === `/instances/${id}/config`, failed.id);
  });

  await step('a lost key: rotating it is named', async () => {
    await open(withError('agent_key_lost'));
    await verdictIs('warn', 'its heartbeat stopped');
    await app.sees('the server never received it');
    await app.sees('Rotate the agent key: the agent then fetches a fresh one by itself.');
    assert.ok(await app.find('button', 'Rotate the agent key…'));
    await pictures(app, 'overview-keyless');
  });

  await step('a refused channel', async () => {
    await open(withError('channel_failed'));
    await verdictIs('warn', 'its health check says “degraded”');
    await app.sees('Telegram refuses the bot’s token.');
  });

  await step('an error that nobody knows is quoted', async () => {
    const [agent] = well();
    way.spoil('GET', new RegExp(`/${agent.id}/runtime$`), { change: (json) => ({ ...json, health_status: 'degraded', error_code: 'flux_7', error_message: '<b>The flux</b> is \u001b[31mlow' }) });
    await open(agent);
    await app.sees('The platform reports a problem that this app does not know.');
    await app.sees('flux_7: <b>The flux</b> is');
    way.mend();
  });

  await step('what may not be looked at says so', async () => {
    const [, , agent] = well();
    way.spoil('GET', new RegExp(`/v1/instances/${agent.id}(/runtime)?$`), { status: 403 });
    await app.goTo(`/instances/${agent.id}`);
    await app.sees('Not allowed');
    await assertAccessible(app, 'an instance that may not be looked at');
    await pictures(app, 'overview-forbidden');
    way.mend();
  });
});

const FINE = ['Name fine', 'Connection not needed', 'Platform fine', 'Key fine', 'Instance fine', 'Agent fine'];

test('the diagnosis walks step by step, by keyboard alone', async (t) => {
  const step = story(t, () => app);
  const [agent] = well();
  const channels = new RegExp(`/${agent.id}/platform-config$`);

  await step('each step is shown as it comes', async () => {
    await open(agent);
    let release;
    way.spoil('GET', new RegExp(`/${agent.id}/runtime$`), { until: new Promise((done) => (release = done)) });
    way.spoil('GET', channels, { change: (json) => ({ ...json, channels: { telegram: { enabled: true } } }) });
    await app.run(() => document.activeElement?.blur());
    await tabTo('Diagnose');
    await app.keys('Enter');
    await stepsAre([...FINE.slice(0, 5), 'Agent looking', 'Channels to come']);
    await app.sees('Looking at each step of the way');
    await assertAccessible(app, 'a diagnosis under way');
    await app.screenshot('diagnosis-running');
    release();
    await stepsAre([...FINE, 'Channels fine']);
    await app.sees('telegram');
    await assertAccessible(app, 'a diagnosis');
    await pictures(app, 'diagnosis-fine');
  });

  await step('its report is copied, and closing gives the keyboard back', async () => {
    await tabTo('Copy report');
    await app.keys('Enter');
    await app.sees('Report copied');
    const report = await pasted(app, /7\. Channels: fine/);
    assert.match(report, new RegExp(`Diagnosis of ${agent.agent_name}\\n${agent.id}\\n${way.url}`));
    assert.match(report, /5\. Instance: fine/);
    assert.match(report, /7\. Channels: fine/);
    assert.ok(!report.includes(platform.keys.admin), 'the key does not leave');
    await tabTo('Close the diagnosis');
    await app.keys('Enter');
    await app.when('it is closed', () => !document.querySelector('ol[aria-label^="Steps from this computer"]'));
    await app.when('the keyboard is back', () => document.activeElement?.dataset.act === 'diagnose');
    way.mend();
  });
});

test('the diagnosis says where the way ends, and what repairs it', async (t) => {
  const step = story(t, () => app);
  const [agent] = well();
  const about = new RegExp(`/v1/instances/${agent.id}$`);
  const again = async () => {
    if ((await steps()).length === 0) await app.click('button', 'Diagnose');
    else await app.click('button', 'Run again');
  };
  const NOT_REACHED = (...names) => names.map((name) => `${name} not reached`);

  await step('no channel is on', async () => {
    await open(agent);
    way.spoil('GET', /platform-config$/, { change: (json) => ({ ...json, channels: {} }) });
    await again();
    await stepsAre([...FINE, 'Channels needs a look']);
    await app.sees('nobody can reach the agent but by this app');
    assert.ok(await app.find('link', 'Open the channels'));
  });

  await step('the agent is silent', async () => {
    way.mend();
    way.spoil('GET', /runtime$/, { change: (json) => ({ ...json, last_heartbeat: '2026-01-01T00:00:00Z' }) });
    await again();
    await stepsAre([...FINE.slice(0, 5), 'Agent failed', 'Channels not reached']);
    await app.sees('Agent: The agent has stopped reporting.');
    await pictures(app, 'diagnosis-silent');
  });

  await step('the instance is refused, then gone', async () => {
    way.mend();
    way.spoil('GET', about, { status: 403, json: { detail: 'Admin access required' } });
    await again();
    await stepsAre([...FINE.slice(0, 4), 'Instance failed', ...NOT_REACHED('Agent', 'Channels')]);
    await app.sees('The key may not ask for this.');
    way.mend();
    way.spoil('GET', about, { status: 502, text: '<html>Bad gateway</html>', type: 'text/html' });
    await again();
    await app.when('the key can not be judged', () => document.querySelector('ol[aria-label^="Steps"]').innerText.includes('The platform failed while it answered'));
  });

  await step('a sign-in page answers in the platform’s place', async () => {
    way.mend();
    const portal = { text: '<html><title>Hotel Wi-Fi</title></html>', type: 'text/html' };
    way.spoil('GET', /./, portal);
    await again();
    await stepsAre(['Name fine', 'Connection not needed', 'Platform failed', ...NOT_REACHED('Key', 'Instance', 'Agent', 'Channels')]);
    await app.sees('Platform: Something else answers in the platform’s place');
    assert.ok(await app.find('link', 'Check the profile'));
    await assertAccessible(app, 'a diagnosis that failed');
    await pictures(app, 'diagnosis-portal');
    await app.click('button', 'Copy report');
    const report = await pasted(app, /3\. Platform: failed/);
    assert.match(report, /3\. Platform: failed/);
    assert.match(report, /7\. Channels: not reached/);
  });

  await step('nobody takes the connection, until somebody does', async () => {
    way.mend();
    await way.down();
    await again();
    await stepsAre(['Name fine', 'Connection failed', ...NOT_REACHED('Platform', 'Key', 'Instance', 'Agent', 'Channels')]);
    await app.sees('Connection: Nobody takes the connection.');
    await way.up();
    await (await app.browser.$('ol[aria-label^="Steps"] button')).click();
    await app.when('the whole way is looked at', () => document.querySelectorAll('ol[aria-label^="Steps"] > li .took').length >= 5);
  });

  await step('the key is refused', async () => {
    way.spoil('GET', about, { status: 401, json: { detail: 'Invalid API key' } });
    await again();
    await stepsAre(['Name fine', 'Connection not needed', 'Platform fine', 'Key failed', ...NOT_REACHED('Instance', 'Agent', 'Channels')]);
    await app.sees('Key: The platform refuses the key.');
    assert.ok(await app.find('link', 'Renew the credential'));
    await assertAccessible(app, 'a refused key');
    await pictures(app, 'diagnosis-refused');
  });
});
