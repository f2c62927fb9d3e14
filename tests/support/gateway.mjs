// A gateway that costs nothing, in the place of OpenClaw's own script: it takes the same command line and environment, says /readyz,
// lets a client in that has its token, tells its pid, and has the configuration that it was started with. What goes wrong is read from `behaviour.json` beside it.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const behaviour = JSON.parse(existsSync(join(here, 'behaviour.json')) ? readFileSync(join(here, 'behaviour.json'), 'utf8') : '{}');
const state = process.env.OPENCLAW_STATE_DIR;
const token = process.env.OPENCLAW_GATEWAY_TOKEN;
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
const starts = join(state, 'starts.jsonl');
const before = existsSync(starts) ? readFileSync(starts, 'utf8').trim().split('\n').length : 0;
const model = createHash('sha256').update(process.env.NINEHEADS_MODEL_KEY ?? '').digest('hex');
appendFileSync(starts, `${JSON.stringify({ pid: process.pid, port, args: process.argv.slice(2), names: Object.keys(process.env), model })}\n`);

if (behaviour.exit !== undefined) {
  process.stdout.write(`\u001b[31mthis can not be: ${token}\u001b[0m\n`);
  process.exit(behaviour.exit);
}
// Runs, and never gets as far as its port.
if (behaviour.mute) await new Promise((done) => setTimeout(done, 600_000));
if (before < (behaviour.portTaken ?? 0)) await new Promise((done) => createServer().listen(port, '127.0.0.1', done));

const config = JSON.parse(readFileSync(process.env.OPENCLAW_CONFIG_PATH, 'utf8'));
const server = createServer((request, response) => {
  response.writeHead(request.url === '/readyz' ? 200 : 404).end();
});
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  send(socket, { type: 'event', event: 'connect.challenge', payload: { nonce: 'n' } });
  let bytes = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (more) => {
    bytes = Buffer.concat([bytes, more]);
    for (let frame = take(bytes); frame; frame = take(bytes)) {
      bytes = bytes.subarray(frame.length);
      if (frame.kind === 8) socket.end();
      if (frame.kind === 1) answer(socket, JSON.parse(frame.text));
    }
  });
});
server.listen(port, '127.0.0.1', () => process.stdout.write('[gateway] ready\n'));
process.on('SIGTERM', () => process.exit(0));

/** Null takes away, as in a merge patch. */
function merge(into, patch) {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(into, key);
    else if (typeof value === 'object' && !Array.isArray(value)) merge((into[key] ??= {}), value);
    else into[key] = value;
  }
}

function answer(socket, { id, method, params }) {
  const replies = {
    connect: () => ({ type: 'hello-ok', protocol: 4, server: { version: 'fake' }, policy: { tickIntervalMs: 30_000 } }),
    status: () => ({ runtimeVersion: 'fake', pid: process.pid }),
    health: () => ({ ok: true }),
    'config.get': () => ({ config, parsed: config, hash: 'h', valid: true, issues: [] }),
    'config.patch': () => {
      merge(config, JSON.parse(params.raw));
      return { hash: 'h', config, sentinel: { payload: { stats: { requiresRestart: false } } } };
    },
    'sessions.list': () => ({ sessions: [], hasMore: false }),
  };
  const known = replies[method] !== undefined && (method !== 'connect' || params.auth.token === token);
  const no = { ok: false, error: { code: 'INVALID_REQUEST', message: `no ${method} here` } };
  send(socket, { type: 'res', id, ...(known ? { ok: true, payload: replies[method]() } : no) });
}

/** One text frame, unmasked, as a server sends it. */
function send(socket, value) {
  const text = Buffer.from(JSON.stringify(value));
  const length = text.length < 126 ? Buffer.from([text.length]) : Buffer.from([126, text.length >> 8, text.length & 255]);
  socket.write(Buffer.concat([Buffer.from([0x81]), length, text]));
}

/** The first whole frame of some bytes, unmasked; undefined where there is none yet. */
function take(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 127;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < head + 4) return undefined;
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const length = head + 4 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(head, head + 4);
  const text = Buffer.from(bytes.subarray(head + 4, length)).map((byte, at) => byte ^ mask[at % 4]);
  return { kind: bytes[0] & 15, text: text.toString(), length };
}
