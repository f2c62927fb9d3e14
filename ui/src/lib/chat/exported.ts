/**
 * A conversation as a file: Markdown to read, JSON to keep, CSV to count. Pure.
 * Belongs here: what the file says and is called. Does not belong here: where it is saved.
 */
import { csv } from '$lib/conversations/csv';
import type { Exchange } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import { failureText } from '$lib/text/failure';

export const FORMATS = ['markdown', 'json', 'csv'] as const;
export type ChatFormat = (typeof FORMATS)[number];

/** What the file says of itself. */
export interface ChatHead { id: string; name: string; at: Date }

const ENDINGS: Record<ChatFormat, string> = { markdown: 'md', json: 'json', csv: 'csv' };
const two = (n: number): string => String(n).padStart(2, '0');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** `harbour-desk-chat-2026-11-24.md`: without what file systems do not like. */
export function chatFileName({ name, at }: ChatHead, format: ChatFormat): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60).replace(/-$/, '').toLowerCase();
  return `${plain || 'agent'}-chat-${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}.${ENDINGS[format]}`;
}

export function chatFile(format: ChatFormat, head: ChatHead, exchanges: readonly Exchange[]): string {
  switch (format) {
    case 'markdown': return asMarkdown(head, exchanges);
    case 'json': return `${JSON.stringify({ instance: { id: head.id, name: head.name }, exportedAt: head.at.toISOString(), exchanges }, null, 2)}\n`;
    case 'csv': return asCsv(exchanges);
  }
}

/** One message and its reply as Markdown: what is copied, and what the file is made of. */
export function exchangeAsMarkdown(name: string, exchange: Exchange): string {
  const facts = [exchange.sentAt, exchange.tookMs === null ? '' : `${exchange.tookMs} ms`, exchange.tokens === null ? '' : m.chat_tokens({ count: exchange.tokens, shown: String(exchange.tokens) })];
  const end = endOf(exchange);
  return [
    `## ${m.chat_you()} · ${exchange.sentAt}`, '', exchange.message.trimEnd(), '',
    `## ${[oneLine(name), ...facts.slice(1)].filter(Boolean).join(' · ')}`,
    ...(exchange.reply === '' ? [] : ['', closed(exchange.reply.trimEnd())]),
    ...(end === '' ? [] : ['', `*${end}*`]),
  ].join('\n');
}

/** How a turn ended, where that is worth a word. */
function endOf({ state }: Exchange): string {
  switch (state.type) {
    case 'stopped': return m.chat_file_stopped();
    case 'mayHaveArrived': return m.chat_file_unknown();
    case 'failed': return m.chat_file_failed({ reason: oneLine(failureText(state.failure).title) });
    default: return '';
  }
}

/** A reply that ended inside a fence must not swallow what follows it in the file. */
function closed(markdown: string): string {
  let fence = '';
  for (const line of markdown.split('\n')) {
    const found = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    const [, signs = '', rest = ''] = found ?? [];
    if (signs === '') continue;
    if (fence === '') fence = signs;
    else if (signs.startsWith(fence) && rest.trim() === '') fence = '';
  }
  return fence === '' ? markdown : `${markdown}\n${fence}`;
}

function asMarkdown(head: ChatHead, exchanges: readonly Exchange[]): string {
  const top = [`# ${m.chat_file_title({ name: oneLine(head.name) })}`, '', `${m.chat_file_facts({ date: head.at.toISOString() })} · ${head.id}`];
  return `${[top.join('\n'), ...exchanges.map((exchange) => exchangeAsMarkdown(head.name, exchange))].join('\n\n')}\n`;
}

function asCsv(exchanges: readonly Exchange[]): string {
  const cell = (value: number | null): string => (value === null ? '' : String(value));
  return csv([
    ['number', 'sent_at', 'message', 'reply', 'state', 'took_ms', 'tokens'],
    ...exchanges.map(({ sentAt, message, reply, state, tookMs, tokens }, at) => [String(at + 1), sentAt, message, reply, state.type, cell(tookMs), cell(tokens)]),
  ]);
}
