/**
 * A session bus of a test's own, with a keystore that is absent, that refuses, or that never answers.
 * Belongs here: the bus and what lies on it. The keystore that works is the session's (session.sh).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const NAME = 'org.freedesktop.secrets';

/**
 * Starts a bus. It starts nothing by name.
 * @param {'absent' | 'locked' | 'silent'} keystore
 */
export async function openBus(keystore) {
  const folder = mkdtempSync(join(tmpdir(), 'nineheads-bus-'));
  const config = join(folder, 'bus.conf');
  writeFileSync(config, `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`);
  const daemon = spawn('dbus-daemon', [`--config-file=${config}`, '--print-address', '--nofork'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const address = await new Promise((done, fail) => {
    daemon.once('error', fail);
    createInterface({ input: daemon.stdout }).once('line', done);
  });
  const asked = [];
  const service = keystore === 'absent' ? null : await serve(/path=([^,]+)/.exec(address)[1], keystore, asked);
  return {
    /** What an app needs to be on this bus. */
    env: { DBUS_SESSION_BUS_ADDRESS: address },
    /** How many questions the keystore got. */
    asked: () => asked.length,
    async close() {
      service?.destroy();
      const ended = new Promise((done) => daemon.once('exit', done));
      daemon.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes the keystore's name and treats every call in one way. */
function serve(path, manner, asked) {
  const socket = createConnection(path);
  let serial = 0;
  let waiting = Buffer.alloc(0);
  let greeted = false;
  const send = (message) => socket.write(encode({ serial: ++serial, ...message }));
  const bus = { 1: ['o', '/org/freedesktop/DBus'], 2: ['s', 'org.freedesktop.DBus'], 6: ['s', 'org.freedesktop.DBus'] };
  socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.getuid())).toString('hex')}\r\n`);
  return new Promise((done, fail) => {
    socket.once('error', fail);
    socket.on('data', (bytes) => {
      waiting = Buffer.concat([waiting, bytes]);
      if (!greeted) {
        const end = waiting.indexOf('\r\n');
        if (end < 0) return;
        if (!waiting.subarray(0, end).toString().startsWith('OK')) return fail(new Error(waiting.toString()));
        waiting = waiting.subarray(end + 2);
        greeted = true;
        socket.write('BEGIN\r\n');
        send({ type: 1, fields: { ...bus, 3: ['s', 'Hello'] } });
        send({ type: 1, fields: { ...bus, 3: ['s', 'RequestName'], 8: ['g', 'su'] }, body: [['s', NAME], ['u', 0]] });
      }
      for (let message = decode(waiting); message; message = decode(waiting)) {
        waiting = waiting.subarray(message.length);
        // The second answer of the bus is the one to the name.
        if (message.type === 2 && message.replyTo === 2) done(socket);
        if (message.type !== 1) continue;
        asked.push(message.member);
        if (manner === 'locked') {
          send({ type: 3, fields: { 4: ['s', 'org.freedesktop.Secret.Error.IsLocked'], 5: ['u', message.serial], 6: ['s', message.sender], 8: ['g', 's'] }, body: [['s', 'The keystore is locked']] });
        }
      }
    });
  });
}

/** A message in the wire's format, little endian: see the D-Bus specification, "Message Protocol". */
function encode({ type, serial, fields, body = [] }) {
  const content = marshal(body, 0);
  const list = new Writer(16);
  for (const [code, [signature, value]] of Object.entries(fields)) {
    list.align(8);
    list.bytes(Buffer.from([Number(code), 1, signature.charCodeAt(0), 0]));
    list.value(signature, value);
  }
  const written = list.done();
  const head = Buffer.alloc(16);
  head.set([0x6c, type, type === 1 ? 0 : 1, 1]);
  head.writeUInt32LE(content.length, 4);
  head.writeUInt32LE(serial, 8);
  head.writeUInt32LE(written.length, 12);
  const padding = Buffer.alloc((8 - ((16 + written.length) % 8)) % 8);
  return Buffer.concat([head, written, padding, content]);
}

function marshal(values, from) {
  const out = new Writer(from);
  for (const [signature, value] of values) out.value(signature, value);
  return out.done();
}

class Writer {
  #parts = [];
  #at;
  constructor(at) {
    this.#at = at;
  }
  bytes(part) {
    this.#parts.push(part);
    this.#at += part.length;
  }
  align(to) {
    this.bytes(Buffer.alloc((to - (this.#at % to)) % to));
  }
  value(signature, value) {
    if (signature === 'g') return this.bytes(Buffer.from([value.length, ...Buffer.from(value), 0]));
    this.align(4);
    const number = Buffer.alloc(4);
    number.writeUInt32LE(signature === 'u' ? value : Buffer.byteLength(value));
    this.bytes(number);
    if (signature !== 'u') this.bytes(Buffer.from(`${value}\0`));
  }
  done() {
    return Buffer.concat(this.#parts);
  }
}

/** The first whole message of what has come, as far as it matters here. */
function decode(bytes) {
  if (bytes.length < 16) return undefined;
  const little = bytes[0] === 0x6c;
  const number = (at) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const end = 16 + number(12);
  const body = end + ((8 - (end % 8)) % 8);
  const length = body + number(4);
  if (bytes.length < length) return undefined;
  const message = { type: bytes[1], serial: number(8), length };
  const names = { 3: 'member', 5: 'replyTo', 7: 'sender' };
  for (let at = 16; at < end;) {
    at += (8 - (at % 8)) % 8;
    const [code, size, signature] = [bytes[at], bytes[at + 1], String.fromCharCode(bytes[at + 2])];
    at += 3 + size;
    if (signature === 'g') {
      at += bytes[at] + 2;
      continue;
    }
    at += (4 - (at % 4)) % 4;
    const value = number(at);
    const text = signature === 'u' ? value : bytes.subarray(at + 4, at + 4 + value).toString();
    if (names[code]) message[names[code]] = text;
    at += signature === 'u' ? 4 : value + 5;
  }
  return message;
}
