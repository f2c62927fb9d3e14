/** One key that nobody else has goes through everything the app does; afterwards it is looked for wherever it could have been left. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeHome, openApp, until } from './support/app.js';
import { startPlatform } from './support/platform.js';
import { connect, fillWizard } from './support/steps.js';
import { story } from './support/story.js';

/** No shape of any maker: what takes it out must know it by heart. */
const CANARY = `zq7Canary${Array.from({ length: 40 }, () => 'abcdefghijkmnpqrstuvwxyz23456789'[Math.floor(Math.random() * 32)]).join('')}`;

/** How a text may be written down. */
const SPELLINGS = [CANARY, Buffer.from(CANARY, 'utf16le'), Buffer.from(CANARY).toString('base64').slice(0, 48), Buffer.from(CANARY).toString('hex'), [...CANARY].reverse().join('')].map((one) => Buffer.from(one));
const holds = (bytes) => SPELLINGS.some((spelling) => bytes.includes(spelling));

/** Every file below a folder that has it. */
function filesWith(folder) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    try {
      if (holds(readFileSync(path))) found.push(path);
    } catch {
      // It went while we looked.
    }
  }
  return found;
}

/** A process and everything it started, with what anybody may read of it. */
function processesWith(root) {
  const parents = new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      return [[Number(pid), Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])]];
    } catch {
      return [];
    }
  }));
  const family = new Set([root]);
  for (let grew = true; grew;) {
    grew = false;
    for (const [pid, parent] of parents) if (family.has(parent) && !family.has(pid)) grew = Boolean(family.add(pid));
  }
  const found = [];
  for (const pid of family) {
    for (const what of ['cmdline', 'environ']) {
      try {
        if (holds(readFileSync(`/proc/${pid}/${what}`))) found.push(`${pid} ${what}`);
      } catch {
        // It ended.
      }
    }
  }
  return { family, found };
}

/** Everything of the page: what it shows, what its fields hold, what it keeps. */
const pageText = (app) => app.run(() => {
  const fields = [...document.querySelectorAll('input, textarea')].map((field) => field.value);
  const shadows = [...document.querySelectorAll('*')].map((one) => one.shadowRoot?.innerHTML ?? '');
  const kept = [localStorage, sessionStorage].flatMap((store) => Object.entries(store).flat());
  return [document.documentElement.outerHTML, ...fields, ...shadows, ...kept, document.cookie, location.href].join('\n');
});

/** Stands before a platform: knows the canary as its key, and can be told to repeat it in its refusals. */
async function openDoor(platform) {
  const door = { seen: 0, echo: null };
  const server = createServer(async (asked, answer) => {
    const pieces = [];
    for await (const piece of asked) pieces.push(piece);
    const key = asked.headers['x-api-key'];
    if (key === CANARY) door.seen += 1;
    if (door.echo?.test(`${asked.method} ${asked.url}`)) {
      answer.writeHead(400, { 'Content-Type': 'application/json' });
      answer.end(JSON.stringify({ detail: `The key ${key} may not do this (${encodeURIComponent(key)})` }));
      return;
    }
    const headers = { ...asked.headers, host: new URL(platform.url).host, 'x-api-key': key === CANARY ? platform.keys.admin : 'wrong' };
    request(platform.url + asked.url, { method: asked.method, headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    }).once('error', () => answer.destroy()).end(Buffer.concat(pieces));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  door.url = `http://127.0.0.1:${server.address().port}`;
  door.close = () => { server.closeAllConnections(); server.close(); };
  return door;
}

const ask = (app, command, given = {}) => app.browser.executeAsync((name, args, done) => {
  window.__TAURI_INTERNALS__.invoke(name, args).then((answer) => done({ answer }), (refused) => done({ refused }));
}, command, given);

test('the search finds a key where there is one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nineheads-canary-'));
  writeFileSync(join(folder, 'left.db-wal'), Buffer.concat([Buffer.alloc(5000), Buffer.from(CANARY), Buffer.alloc(10)]));
  writeFileSync(join(folder, 'wide.bin'), Buffer.from(`x${CANARY}`, 'utf16le').subarray(2));
  writeFileSync(join(folder, 'clean.log'), 'nothing');
  assert.equal(filesWith(folder).length, 2);
  rmSync(folder, { recursive: true });
  const careless = spawn('sleep', ['60'], { env: { ...process.env, KEY: CANARY } });
  try {
    await until(() => processesWith(process.pid).found.includes(`${careless.pid} environ`), 'it is found');
  } finally {
    careless.kill('SIGKILL');
  }
});

test('a key is found nowhere after everything was done with it', async (t) => {
  const home = makeHome();
  const platform = await startPlatform({ fleet: 3, speed: 60 });
  const door = await openDoor(platform);
  const keyLog = join(home.folder, 'tls-keys.txt');
  let app = await openApp({ home, env: { SSLKEYLOGFILE: keyLog } });
  t.after(async () => {
    await app.close();
    door.close();
    await platform.stop();
    await home.remove();
  });
  const step = story(t, () => app);
  const pages = [];
  const look = async (where) => pages.push([where, await pageText(app)]);
  let agent;

  await step('signed in with it, also once wrongly', async () => {
    await connect(app, door.url, `${CANARY}wrong`);
    await app.sees('refuses this credential');
    await connect(app, door.url, CANARY);
    await app.sees('3 instances');
    await look('the fleet');
    agent = (await platform.ask('/v1/instances')).instances.find(({ status }) => status === 'running');
  });

  await step('a deploy, a conversation, a configuration', async () => {
    await fillWizard(app, 'Canary');
    await look('the review of a deploy');
    await app.click('button', 'Deploy');
    await app.sees('“Canary” is ready');
    await look('a deploy');
    await ask(app, 'send_message', { id: agent.id, exchangeId: 'x1', text: 'Good morning', onPart: '__CHANNEL__:0' });
    for (const part of ['', '/chat', '/logs', '/config', '/platform', '/models', '/usage', '/conversations']) {
      await app.goTo(`/instances/${agent.id}${part}`);
      await app.when('the screen is there', () => document.querySelector('main h1'));
      await look(part);
    }
  });

  await step('a platform that repeats it in its refusals', async () => {
    door.echo = /POST .*(rotate-key|updates)|GET .*(conversations|config|usage|runtime)|PATCH/;
    for (const command of ['rotate_key', 'apply_updates', 'open_config', 'get_platform_config']) {
      const { refused } = await ask(app, command, { id: agent.id });
      assert.ok(refused, `${command} is refused`);
      assert.ok(!JSON.stringify(refused).includes(CANARY), JSON.stringify(refused));
    }
    await ask(app, 'set_consent', { id: agent.id, granted: true, purpose: `because of ${CANARY}` });
    await ask(app, 'note_mishap', { what: `Error: the page had ${CANARY} in its hands` });
    await app.goTo(`/instances/${agent.id}/config`);
    await app.when('the screen is there', () => document.querySelector('main h1'));
    await look('a refused configuration');
    door.echo = null;
  });

  await step('the activity and the support bundle', async () => {
    await app.goTo('/activity');
    await app.sees('Rotated the agent key');
    await look('the activity');
    await app.goTo('/settings');
    await app.click('button', 'Look and save…');
    await app.when('the text is there', () => document.querySelector('[role=dialog] pre')?.innerText.includes('the page failed'));
    await look('the support bundle');
    await app.keys('Escape');
  });

  await step('while it runs: no file, no process, no page has it', async () => {
    assert.ok(door.seen > 10, `the platform saw it ${door.seen} times`);
    assert.deepEqual(pages.filter(([, text]) => holds(Buffer.from(text))).map(([where]) => where), []);
    const { family, found } = processesWith(app.pid);
    assert.ok(family.size > 1, 'the app has children');
    assert.deepEqual(found, []);
    assert.deepEqual(filesWith(home.folder), []);
    // It was there to be written: in its place is a mark. And where it is, it is found.
    const all = readdirSync(home.folder, { withFileTypes: true, recursive: true }).filter((one) => one.isFile()).map((one) => readFileSync(join(one.parentPath, one.name), 'latin1')).join('\n');
    for (const mark of ['because of [redacted]', 'the page had [redacted]']) assert.ok(all.includes(mark), `${mark} is nowhere`);
    writeFileSync(join(home.folder, 'data', 'planted'), CANARY);
    assert.equal(filesWith(home.folder).length, 1);
    rmSync(join(home.folder, 'data', 'planted'));
    // Open files that have no name any more.
    for (const fd of readdirSync(`/proc/${app.pid}/fd`)) {
      const path = `/proc/${app.pid}/fd/${fd}`;
      try {
        if (readlinkSync(path).startsWith(home.folder)) assert.ok(!holds(readFileSync(path)), readlinkSync(path));
      } catch (error) {
        if (error.code === 'ERR_ASSERTION') throw error;
      }
    }
    assert.match(readFileSync(`/proc/${app.pid}/limits`, 'utf8'), /Max core file size\s+0\s+0/, 'no core file will have it');
  });

  await step('killed and started again, too; and the keystore had it all the while', async () => {
    await app.kill();
    assert.deepEqual(filesWith(home.folder), []);
    app = await openApp({ home, env: { SSLKEYLOGFILE: keyLog } });
    const before = door.seen;
    await until(() => door.seen > before, 'the app signs in with it by itself');
    await app.close();
    assert.deepEqual(filesWith(home.folder), []);
    assert.ok(!readdirSync(home.folder).includes('tls-keys.txt'), 'nobody asked TLS to tell its keys');
  });
});
