/** Acts of administration: applying updates, a fresh key for an agent, and cleaning up; done, failed and forbidden. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { makeHome, openApp, until } from './support/app.js';
import { pasted } from './support/clipboard.js';
import { focused, tabTo, type } from './support/keyboard.js';
import { pictures } from './support/pictures.js';
import { startPlatform } from './support/platform.js';
import { assertAccessible, connect } from './support/steps.js';
import { story } from './support/story.js';
import { openWay } from './support/way.js';

let home;
let platform;
let way;
let app;
/** What the platform has at the beginning. */
let fleet;

/** A platform with some of everything, and the app signed in with one of its keys. */
async function begin(key, { size = 30, speed = 4 } = {}) {
  home = makeHome();
  platform = await startPlatform({ fleet: size, speed, options: [] });
  way = await openWay(platform.url);
  app = await openApp({ home });
  await connect(app, way.url, platform.keys[key]);
  await app.sees('Signed in to');
  await app.click('button', 'Close');
  fleet = (await platform.ask('/v1/instances')).instances;
}
async function end() {
  await app?.close();
  await way?.close();
  await platform?.stop();
  await home?.remove();
}

const running = () => fleet.filter(({ status }) => status === 'running');
const inDialog = (text) => app.when(`the dialog says “${text}”`, (wanted) => document.querySelector('[role=dialog]')?.innerText.includes(wanted), text);
const noDialog = () => app.when('the dialog is closed', () => !document.querySelector('[role=dialog]'));

async function open({ id, agent_name: name }) {
  await app.goTo(`/instances/${id}`);
  await app.when(`${name} is open`, (wanted) => document.querySelector('main h1')?.innerText === wanted && document.querySelector('section[aria-label="Whether it is alive"]'), name);
}
async function act(label) {
  await app.when('no menu is open', () => !document.querySelector('[role=menu]'));
  await app.click('button', 'More acts');
  await app.click('menuitem', label, { exact: false });
  await app.when('the menu is closed', () => !document.querySelector('[role=menu]'));
}

test('an administrator applies updates and gives an agent a fresh key', async (t) => {
  const step = story(t, () => app);
  let agent;

  await step('the platform and the app are there', async () => {
    await begin('admin');
    // One that is well, and reports.
    for (const one of running()) {
      const { health_status: health } = await platform.ask(`/v1/instances/${one.id}/runtime`);
      if (health === 'healthy') { agent = one; break; }
    }
  });

  await step('before anything was seen to change, it says that nobody knows what is pending', async () => {
    await open(agent);
    await act('Apply updates');
    await inDialog('The platform does not say what is pending, and this app has seen no change so far.');
    await assertAccessible(app, 'applying updates');
    await pictures(app, 'acts-updates');
  });

  await step('the same act is copied for a terminal, as a command and as a request', async () => {
    for (const [label, told, says] of [
      ['Copy as command', 'Copied as a command', /^nineheads updates apply --profile=\S+ \S+$/],
      ['Copy as curl', 'Copied as a curl request', /^curl --request POST \S+\/updates\/apply \\\n {2}--header "X-Api-Key: \$NINEHEADS_API_KEY"/],
    ]) {
      await app.click('button', 'Copy as…');
      await app.click('menuitem', label);
      await app.sees(told);
      if (label === 'Copy as curl') await pictures(app, 'acts-copied');
      // A dialog holds the focus: what was copied is pasted where it is not.
      await app.click('button', 'Cancel');
      await noDialog();
      const copied = await pasted(app, says);
      assert.ok(copied.includes(agent.id), copied);
      assert.doesNotMatch(copied, new RegExp(platform.keys.admin), 'no key');
      await act('Apply updates');
      await inDialog('The platform does not say what is pending');
    }
  });

  await step('a platform that fails, and one whose answer is lost, are told apart', async () => {
    const back = way.spoil('POST', /updates\/apply$/, { status: 409, json: { detail: 'Instance is not running' } }, 1);
    await app.click('button', 'Apply updates');
    await inDialog('Updates were not applied');
    await inDialog('The platform applies updates to running instances only.');
    await pictures(app, 'acts-updates-conflict');
    back();
    way.spoil('POST', /updates\/apply$/, { cut: true }, 1);
    await app.click('button', 'Apply updates');
    await inDialog('Updates may have been applied');
    await assertAccessible(app, 'updates that may have been applied');
    await pictures(app, 'acts-updates-maybe');
  });

  await step('by keyboard: again, and the platform’s own words', async () => {
    await tabTo(app, 'Apply again');
    await app.keys('Enter');
    await inDialog('Updates are applied');
    await inDialog('The platform says: “Updates applied”');
    await pictures(app, 'acts-updates-done');
    await tabTo(app, 'Close');
    await app.keys('Enter');
    await noDialog();
    await app.when('it is on the timeline', () => /You\s*applied updates/.test(document.querySelector('ol[aria-label^="Changes"]')?.innerText ?? ''));
  });

  await step('what this app saw change since is listed before the next time', async () => {
    way.spoil('GET', new RegExp(`/${agent.id}/runtime$`), { change: (runtime) => ({ ...runtime, openclaw_version: '2099.1.0' }) });
    await act('Look again now');
    await app.when('the change is seen', () => document.querySelector('ol[aria-label^="Changes"]').innerText.includes('2099.1.0'));
    await act('Apply updates');
    await inDialog('Seen by this app since updates were last applied');
    await inDialog('2099.1.0');
    await inDialog('Last applied from this app');
    await assertAccessible(app, 'changes since the last time');
    await pictures(app, 'acts-updates-changes');
    await app.keys('Escape');
    await noDialog();
    way.mend();
  });

  await step('a key is rotated by keyboard alone: what will happen, the name typed', async () => {
    await app.run(() => document.querySelector('[aria-label="More acts"]').focus());
    await app.keys('Enter');
    await app.when('the menu is open', () => document.querySelector('[role=menu]'));
    for (let times = 0; times < 8 && !(await focused(app)).startsWith('Rotate agent key'); times += 1) await app.keys('ArrowDown');
    await app.keys('Enter');
    await inDialog('The platform forgets the key that the agent signs in with.');
    await inDialog('Keys of people and of this app are not touched.');
    await assertAccessible(app, 'what a rotation does');
    await pictures(app, 'acts-rotate-what');
    await tabTo(app, 'Continue');
    await app.keys('Enter');
    await app.when('the name is asked for', () => document.activeElement?.tagName === 'INPUT');
    const send = await app.find('button', 'Rotate key');
    assert.equal(await send.isEnabled(), false, 'not before the name is typed');
    await type(app, agent.agent_name);
    await app.when('it can be sent', () => [...document.querySelectorAll('[role=dialog] button')].some((one) => one.innerText === 'Rotate key' && !one.disabled));
    await assertAccessible(app, 'confirming a rotation');
    await pictures(app, 'acts-rotate-confirm');
  });

  await step('refused, it says so and nothing was changed', async () => {
    way.spoil('POST', /rotate-key$/, { status: 500 }, 1);
    await app.run(() => document.querySelector('[role=dialog] input').focus());
    await app.keys('Enter');
    await inDialog('The key was not rotated');
    await pictures(app, 'acts-rotate-failed');
  });

  await step('sent, it waits, may be closed meanwhile, and the next heartbeat is the proof', async () => {
    // No new heartbeat is told before the test says so.
    const { last_heartbeat: old } = await platform.ask(`/v1/instances/${agent.id}/runtime`);
    const back = way.spoil('GET', new RegExp(`/${agent.id}/runtime$`), { change: (runtime) => ({ ...runtime, last_heartbeat: old }) });
    if (!(await app.run(() => document.querySelector('[role=dialog] input')))) {
      await app.click('button', 'Continue');
    }
    await app.when('the field is there', () => document.querySelector('[role=dialog] input'));
    await app.run(() => document.querySelector('[role=dialog] input').focus());
    await app.keys(['Control', 'a']);
    await type(app, agent.agent_name);
    await app.keys('Enter');
    await inDialog('Waiting for the agent’s next heartbeat');
    await inDialog('usually under 2 minutes');
    await assertAccessible(app, 'waiting for the proof');
    await pictures(app, 'acts-rotate-waiting');
    await app.click('button', 'Close');
    await noDialog();
    await app.click('button', 'More acts');
    await app.sees('Waiting for the agent’s new key');
    await app.keys('Escape');
    await act('Rotate agent key');
    await inDialog('Waiting for the agent’s next heartbeat');
    back();
    await until(async () => Date.parse((await platform.ask(`/v1/instances/${agent.id}/runtime`)).last_heartbeat) > Date.parse(old), 'the agent has reported again');
    await app.click('button', 'Look now');
    await inDialog('The agent answered with its new key at');
    await assertAccessible(app, 'a proven rotation');
    await pictures(app, 'acts-rotate-proven');
    await app.keys('Escape');
    await noDialog();
    await app.when('it is on the timeline', () => /You\s*rotated the agent key/.test(document.querySelector('ol[aria-label^="Changes"]').innerText));
  });

  await step('the overview of an agent that lost its key leads there, too', async () => {
    const lost = await until(async () => {
      for (const one of running()) if ((await platform.ask(`/v1/instances/${one.id}/runtime`)).error_code === 'agent_key_lost') return one;
      return undefined;
    }, 'there is one that lost its key');
    await open(lost);
    await app.click('button', 'Rotate the agent key…');
    await inDialog('The platform forgets the key');
    await app.keys('Escape');
    await noDialog();
  });
  await end();
});

const rows = () => app.run(() => [...document.querySelectorAll('table tbody tr')].map((row) => row.innerText.replace(/\s+/g, ' ').trim()));
const dead = async () => (await platform.ask('/v1/instances')).instances.filter(({ status }) => status === 'failed' || status === 'error');

test('dead instances are cleaned up, after a look at what would go', async (t) => {
  const step = story(t, () => app);
  let names;

  await step('the dry run lists them with their reason, and changes nothing', async () => {
    await begin('admin', { size: 200 });
    names = (await dead()).map(({ agent_name: name }) => name);
    assert.ok(names.length >= 3, `${names.length} are dead`);
    await app.goTo('/cleanup');
    await app.sees(`${names.length} dead instances`);
    await app.sees('Nothing has been sent yet.');
    assert.equal((await rows()).length, names.length);
    await assertAccessible(app, 'what a clean-up would delete');
    await pictures(app, 'cleanup-plan');
    assert.equal((await dead()).length, names.length);
  });

  await step('left out by keyboard, the rest goes one by one, with a typed count', async () => {
    await app.run(() => document.querySelector('table tbody input').focus());
    await app.keys('Space');
    await app.sees(`${names.length - 1} of ${names.length} chosen`);
    await app.sees('the others are deleted one by one from here');
    await tabTo(app, `Delete ${names.length - 1} one by one…`);
    await app.keys('Enter');
    await inDialog('Their servers are torn down for good, one after the other');
    const confirm = await app.find('button', `Delete ${names.length - 1} instance${names.length === 2 ? '' : 's'}`);
    assert.equal(await confirm.isEnabled(), false, 'not before the count is typed');
    await assertAccessible(app, 'confirming a clean-up');
    await pictures(app, 'cleanup-confirm');
    // One of them is refused.
    const [, , unlucky] = await dead();
    way.spoil('DELETE', new RegExp(`/${unlucky.id}$`), { status: 409, json: { detail: 'Busy' } });
    await type(app, String(names.length - 1));
    await app.keys('Enter');
    await app.when('each has its result', (count) => {
      const all = [...document.querySelectorAll('table tbody tr')].map((row) => row.innerText);
      return all.length === count && all.every((row) => /Being deleted|Not deleted|Was already gone/.test(row));
    }, names.length - 1);
    await app.sees(`${names.length - 2} of ${names.length - 1} deleted`);
    assert.equal((await rows()).filter((row) => row.includes('Not deleted')).length, 1);
    await assertAccessible(app, 'how a clean-up ended');
    await pictures(app, 'cleanup-one-by-one');
    way.mend();
  });

  await step('what was kept is still there', async () => {
    await until(async () => (await dead()).length === 2, 'two are left');
    await app.click('button', 'Look again');
    // What was left out before is still left out.
    await app.sees('1 of 2 chosen');
    await app.run(() => document.querySelector('thead input').click());
    await app.sees('2 dead instances');
  });

  await step('a platform that fails says so in the dialog, and a lost answer is told as such', async () => {
    way.spoil('POST', /instances\/cleanup$/, { status: 500 }, 1);
    await app.click('button', 'Delete all 2…');
    await inDialog('It deletes whatever is dead at that moment.');
    await type(app, '2');
    await app.keys('Enter');
    await inDialog('The platform failed');
    await pictures(app, 'cleanup-failed');
    await app.keys('Escape');
    await noDialog();
    way.spoil('POST', /instances\/cleanup$/, { cut: true }, 1);
    await app.click('button', 'Delete all 2…');
    await app.when('the field has the focus', () => document.activeElement?.closest('[role=dialog]') && document.activeElement.tagName === 'INPUT');
    await type(app, '2');
    await app.keys('Enter');
    await app.sees('The clean-up may have gone through');
    await assertAccessible(app, 'a clean-up that may have gone through');
    await pictures(app, 'cleanup-maybe');
  });

  await step('looking again, nothing is dead', async () => {
    await until(async () => {
      await app.click('button', 'Look again');
      return app.run(() => document.body.innerText.includes('Nothing is dead'));
    }, 'nothing is dead');
    await pictures(app, 'cleanup-empty');
  });
  await end();
});

test('all at once, each with its result', async (t) => {
  const step = story(t, () => app);
  await step('the platform deletes them and counts', async () => {
    await begin('admin', { size: 200, speed: 0.5 });
    const count = (await dead()).length;
    await app.goTo('/cleanup');
    await app.click('button', `Delete all ${count}…`);
    await app.when('the field has the focus', () => document.activeElement?.closest('[role=dialog]') && document.activeElement.tagName === 'INPUT');
    await type(app, String(count));
    await app.keys('Enter');
    await app.sees('Clean-up done');
    await app.sees(`It counts ${count} cleaned and 0 failed.`);
    assert.ok((await rows()).every((row) => /Being deleted|Gone/.test(row)), String(await rows()));
    await assertAccessible(app, 'a clean-up that is done');
    await pictures(app, 'cleanup-done');
  });
  await end();
});

test('a customer may not administer', async (t) => {
  const step = story(t, () => app);
  await step('rotating a key is refused, and says so from then on', async () => {
    await begin('customer', { size: 200 });
    const own = await until(async () => (fleet.find(({ status, customer_email: email }) => status === 'running' && email === 'ada@harbour.example')), 'there is an own one');
    await open(own);
    await act('Rotate agent key');
    await app.click('button', 'Continue');
    await app.when('the field has the focus', () => document.activeElement?.closest('[role=dialog]') && document.activeElement.tagName === 'INPUT');
    await type(app, own.agent_name);
    await app.keys('Enter');
    await inDialog('The platform refused it (403)');
    await assertAccessible(app, 'a rotation that is refused');
    await pictures(app, 'acts-rotate-refused');
    await app.keys('Escape');
    await noDialog();
    await app.click('button', 'More acts');
    await app.find('menuitem', 'Rotate agent key', { exact: false });
    await pictures(app, 'acts-menu-refused');
    const note = await app.run(() => [...document.querySelectorAll('[role=menuitem]')].find((item) => item.innerText.includes('Rotate')).innerText);
    assert.match(note, /administrator|admin/i);
    await app.keys('Escape');
  });

  await step('the platform’s clean-up is closed; one by one stays open', async () => {
    await app.goTo('/cleanup');
    const button = await app.find('button', 'Delete', { exact: false });
    const count = Number(/\d+/.exec(await button.getText()));
    await button.click();
    await app.when('the field has the focus', () => document.activeElement?.closest('[role=dialog]') && document.activeElement.tagName === 'INPUT');
    await type(app, String(count));
    await app.keys('Enter');
    await noDialog();
    await app.sees('The platform’s clean-up is closed to this key');
    await app.find('button', 'Delete all one by one instead');
    await assertAccessible(app, 'a clean-up that is refused');
    await pictures(app, 'cleanup-refused');
  });
  await end();
});

test('a key that may only read can do none of it, and every act says why', async (t) => {
  const step = story(t, () => app);
  await step('the acts of an instance', async () => {
    await begin('read_only', { size: 200 });
    await open(running()[0]);
    await app.click('button', 'More acts');
    await app.when('each says what is missing', () => {
      const text = (label) => [...document.querySelectorAll('[role=menuitem]')].find((item) => item.innerText.includes(label))?.innerText ?? '';
      return text('Apply updates').includes('instances:write') && text('Rotate agent key').includes('instances:write') && text('Delete instance').includes('instances:delete');
    });
    await assertAccessible(app, 'acts of a key that may only read');
    await pictures(app, 'acts-menu-read-only');
    await app.click('menuitem', 'Apply updates', { exact: false });
    await app.sees('Not possible with this key: Apply updates');
    assert.equal(await app.run(() => document.querySelector('[role=dialog]')), null);
  });

  await step('and the clean-up', async () => {
    await app.goTo('/cleanup');
    await app.sees('Deleting is closed to this key');
    await app.when('the button says that it is shut', () => [...document.querySelectorAll('button')].some((one) => /^Delete (all )?\d/.test(one.innerText) && (one.disabled || one.getAttribute('aria-disabled') === 'true')));
    await assertAccessible(app, 'a clean-up of a key that may only read');
    await pictures(app, 'cleanup-read-only');
  });
  await end();
});

after(end);
