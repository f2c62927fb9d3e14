/** P14: the usage chart with 10,000 points against the library that draws it, in the same window and in turn. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { makeHome, openApp } from '../window/support/app.js';
import { pairwise, twice } from './numbers.js';
import { BARE } from './programs.js';
import { ms } from './report.js';

const POINTS = 10_000;
const PAIRS = 20;
const MOST = 1.5;
const KINDS = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };

export async function measure({ report }) {
  const folder = process.env.NINEHEADS_BENCH_CHART;
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    try {
      const body = readFileSync(join(folder, path === '/' ? 'index.html' : path));
      response.writeHead(200, { 'content-type': KINDS[extname(path === '/' ? '.html' : path)] ?? KINDS['.html'] });
      response.end(body);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const home = makeHome();
  const app = await openApp({ home, program: BARE });
  try {
    await app.browser.url(`http://127.0.0.1:${server.address().port}/`);
    await app.when('the page can draw', () => window.drawChart !== undefined);
    for (const kind of ['bars', 'line']) {
      for (const side of ['bare', 'ours', 'ours', 'bare']) await draw(app, side, kind);
      const compared = await twice(async () => {
        const times = { bare: [], ours: [] };
        for (let pair = 0; pair < PAIRS; pair += 1) {
          for (const side of pair % 2 === 0 ? ['bare', 'ours'] : ['ours', 'bare']) times[side].push(await draw(app, side, kind));
        }
        return pairwise(times.bare, times.ours);
      });
      report.against('P14', `usage chart of ${POINTS.toLocaleString('en-US')} points as ${kind}, against the library bare`, compared, MOST, ms);
    }
  } finally {
    await app.close();
    server.close();
    server.closeAllConnections();
    await home.remove();
  }
}

async function draw(app, side, kind) {
  const told = await app.browser.executeAsync((which, how, count, done) => void window.drawChart[which](how, count).then(done, (error) => done({ error: String(error) })), side, kind, POINTS);
  if (told.error) throw new Error(told.error);
  if (!told.drawn) throw new Error(`${side} drew nothing`);
  return told.ms;
}
