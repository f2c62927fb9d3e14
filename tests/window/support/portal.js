/**
 * A desktop's portal that answers one question: where to save. With `GTK_USE_PORTAL=1` the app's own save dialog asks it, so a
 * test can save as a person does. Belongs here: the bus's messages as far as that takes. Everything else is refused at once.
 */
import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What an app is started with that shall ask the portal where to save, and not whether there is a network and the way through it. */
export const WITH_PORTAL = { GTK_USE_PORTAL: '1', GIO_USE_NETWORK_MONITOR: 'netlink', GIO_USE_PROXY_RESOLVER: 'dummy' };

const NAME = 'org.freedesktop.portal.Desktop';
const ALIGN = { y: 1, b: 4, u: 4, i: 4, s: 4, o: 4, g: 1, v: 1, a: 4, n: 2, q: 2, x: 8, t: 8, d: 8, '(': 8, '{': 8 };
const [CALL, REPLY, ERROR, SIGNAL] = [1, 2, 3, 4];
/** The fields of a message's head, by their numbers. */
const FIELDS = { path: [1, 'o'], interface: [2, 's'], member: [3, 's'], error: [4, 's'], answers: [5, 'u'], to: [6, 's'], signature: [8, 'g'] };
const padding = (at, size) => (size - (at % size)) % size;

/** The first whole type of a signature. */
function firstType(signature) {
  if (signature[0] === 'a') return `a${firstType(signature.slice(1))}`;
  if (!'({'.includes(signature[0])) return signature[0];
  let depth = 0;
  for (let at = 0; at < signature.length; at += 1) {
    if ('({'.includes(signature[at])) depth += 1;
    if (')}'.includes(signature[at])) depth -= 1;
    if (depth === 0) return signature.slice(0, at + 1);
  }
  throw new Error(`no type: ${signature}`);
}
function typesOf(signature) {
  const types = [];
  for (let rest = signature; rest !== ''; rest = rest.slice(types.at(-1).length)) types.push(firstType(rest));
  return types;
}

/** Writes values behind what is there; places count from the beginning of the buffer. */
function write(into, type, value) {
  const put = (bytes) => into.push(...bytes);
  const number = (n) => put([n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255]);
  const fill = (size) => put(Array(padding(into.length, size)).fill(0));
  fill(ALIGN[type[0]]);
  switch (type[0]) {
    case 'y': return put([value]);
    case 'u': return number(value);
    case 's': case 'o': { const bytes = Buffer.from(value); number(bytes.length); return put([...bytes, 0]); }
    case 'g': return put([value.length, ...Buffer.from(value), 0]);
    case 'v': write(into, 'g', value[0]); return write(into, value[0], value[1]);
    case 'a': {
      const size = into.length;
      number(0);
      fill(ALIGN[type[1]]);
      const from = into.length;
      for (const one of value) write(into, type.slice(1), one);
      into.splice(size, 4, ...new Uint8Array(new Uint32Array([into.length - from]).buffer));
      return undefined;
    }
    default: return typesOf(type.slice(1, -1)).forEach((inner, at) => write(into, inner, value[at]));
  }
}

/** Reads one value; `at` goes on. */
function read(from, at, type) {
  at.now += padding(at.now, ALIGN[type[0]]);
  const take = (size) => { at.now += size; return at.now - size; };
  switch (type[0]) {
    case 'y': return from.readUInt8(take(1));
    case 'n': case 'q': return from.readUInt16LE(take(2));
    case 'u': case 'i': case 'b': return from.readUInt32LE(take(4));
    case 'x': case 't': case 'd': return from.readBigUInt64LE(take(8));
    case 's': case 'o': { const size = read(from, at, 'u'); const start = take(size + 1); return from.toString('utf8', start, start + size); }
    case 'g': { const size = read(from, at, 'y'); const start = take(size + 1); return from.toString('utf8', start, start + size); }
    case 'v': return read(from, at, read(from, at, 'g'));
    case 'a': {
      const size = read(from, at, 'u');
      at.now += padding(at.now, ALIGN[type[1]]);
      const all = [];
      for (const end = at.now + size; at.now < end;) all.push(read(from, at, type.slice(1)));
      return all;
    }
    default: return typesOf(type.slice(1, -1)).map((inner) => read(from, at, inner));
  }
}

/**
 * Takes the portal's name on this session's bus. Every file goes to `folder` under the name that the app proposes.
 * @returns {Promise<{ saved: string[], stop: () => void }>} `saved` are the files that were answered with
 */
export async function startPortal(folder) {
  mkdirSync(folder, { recursive: true });
  const saved = [];
  const [, kind, place] = /unix:(path|abstract)=([^,;]+)/.exec(process.env.DBUS_SESSION_BUS_ADDRESS ?? '') ?? [];
  if (!place) throw new Error('this session has no bus');
  const socket = createConnection(kind === 'abstract' ? `\0${place}` : place);
  let serial = 0;
  const send = (type, fields, signature = '', values = []) => {
    const body = [];
    typesOf(signature).forEach((one, at) => write(body, one, values[at]));
    const head = Object.entries({ ...fields, ...(signature && { signature }) }).map(([name, value]) => [FIELDS[name][0], [FIELDS[name][1], value]]);
    const bytes = [];
    // Whoever gets it need not answer, but for the two calls to the bus.
    write(bytes, '(yyyyuu)', [108, type, type === CALL ? 0 : 1, 1, body.length, (serial += 1)]);
    write(bytes, 'a(yv)', head);
    bytes.push(...Array(padding(bytes.length, 8)).fill(0), ...body);
    socket.write(Buffer.from(bytes));
    return serial;
  };
  const bus = (member, signature, values) => send(CALL, { path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus', member, to: 'org.freedesktop.DBus' }, signature, values);

  function answer({ type, number, fields, body }) {
    if (type !== CALL) return;
    const to = fields[7];
    if (fields[3] !== 'SaveFile') return void send(ERROR, { to, answers: number, error: 'org.freedesktop.DBus.Error.UnknownMethod' });
    const options = Object.fromEntries(body[2]);
    const path = `/org/freedesktop/portal/desktop/request/${to.slice(1).replaceAll('.', '_')}/${options.handle_token}`;
    const file = join(folder, options.current_name);
    saved.push(file);
    send(REPLY, { to, answers: number }, 'o', [path]);
    send(SIGNAL, { path, interface: 'org.freedesktop.portal.Request', member: 'Response', to }, 'ua{sv}', [0, [['uris', ['as', [pathToFileURL(file).href]]]]]);
  }

  let held = Buffer.alloc(0);
  let open = false;
  let named;
  const ready = new Promise((done, fail) => {
    socket.once('error', fail);
    named = done;
  });
  socket.on('data', (bytes) => {
    held = Buffer.concat([held, bytes]);
    if (!open) {
      if (!held.includes('\r\n')) return;
      if (!held.toString().startsWith('OK')) throw new Error(`the bus says ${held}`);
      held = held.subarray(held.indexOf('\r\n') + 2);
      open = true;
      socket.write('BEGIN\r\n');
      bus('Hello');
      bus('RequestName', 'su', [NAME, 4]);
    }
    while (held.length >= 16) {
      const start = 16 + held.readUInt32LE(12);
      const body = start + padding(start, 8);
      const whole = body + held.readUInt32LE(4);
      if (held.length < whole) return;
      const message = held.subarray(0, whole);
      held = held.subarray(whole);
      const fields = Object.fromEntries(read(message, { now: 12 }, 'a(yv)'));
      // A body begins at a multiple of eight: its places count as they do within the message.
      const at = { now: body };
      const values = typesOf(fields[8] ?? '').map((one) => read(message, at, one));
      const [type, number] = [message.readUInt8(1), message.readUInt32LE(8)];
      if (type === REPLY && fields[5] === 2) named();
      answer({ type, number, fields, body: values });
    }
  });
  socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.getuid())).toString('hex')}\r\n`);
  await ready;
  return { saved, stop: () => socket.destroy() };
}
