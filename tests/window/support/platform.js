/** A platform of its own process, as `cargo run -p nineheads-platform` would start it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * @param {{ fleet?: number, speed?: number, faults?: object[], options?: string[] }} wanted
 * @returns {Promise<{ url: string, keys: Record<string, string>, freeze: () => void, thaw: () => void, stop: () => Promise<void>, ask: (path: string, how?: { method?: string, body?: unknown }) => Promise<any> }>} `ask` is the admin's
 */
export async function startPlatform({ fleet = 12, speed = 20, faults, options = ['--no-failures'] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'nineheads-platform-'));
  const parameters = ['--listen', '127.0.0.1:0', '--data', join(folder, 'data'), '--fleet', String(fleet), '--speed', String(speed), '--seed', '7', ...options];
  if (faults) {
    const file = join(folder, 'faults.json');
    writeFileSync(file, JSON.stringify(faults));
    parameters.push('--faults', file);
  }
  const server = spawn(process.env.NINEHEADS_PLATFORM, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((done) => server.once('exit', done));
  const first = await Promise.race([
    new Promise((done) => createInterface({ input: server.stdout }).once('line', done)),
    gone.then((code) => Promise.reject(new Error(`the platform ended with ${code}`))),
  ]);
  const { url, keys } = JSON.parse(first);
  return {
    url,
    keys,
    ask: async (path, { method = 'GET', body } = {}) => {
      const headers = { 'X-Api-Key': keys.admin, ...(body !== undefined && { 'Content-Type': 'application/json' }) };
      return (await fetch(url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })).json();
    },
    /** From now on it takes connections and says nothing. */
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    stop: async () => {
      server.kill('SIGCONT');
      server.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
