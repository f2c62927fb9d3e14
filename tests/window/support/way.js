/**
 * The way between the app and a platform, which a test can spoil while the app runs: other answers, held answers, no answer.
 * Belongs here: passing on and spoiling. What a platform does wrong of itself is its own `--faults`.
 */
import { createServer, request } from 'node:http';

/**
 * Listens on an address of its own and passes everything on, until told otherwise.
 * @param {string} target the platform's address
 */
export async function openWay(target) {
  /** Newest first: the first that fits decides. */
  let rules = [];
  const bodies = [];
  const open = new Set();
  const server = createServer((asked, answer) => {
    const path = asked.url.split('?')[0];
    const rule = rules.find(({ method, path: wanted, times }) => (times ?? 1) > 0 && method === asked.method && wanted.test(path));
    if (rule?.times !== undefined) rule.times -= 1;
    pass(target, asked, answer, rule?.does ?? {}, (body) => body.length > 0 && bodies.push({ method: asked.method, path, body })).catch(() => answer.destroy());
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const listen = (port) => new Promise((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', () => done(server.address().port)));
  const close = () => new Promise((done) => {
    server.close(() => done());
    for (const socket of open) socket.destroy();
  });
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    /**
     * Spoils what is asked for by method and path, newest rule first. Returns what takes the rule back.
     * @param {string} method
     * @param {RegExp} path
     * @param {{ status?: number, json?: unknown, text?: string, type?: string, change?: (json: any) => unknown, cut?: boolean, until?: Promise<void> }} does
     *   `change` gets what the platform answered; `cut` passes the request on and ends the connection; `until` holds the answer.
     * @param {number} [times] how often; always when absent
     */
    spoil(method, path, does, times) {
      const rule = { method, path, does, times };
      rules = [rule, ...rules];
      return () => { rules = rules.filter((one) => one !== rule); };
    },
    /** The JSON that was sent by a method to a path, oldest first. */
    sent: (method, path) => bodies.filter((one) => one.method === method && path.test(one.path)).map(({ body }) => JSON.parse(body.toString())),
    /** Everything is passed on again. */
    mend() { rules = []; },
    /** Nobody listens any more. */
    down: close,
    /** Listens again, at the same address. */
    up: () => listen(port),
    close: () => (server.listening ? close() : Promise.resolve()),
  };
}

async function pass(target, asked, answer, { status, json, text, type, change, cut, until }, note) {
  const body = await read(asked);
  note(body);
  const replaced = text ?? (json === undefined ? undefined : JSON.stringify(json));
  if (replaced !== undefined || (status !== undefined && !change)) {
    await until;
    answer.writeHead(status ?? 200, { 'Content-Type': type ?? 'application/json' });
    answer.end(replaced ?? JSON.stringify({ detail: `Spoiled with ${status}` }));
    return;
  }
  const headers = { ...asked.headers, host: new URL(target).host };
  // What is to be changed must be readable, and whole.
  if (change) {
    delete headers['accept-encoding'];
    delete headers['if-none-match'];
  }
  const got = await new Promise((done, fail) => {
    request(target + asked.url, { method: asked.method, headers }, done).once('error', fail).end(body);
  });
  if (cut) {
    got.resume();
    await new Promise((done) => got.once('end', done));
    answer.destroy();
    return;
  }
  await until;
  if (!change) {
    answer.writeHead(got.statusCode, got.headers);
    got.pipe(answer);
    return;
  }
  const changed = JSON.stringify(change(JSON.parse((await read(got)).toString())));
  answer.writeHead(status ?? got.statusCode, { 'Content-Type': 'application/json' });
  answer.end(changed);
}

async function read(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
