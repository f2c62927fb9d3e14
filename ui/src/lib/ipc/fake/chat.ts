/**
 * Agents that answer: Markdown of every kind, in pieces as they would come over the wire, each agent at its own pace.
 * “Clinic intake” has a conversation of two thousand messages. A message with the word `long` is answered with 100 KB at a
 * hundred words a second, one with `longest` begins with most of it; `lost`, `fail` and `busy` go wrong in their ways.
 */
import type { Exchange, Failure } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const LIST = `Two bookings for tomorrow have no deposit yet:

| when | what | due |
| --- | --- | ---: |
| 09:30 | sailing course, 2 places | €80 |
| 13:00 | boat hire, 3 hours | €120 |

Here is a short reminder that fits both:

> Your booking for tomorrow waits for its deposit. The link is valid until 18:00.

Shall I send it **now**, or at 18:00 when they usually answer?`;

const CODE = `This is the query I used:

\`\`\`sql
select guest, starts_at, deposit
from bookings
where starts_at::date = current_date + 1 and deposit is null;
\`\`\`

1. It looks at tomorrow alone.
2. Cancelled bookings are not in the table.

More in [the manual](https://docs.example.org/bookings).`;

const PLAIN = 'Done. I have noted it and will come back to you when something changes.';

const LONG = /\blong(?:est)?\b/i;

/** 100 KB of paragraphs, lists, tables and code. */
const long = (): string => {
  const parts = [LIST, CODE, PLAIN];
  let text = '';
  for (let at = 1; text.length < 100_000; at += 1) text += `## Part ${at}\n\n${parts[at % parts.length] ?? PLAIN}\n\n`;
  return text;
};

export function answerTo(message: string): string {
  if (LONG.test(message)) return long();
  if (/code|query|how/i.test(message)) return CODE;
  if (/book|list|which|deposit/i.test(message)) return LIST;
  return PLAIN;
}

/** A reply in pieces of a word or two. */
export function pieces(reply: string): string[] {
  return reply.match(/\S+\s*|\s+/g) ?? [];
}

const MINUTE = 60_000;
const ASKED = ['Which bookings have no deposit?', 'How did you find them? Show the query.', 'Thank you, remind me on Friday.', 'List what is open for tomorrow.', 'Did the boat hire answer?'];

/** A conversation of earlier days. */
function past(count: number): Exchange[] {
  const end = Date.now() - 90 * MINUTE;
  return Array.from({ length: count }, (_, at): Exchange => {
    const message = `${ASKED[at % ASKED.length] ?? ''}${count > 10 ? ` (${at + 1})` : ''}`;
    const stopped = at % 97 === 96;
    const reply = answerTo(message);
    return {
      id: `past-${at}`, sentAt: new Date(end - (count - at) * 37 * MINUTE).toISOString(), message, reply: stopped ? reply.slice(0, 60) : reply,
      state: { type: stopped ? 'stopped' : 'complete' }, tookMs: 1_400 + (at % 7) * 830, tokens: Math.round(reply.length / 3.6),
    };
  });
}

type ChatIpc = Pick<Ipc, 'getTranscript' | 'sendMessage' | 'stopWaiting' | 'clearTranscript'>;

export function fakeChat(core: FakeCore): ChatIpc {
  const transcripts = new Map<string, Exchange[]>();
  const stops = new Map<string, () => void>();
  /** What was said before this window opened. */
  const kept = (id: string): Exchange[] => {
    const known = transcripts.get(id);
    if (known) return known;
    const name = core.pace > 0 ? core.instance(id).summary?.agent_name : null;
    const begun = name === 'Harbour desk' ? past(3) : name === 'Clinic intake' ? past(2_000) : [];
    transcripts.set(id, begun);
    return begun;
  };
  const refusalFor = (text: string, id: string): Failure | null => {
    if (stops.has(id) || /\bbusy\b/i.test(text)) return { code: { type: 'conflict', message: null }, detail: '409 a turn is going on already' };
    if (/\bfail\b/i.test(text)) return { code: { type: 'serverFailed', status: 503, message: 'The agent does not answer' }, detail: '503 {"detail":"The agent does not answer"}' };
    return core.refusal();
  };

  return {
    getTranscript: (id) => core.answer(() => structuredClone(kept(id))),
    sendMessage: (id, exchangeId, text, onPart) => {
      const start = Date.now();
      const exchange: Exchange = { id: exchangeId, sentAt: new Date(start).toISOString(), message: text, reply: '', state: { type: 'sending' }, tookMs: null, tokens: null };
      const refused = refusalFor(text, id);
      transcripts.set(id, [...kept(id), exchange]);
      const whole = answerTo(text);
      const head = /\blongest\b/i.test(text) ? whole.slice(0, 95_000) : '';
      const parts = [head, ...pieces(whole.slice(head.length))].filter((part) => part !== '');
      // Each agent has its own pace.
      const slow = 0.5 + (parseInt(id.slice(-2), 16) || 0) / 170;
      const step = LONG.test(text) ? Math.min(10, core.pace) : (core.pace / 3) * slow;
      return new Promise((resolve) => {
        const end = (state: Exchange['state']) => {
          stops.delete(id);
          Object.assign(exchange, { state, tookMs: Date.now() - start, tokens: exchange.reply === '' ? null : Math.round(exchange.reply.length / 3.6) });
          if (state.type === 'complete') onPart({ type: 'done' });
          resolve({ ...exchange });
        };
        if (refused) return core.later(core.pace * 2, () => end({ type: 'failed', failure: refused }));
        if (/\blost\b/i.test(text)) return core.later(core.pace * 3, () => end({ type: 'mayHaveArrived' }));
        stops.set(id, () => end({ type: 'stopped' }));
        const tell = (index: number) => {
          if (!stops.has(id)) return;
          const part = parts[index];
          if (part === undefined) return end({ type: 'complete' });
          exchange.state = { type: 'answering' };
          exchange.reply += part;
          onPart({ type: 'text', value: part });
          core.later(step, () => tell(index + 1));
        };
        core.later(core.pace * 8 * slow, () => tell(0));
      });
    },
    stopWaiting: (id) => core.answer(() => stops.get(id)?.()),
    clearTranscript: (id) => core.answer(() => void transcripts.set(id, [])),
  };
}
