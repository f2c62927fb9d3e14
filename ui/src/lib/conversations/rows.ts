/** A transcript as rows of a list: its messages, and a line where a new day begins. Pure. */
import type { TranscriptMessage } from '$lib/ipc/bindings';

export type Row =
  | { type: 'day'; key: string; at: string }
  | { type: 'message'; key: string; place: number; message: TranscriptMessage };

/** The day of a person at this computer; none where the time is not known. */
function localDay(at: string | null): string | null {
  const time = at === null ? Number.NaN : Date.parse(at);
  return Number.isNaN(time) ? null : new Date(time).toDateString();
}

export function transcriptRows(messages: readonly TranscriptMessage[]): Row[] {
  const rows: Row[] = [];
  let day: string | null = null;
  messages.forEach((message, place) => {
    const now = localDay(message.at);
    if (message.at !== null && now !== null && now !== day) {
      day = now;
      rows.push({ type: 'day', key: `day-${place}`, at: message.at });
    }
    rows.push({ type: 'message', key: `message-${place}`, place, message });
  });
  return rows;
}
