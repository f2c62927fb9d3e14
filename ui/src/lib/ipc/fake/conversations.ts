/**
 * Consent and conversations of the fake core. Trouble on demand: a purpose with `refuse` in it answers 403, one with
 * `lost` that it may have arrived. The third conversation has thousands of messages, the fourth can not be asked for,
 * and agents whose name holds `Ledger` answer with something that is no list.
 */
import type { Code, ConsentView, ConversationRow, Failure, TranscriptMessage } from '../bindings';
import type { Ipc } from '../ipc';
import { answerTo } from './chat';
import type { FakeCore } from './core';

const HOUR = 3_600_000;
const refuse = (code: Code, detail: string): never => {
  throw { code, detail } satisfies Failure;
};
const at = (ago: number) => new Date(Date.now() - ago).toISOString();

const PEOPLE = ['Ada Lovelace', '+49 151 2345678', 'guest-4471', 'Marlow & Sons', 'jo@harbour.example', null];
const TOPICS = ['Which of tomorrow’s bookings still have no deposit?', 'Is the blue boat free on Sunday?', 'I can not open the gate, the code does not work', 'Please move us to 13:00', null, 'How do I cancel?'];

const LOCKED: ConsentView = { state: 'locked', knownAt: null, from: null, purpose: null, grantedAt: null, purged: 0 };

function makeRows(count: number): ConversationRow[] {
  return Array.from({ length: count }, (_, place) => ({
    id: place === 3 ? 'not an id/../of ours' : `chat:${4471 - place}`,
    readable: place !== 3,
    participant: PEOPLE[place % PEOPLE.length] ?? null,
    startedAt: at(place * 5 * HOUR + HOUR),
    lastMessageAt: at(place * 5 * HOUR + 12 * 60_000),
    messageCount: place === 2 ? 4_000 : 2 + ((place * 7) % 30),
    summary: TOPICS[place % TOPICS.length] ?? null,
  }));
}

function makeMessages(count: number): TranscriptMessage[] {
  const start = Date.now() - Math.max(count * 9 * 60_000, 26 * HOUR);
  return Array.from({ length: count }, (_, place): TranscriptMessage => {
    const message = { at: new Date(start + place * 9 * 60_000).toISOString(), other: null as unknown };
    if (place === 0) return { ...message, role: 'system', text: 'You answer guests of the harbour. Be brief, and never promise a boat that is not free.' };
    switch (place % 5) {
      case 1: return { ...message, role: 'user', text: `${TOPICS[place % TOPICS.length] ?? 'Hello'} You can reach me at ada@mail.example or +49 151 2345678.` };
      case 2: return { ...message, role: 'tool', text: null, other: { name: 'find_bookings', arguments: { day: 'tomorrow', deposit: null }, result: [{ at: '09:30', what: 'sailing course', places: 2 }] } };
      case 3: return { ...message, role: 'assistant', text: answerTo('which list') };
      case 4: return { ...message, role: 'user', text: 'At 18:00, and tell me who answered by nine.' };
      default: return { ...message, role: place % 2 ? 'reviewer' : 'assistant', text: 'Done. I have noted it.' };
    }
  });
}

export function fakeConversations(core: FakeCore): Pick<Ipc, 'getConsent' | 'setConsent' | 'listConversations' | 'getConversation'> {
  const consents = new Map<string, ConsentView>();
  const now = (id: string): ConsentView => consents.get(id) ?? { ...LOCKED, state: 'unknown' };
  const keep = (id: string, view: ConsentView) => {
    consents.set(id, { ...view, purged: 0 });
    return view;
  };
  /** As the platform does: closed unless it was opened. */
  const requireConsent = (id: string, operation: string) => {
    if (now(id).state === 'granted') return;
    keep(id, { ...LOCKED, knownAt: at(0), from: 'conversations' });
    refuse({ type: 'notAllowed', operation, scope: 'instances:read', message: 'Conversation access requires consent' }, '403 {"detail":"Conversation access requires consent"}');
  };
  const nameOf = (id: string) => core.instance(id).summary?.agent_name ?? '';

  return {
    getConsent: (id) => core.answer(() => now(id)),
    setConsent: (id, granted, purpose) => core.write(() => {
      if (/refuse/i.test(purpose)) refuse({ type: 'notAllowed', operation: 'update_consent', scope: 'instances:write', message: 'Only the owner or a tenant admin may change consent' }, '403');
      if (/lost/i.test(purpose)) refuse({ type: 'mayHaveArrived' }, 'connection reset after sending');
      return keep(id, { state: granted ? 'granted' : 'locked', knownAt: at(0), from: 'answer', purpose: granted ? purpose : null, grantedAt: granted ? at(/long ago/i.test(purpose) ? 1.2 * HOUR : 0) : null, purged: granted ? 0 : 2 });
    }),
    listConversations: (id, limit) => core.write(() => {
      requireConsent(id, 'list_conversations');
      if (/Ledger/.test(nameOf(id))) return { rows: [], total: null, other: { sessions: [{ key: 'main', turns: 12 }, { key: 'night', turns: 3 }], cursor: null }, seenAt: at(0), source: 'live' as const };
      const rows = /Clinic/.test(nameOf(id)) ? [] : makeRows(63);
      return { rows: rows.slice(0, limit), total: rows.length, other: null, seenAt: at(0), source: 'live' as const };
    }),
    getConversation: (id, conversation) => core.write(() => {
      requireConsent(id, 'get_conversation');
      const row = makeRows(63).find((known) => known.id === conversation && known.readable);
      if (!row) return refuse({ type: 'notFound', message: 'Conversation not found' }, '404');
      const messages = row.messageCount === 5 ? [] : makeMessages(row.messageCount ?? 2);
      const whole = { conversation_id: row.id, participant: row.participant, messages: messages.map(({ role, text, at: created_at, other }) => ({ role, content: text ?? other, created_at })) };
      return { messages, whole, seenAt: at(0), source: 'live' as const };
    }),
  };
}
