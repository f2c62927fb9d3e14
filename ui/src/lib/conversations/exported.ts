/**
 * A transcript as a file: Markdown to read, JSON to keep, CSV to count. Pure.
 * Belongs here: what the file says. Does not belong here: where it is saved, what is asked before.
 */
import type { TranscriptMessage, TranscriptView } from '$lib/ipc/bindings';
import { csv } from './csv';
import { redact, redactValue } from './redact';
import { textOf } from './search';

export const FORMATS = ['markdown', 'json', 'csv'] as const;
export type ExportFormat = (typeof FORMATS)[number];

/** What the file says of itself. */
export interface ExportHead { instance: string; conversation: string; participant: string | null }

const ENDINGS: Record<ExportFormat, string> = { markdown: 'md', json: 'json', csv: 'csv' };

/** A name for the file: what it is, without what file systems do not like. */
export function exportName(head: ExportHead, format: ExportFormat, redacted: boolean): string {
  const plain = (text: string) => text.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).toLowerCase();
  const parts = [plain(head.instance) || 'instance', plain(head.conversation) || 'conversation', redacted ? 'redacted' : ''];
  return `${parts.filter(Boolean).join('_')}.${ENDINGS[format]}`;
}

export function exportText(format: ExportFormat, head: ExportHead, transcript: TranscriptView, redacted: boolean): string {
  const clean = redacted ? redact : (text: string) => text;
  switch (format) {
    case 'markdown': return asMarkdown(head, transcript, clean);
    case 'json': return `${JSON.stringify(redacted ? redactValue(transcript.whole) : transcript.whole, null, 2) ?? 'null'}\n`;
    case 'csv': return asCsv(transcript.messages, clean);
  }
}

/** A fence that nothing in the text can close. */
const fenced = (text: string, language: string): string => {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
};
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
const isThere = (value: unknown) => value !== null && value !== undefined;

function asMarkdown(head: ExportHead, transcript: TranscriptView, clean: (text: string) => string): string {
  const lines = [
    `# ${oneLine(clean(head.participant ?? head.conversation))}`, '',
    `- Instance: ${oneLine(clean(head.instance))}`, `- Conversation: ${head.conversation}`, `- Read: ${transcript.seenAt}`,
    ...(clean === redact ? ['- Redacted: yes'] : []),
  ];
  for (const message of transcript.messages) {
    const title = [oneLine(message.role ?? '') || 'unknown', message.at ?? ''].filter(Boolean).join(' · ');
    lines.push('', `## ${clean(title)}`);
    if (message.text) lines.push('', clean(message.text));
    if (isThere(message.other)) lines.push('', fenced(clean(JSON.stringify(message.other, null, 2)), 'json'));
  }
  if (transcript.messages.length === 0) lines.push('', fenced(clean(JSON.stringify(transcript.whole, null, 2) ?? ''), 'json'));
  return `${lines.join('\n')}\n`;
}

function asCsv(messages: readonly TranscriptMessage[], clean: (text: string) => string): string {
  const head = ['number', 'at', 'role', 'text'];
  return csv([head, ...messages.map((message, place) => [String(place + 1), message.at ?? '', clean(message.role ?? ''), clean(textOf(message))])]);
}
