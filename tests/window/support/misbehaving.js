/**
 * A way to a platform that misbehaves byte by byte: raw sockets, and what is not spoilt is passed on as it came.
 * Belongs here: what no HTTP server would say. Plain wrong answers are `way.js`.
 */
import { connect, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

export const LIST = 'GET /v1/instances';
export const CREATE = 'POST /v1/instances';

/** An answer in full: headers as lines, each with its end. */
export const answer = (status, headers, body = '') => (socket) =>
  socket.end(`HTTP/1.1 ${status} X\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
export const json = (status, body, headers = '') => answer(status, `Content-Type: application/json\r\n${headers}`, typeof body === 'string' ? body : JSON.stringify(body));
export const page = (status) => answer(status, 'Content-Type: text/html\r\n', '<!doctype html><script>window.hit=1</script><h1>Sign in to the train</h1>');
/** Any bytes, and the end. */
export const raw = (text) => (socket) => socket.end(text);
export const reset = (socket) => socket.resetAndDestroy();
/** Nothing, ever. */
export const silence = () => undefined;
/** A good beginning, and a reset. */
export const cutBody = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n{"instances":[');
  setTimeout(() => socket.resetAndDestroy(), 20);
};
const TWO = '{"instances":[{"id":"a"},{"id":"b"}]}';
export const tooShort = raw(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${TWO.length + 50}\r\nConnection: close\r\n\r\n${TWO}`);
export const withoutEnd = raw(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${TWO.length.toString(16)}\r\n${TWO}\r\n`);
/** The request reaches the platform, and then this happens. */
export const taken = (does) => Object.assign((socket) => does(socket), { commits: true });

/**
 * @param {string} target the platform's address
 */
export async function openMisbehaving(target) {
  let rules = [];
  const asked = [];
  const open = new Set();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket)).on('error', () => undefined);
    readRequest(socket, (what, bytes) => {
      asked.push(what);
      const rule = rules.find((one) => one.what === what || (one.what.endsWith('*') && what.startsWith(one.what.slice(0, -1))));
      if (!rule) pass(target, bytes, (got) => socket.end(got), () => socket.destroy());
      else if (rule.does.commits) pass(target, bytes, () => rule.does(socket), () => socket.destroy());
      else rule.does(socket);
    });
  });
  const listen = (port) => new Promise((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', () => done(server.address().port)));
  const port = await listen(0);
  const shut = () => new Promise((done) => {
    server.close(() => done());
    for (const socket of open) socket.destroy();
  });
  return {
    url: `http://127.0.0.1:${port}`,
    /** Spoils what is asked for from now on, newest first; `*` at the end stands for anything. */
    spoil: (what, does) => { rules = [{ what, does }, ...rules]; },
    mend: () => { rules = []; },
    count: (what) => asked.filter((one) => one === what).length,
    /** Nobody listens. */
    shut,
    reopen: () => listen(port),
    close: () => (server.listening ? shut() : Promise.resolve()),
  };
}

/** A server that shows a certificate, or never says a word where it has none. */
export async function openTls(certificate) {
  let bytes = 0;
  const sockets = new Set();
  const held = (socket) => { sockets.add(socket); socket.on('error', () => undefined).on('data', (piece) => { bytes += piece.length; }); };
  const server = certificate ? createTlsServer(certificate, held).on('tlsClientError', () => undefined) : createServer((socket) => { sockets.add(socket); socket.on('error', () => undefined); });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `https://127.0.0.1:${server.address().port}`,
    /** Bytes of requests; a handshake is none. */
    bytes: () => bytes,
    close: () => new Promise((done) => { server.close(done); for (const socket of sockets) socket.destroy(); }),
  };
}

function readRequest(socket, done) {
  let bytes = Buffer.alloc(0);
  let told = false;
  socket.on('data', (piece) => {
    bytes = Buffer.concat([bytes, piece]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0 || told) return;
    const head = bytes.subarray(0, end).toString();
    const length = Number(/^content-length:\s*(\d+)/im.exec(head)?.[1] ?? 0);
    if (bytes.length - end - 4 < length) return;
    told = true;
    const [method, path] = head.split(' ', 2);
    done(`${method} ${path.split('?')[0]}`, Buffer.concat([Buffer.from(`${head}\r\nConnection: close\r\n\r\n`), bytes.subarray(end + 4)]));
  });
}

function pass(target, bytes, done, fail) {
  const { hostname, port } = new URL(target);
  const pieces = [];
  const there = connect(Number(port), hostname, () => there.write(bytes));
  there.on('data', (piece) => pieces.push(piece)).once('error', fail).once('end', () => done(Buffer.concat(pieces)));
}
