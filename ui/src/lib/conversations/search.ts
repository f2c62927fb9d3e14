/** Finding words in what is already here. Pure. */
import type { ConversationRow, TranscriptMessage } from '$lib/ipc/bindings';

const words = (query: string) => query.toLowerCase().split(/\s+/).filter(Boolean);

/** Rows that hold every word somewhere in participant, summary or id. */
export function matchingRows(rows: readonly ConversationRow[], query: string): ConversationRow[] {
  const wanted = words(query);
  return rows.filter((row) => {
    const text = `${row.participant ?? ''}\n${row.summary ?? ''}\n${row.id}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** The places of the messages that hold the whole text, also within what is no plain text. */
export function matchingMessages(messages: readonly TranscriptMessage[], query: string): number[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  return messages.flatMap((message, place) => (textOf(message).toLowerCase().includes(wanted) ? [place] : []));
}

/** All that can be read of a message. */
export function textOf(message: TranscriptMessage): string {
  const other = message.other === null || message.other === undefined ? '' : JSON.stringify(message.other);
  return [message.text ?? '', other].filter(Boolean).join('\n');
}
