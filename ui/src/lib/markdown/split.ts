/**
 * Cuts a reply into chunks that can be read one by one, so that a growing reply is only read again at its end.
 * Belongs here: finding places where a cut changes nothing. Does not belong here: reading Markdown itself.
 */

/** A stretch of the reply. A fence is a code block in the first column: it needs no reading at all. */
export type Chunk =
  | { type: 'markdown'; source: string; end: number }
  | { type: 'fence'; language: string | null; value: string; closed: boolean; end: number };

/** From this size on a list is cut between its entries, and goes on as a list of its own. */
const LONG_LIST = 2_000;

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\s`]*)/;
/** A fence may also open behind the marks of lists. */
const INNER_FENCE = /^(?:[ \t]|[-+*][ \t]|\d{1,9}[.)][ \t])*(`{3,}(?=[^`]*$)|~{3,})/;
const ENTRY = /^(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)/;

/** A line that is still being written and may yet become an entry: nothing is cut before it. */
const UNFINISHED = /^\d{1,9}[.)]?$/;

const closes = (line: string, fence: string): boolean => {
  const bare = line.trim();
  return bare.length >= fence.length && bare === fence.charAt(0).repeat(bare.length);
};

/** The chunks of `text` from `start` on, in order. All but the last one will not change when more text comes. */
export function splitChunks(text: string, start = 0): Chunk[] {
  const chunks: Chunk[] = [];
  let at = start;
  let from = start;
  let inner: string | null = null;
  let blank = false;
  let list = false;

  const cut = (end: number): void => {
    const source = text.slice(from, end);
    if (source.trim() !== '') chunks.push({ type: 'markdown', source, end });
    from = end;
  };

  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 ? text.length : newline + 1;
    const line = text.slice(at, newline < 0 ? text.length : newline).replace(/\r$/, '');
    if (inner !== null) {
      if (closes(line, inner)) inner = null;
    } else if (line.trim() === '') {
      blank = true;
      at = next;
      continue;
    } else {
      const fence = /^[`~]/.test(line) ? FENCE.exec(line) : null;
      if (fence?.[1] !== undefined) {
        cut(at);
        const chunk = readFence(text, next, fence[1], fence[2] ?? '');
        chunks.push(chunk);
        at = from = chunk.end;
        blank = list = false;
        continue;
      }
      const entry = ENTRY.test(line);
      const unsure = newline < 0 && UNFINISHED.test(line);
      if (unsure) blank = false;
      if (entry ? list && at - from > LONG_LIST : blank && !/^[ \t]/.test(line)) {
        cut(at);
        list = false;
      }
      list ||= entry && at === from;
      inner = INNER_FENCE.exec(line)?.[1] ?? null;
    }
    blank = false;
    at = next;
  }
  cut(text.length);
  return chunks;
}

function readFence(text: string, start: number, fence: string, language: string): Chunk {
  let at = start;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 ? text.length : newline + 1;
    const line = text.slice(at, newline < 0 ? text.length : newline);
    if (/^ {0,3}[`~]/.test(line) && closes(line, fence)) {
      return { type: 'fence', language: language || null, value: body(text, start, at), closed: true, end: next };
    }
    at = next;
  }
  return { type: 'fence', language: language || null, value: body(text, start, text.length), closed: false, end: text.length };
}

/** What lies between the fences, without the last line break. */
function body(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/\r\n/g, '\n').replace(/\n$/, '');
}
