/** A model server that speaks the OpenAI interface, and whose models always think the same. It remembers what it was asked, and may refuse every key. */
import { createServer } from 'node:http';

/** @param {{ models: Record<string, string> }} options what each model answers, by its name */
export async function startModelServer({ models }) {
  const asked = [];
  let refuses = false;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    asked.push({ path: request.url, key: request.headers.authorization ?? null, body });
    const json = (value, status = 200) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (refuses) return json({ error: { message: 'Incorrect API key provided.', type: 'invalid_request_error', param: null, code: 'invalid_api_key' } }, 401);
    if (request.url === '/v1/models') return json({ object: 'list', data: Object.keys(models).map((id) => ({ id, object: 'model' })) });
    const { model, stream } = JSON.parse(body || '{}');
    const answer = models[model];
    if (answer === undefined) return json({ error: { message: `The model ${model} does not exist.`, type: 'invalid_request_error', param: 'model', code: 'model_not_found' } }, 404);
    const whole = { id: 'c1', created: 1, model };
    const usage = { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 };
    if (!stream) {
      return json({ ...whole, object: 'chat.completion', usage, choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: answer } }] });
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const say = (value) => response.write(`data: ${JSON.stringify({ ...whole, object: 'chat.completion.chunk', ...value })}\n\n`);
    const choice = (value) => say({ choices: [{ index: 0, finish_reason: null, delta: {}, ...value }] });
    choice({ delta: { role: 'assistant', content: '' } });
    for (const word of answer.split(/(?<= )/)) choice({ delta: { content: word } });
    choice({ finish_reason: 'stop' });
    say({ choices: [], usage });
    response.end('data: [DONE]\n\n');
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    asked,
    refuse: (wanted = true) => { refuses = wanted; },
    url: `http://127.0.0.1:${server.address().port}/v1`,
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}
