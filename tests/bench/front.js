/**
 * A server in front of the local platform: it passes everything on and answers some operations itself, with more than a demo holds.
 * Belongs here: what is passed on, and what the big answers are. Does not belong here: what is measured with them.
 */
import { createHash } from 'node:crypto';
import { createServer, request } from 'node:http';

/** Largest body of a request. */
const MOST = 64 << 20;

/**
 * @param {string} behind the platform's address
 * @returns {Promise<{ url: string, on: (operation: string, answer: (exchange: Exchange) => unknown) => void, stop: () => Promise<void> }>}
 * `on('GET /v1/instances/ID/logs', …)` takes one operation of one instance over.
 * @typedef {{ headers: object, body: Buffer, response: import('node:http').ServerResponse }} Exchange
 */
export async function startFront(behind) {
  const { hostname, port } = new URL(behind);
  const own = new Map();
  const server = createServer((asked, response) => {
    const answer = own.get(`${asked.method} ${asked.url.split('?')[0]}`);
    if (answer === undefined) {
      const passed = request({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers }, (told) => {
        response.writeHead(told.statusCode, told.headers);
        told.pipe(response);
      });
      passed.once('error', () => response.destroy());
      response.once('close', () => passed.destroy());
      asked.pipe(passed);
      return;
    }
    const parts = [];
    let size = 0;
    asked.on('data', (part) => {
      size += part.length;
      if (size > MOST) asked.destroy();
      else parts.push(part);
    });
    asked.once('end', () => void answer({ headers: asked.headers, body: Buffer.concat(parts), response }));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    on: (operation, answer) => void own.set(operation, answer),
    stop: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

/** Answers with JSON, or with text that is JSON already. */
export function tell(response, value, headers = {}) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(text);
}

/** A configuration kept here: read with a validator, written as a whole. A mask that comes back keeps what it stands for, which is a mask here. */
export function keepConfig(front, id, document) {
  let text = JSON.stringify(document);
  const etag = () => `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;
  let writes = 0;
  front.on(`GET /v1/instances/${id}/config`, ({ response }) => tell(response, text, { etag: etag() }));
  front.on(`POST /v1/instances/${id}/config`, ({ headers, body, response }) => {
    if (headers['if-match'] && headers['if-match'] !== etag()) {
      response.writeHead(409, { 'content-type': 'application/json' });
      return response.end('{"detail":"The configuration has changed since it was read"}');
    }
    text = JSON.stringify(JSON.parse(body.toString()));
    writes += 1;
    tell(response, text, { etag: etag() });
  });
  return { read: () => JSON.parse(text), get writes() { return writes; } };
}

const LEVELS = ['info', 'info', 'info', 'info', 'info', 'info', 'info', 'warning', 'info', 'error'];
const STAGES = ['image', 'network', 'packages', 'runtime', 'channels', 'health'];
const START = Date.parse('2026-01-01T00:00:00Z');

/** A log of so many lines, of which every answer holds the next window, until the last comes again and again. */
export function keepLog(front, id, window, lines) {
  let from = 1;
  let asked = 0;
  front.on(`GET /v1/instances/${id}/logs`, ({ response }) => {
    const logs = Array.from({ length: window }, (_, at) => lineOf(from + at));
    const total = from + window - 1;
    if (total < lines) from += window;
    asked += 1;
    tell(response, { instance_id: id, logs, total });
  });
  return { get asked() { return asked; } };
}

/** One line of a log; the same for the same number, every time. */
export function lineOf(seq) {
  return {
    seq,
    created_at: new Date(START + seq * 137).toISOString(),
    level: LEVELS[seq % LEVELS.length],
    stage: STAGES[Math.floor(seq / 5000) % STAGES.length],
    message: `step ${seq}: unpacked \u001b[32mlayer-${(seq * 7919) % 65521}\u001b[0m in ${seq % 977} ms, ${(seq * 31) % 4096} of 4096 blocks verified`,
  };
}

/** What an agent says: paragraphs, lists, tables and code, as long as is wished. */
export function markdown(length) {
  let text = '';
  for (let at = 1; text.length < length; at += 1) {
    text += `## Part ${at}\n\nThe gateway on **host-${at}** answered after ${at * 17} ms; *nothing* was lost. See \`/var/log/agent-${at}.log\` for the details of this run.\n\n`;
    text += `- memory ${at * 3} MB\n- queue ${at} of 40\n- retry after ${at} s\n\n`;
    if (at % 4 === 0) text += `| step | took | state |\n| --- | ---: | --- |\n| read | ${at} ms | ok |\n| write | ${at * 2} ms | ok |\n\n`;
    if (at % 6 === 0) text += `\`\`\`js\nconst answer = await ask('part ${at}');\nconsole.log(answer.length);\n\`\`\`\n\n`;
  }
  return text.slice(0, length);
}

/**
 * Answers messages with a stream. A message that holds `{"head":…,"tokens":…,"pace":…}` is answered with that many characters at once
 * and then so many tokens, so many a second; anything else with a short reply at once.
 */
export function keepChat(front, id) {
  const event = (value) => `data: ${JSON.stringify(value)}\n\n`;
  front.on(`POST /v1/instances/${id}/chat`, ({ body, response }) => {
    const { message } = JSON.parse(body.toString());
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    const end = () => response.end(`${event({ usage: { total_tokens: 42 } })}data: [DONE]\n\n`);
    const wish = /\{.*\}/.exec(message);
    if (!wish) {
      response.write(event({ delta: `Understood: **${message}**\n\n- it is done\n- nothing else changed\n` }));
      return end();
    }
    const { head, tokens, pace } = JSON.parse(wish[0]);
    const text = markdown(head + tokens * 4);
    for (let at = 0; at < head; at += 2000) response.write(event({ delta: text.slice(at, Math.min(head, at + 2000)) }));
    const started = Date.now();
    let said = 0;
    const timer = setInterval(() => {
      const due = Math.min(tokens, Math.floor(((Date.now() - started) / 1000) * pace));
      for (; said < due; said += 1) response.write(event({ delta: text.slice(head + said * 4, head + said * 4 + 4) }));
      if (said < tokens) return;
      clearInterval(timer);
      end();
    }, 10);
    response.once('close', () => clearInterval(timer));
  });
}
