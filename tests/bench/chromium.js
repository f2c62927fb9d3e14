/**
 * The same screens in Chromium, which is what a person would have otherwise: the built page from a server on this computer, with replies
 * of the real core that were recorded once. Belongs here: the server, the door that replays, the browser's start.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApp } from '../window/support/app.js';
import { makeHome } from '../window/support/app.js';
import { rest } from './page.js';
import { start } from './programs.js';

const KINDS = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.json': 'application/json' };
const built = fileURLToPath(new URL('../../ui/build', import.meta.url));
/** What the page finds where the shell would be. */
const DOOR = `(() => {
  let count = 0;
  const ask = (cmd, args) => fetch('/door', { method: 'POST', body: JSON.stringify({ cmd, args: args ?? {} }) }).then((told) => told.json()).then(({ value, error }) => { if (error !== undefined) throw error; return value; });
  window.__TAURI_INTERNALS__ = {
    invoke: (cmd, args) => (cmd.startsWith('plugin:event|') ? Promise.resolve((count += 1)) : cmd === 'show_window' ? Promise.resolve(null) : ask(cmd, args)),
    transformCallback: () => (count += 1), unregisterCallback: () => {}, plugins: {},
    metadata: { currentWindow: { label: 'main' }, currentWebview: { label: 'main', windowLabel: 'main' } },
  };
  window.__TAURI_EVENT_PLUGIN_INTERNALS__ = { unregisterListener: () => {} };
})();`;

/** Records what the page asks for at its start, and returns a side like the others; throws where there is no Chromium. */
export async function prepareChromium(fleet, screen) {
  const program = process.env.NINEHEADS_BENCH_CHROMIUM;
  if (!program) throw new Error('there is no Chromium here, and the system has no package of it');
  const record = new Map();
  let live = await openApp({ home: fleet.home });
  const server = createServer((request, response) => void serve(request, response, (question) => answer(question, record, live)));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const home = makeHome();
  const profile = mkdtempSync(join(tmpdir(), 'nineheads-chromium-'));
  const libraries = process.env.NINEHEADS_BENCH_CHROMIUM_LIBRARIES;
  const side = {
    program, home,
    args: [`--app=http://127.0.0.1:${server.address().port}/`, `--user-data-dir=${profile}`, '--no-first-run', '--no-default-browser-check', '--disable-sync', '--disable-background-networking', '--disable-component-update', '--window-position=0,0', '--window-size=1280,800', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
    env: libraries ? { LD_LIBRARY_PATH: libraries } : {},
    lines: [60, 160, 260, 360, 460].map((y) => ({ x: 300, y, width: 400 })),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      rmSync(profile, { recursive: true, force: true });
      await home.remove();
    },
  };
  try {
    await live.sees('200 instances');
    const { end } = await start(side, screen);
    await rest(5000);
    if (process.env.NINEHEADS_SCREENSHOTS) screen.save(join(process.env.NINEHEADS_SCREENSHOTS, 'bench-chromium.png'));
    await end();
    if (![...record.keys()].some((question) => question.startsWith('show_fleet'))) throw new Error('the screens in Chromium never asked for the fleet');
    return side;
  } catch (error) {
    await side.stop();
    throw error;
  } finally {
    await live.close();
    live = undefined;
  }
}

async function answer({ cmd, args }, record, live) {
  const key = `${cmd} ${JSON.stringify(args)}`;
  if (record.has(key)) return record.get(key);
  if (!live) return [...record].find(([known]) => known.startsWith(`${cmd} `))?.[1] ?? { error: { code: { type: 'unreadable' }, detail: 'not recorded' } };
  const told = await live.browser.executeAsync((what, how, done) => {
    window.__TAURI_INTERNALS__.invoke(what, how).then((value) => done({ value }), (error) => done({ error }));
  }, cmd, args);
  record.set(key, told);
  return told;
}

async function serve(request, response, ask) {
  const path = new URL(request.url, 'http://localhost').pathname;
  const send = (body, kind) => {
    response.writeHead(200, { 'content-type': kind });
    response.end(body);
  };
  if (path === '/door') {
    const parts = [];
    for await (const part of request) parts.push(part);
    return send(JSON.stringify(await ask(JSON.parse(Buffer.concat(parts).toString()))), 'application/json');
  }
  if (path === '/door.js') return send(DOOR, 'text/javascript');
  try {
    if (extname(path) !== '') return send(readFileSync(join(built, path)), KINDS[extname(path)] ?? 'application/octet-stream');
  } catch {
    response.writeHead(404);
    return response.end();
  }
  return send(readFileSync(join(built, 'index.html'), 'utf8').replace('<head>', '<head><script src="/door.js"></script>'), 'text/html');
}
