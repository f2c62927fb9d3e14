/**
 * Reads a reply that grows. What is finished is read once and keeps its identity, so that the screen leaves it alone.
 * Belongs here: what is read again and what is not. Does not belong here: Markdown itself (read.ts), timing (the store).
 */
import { plain, readMarkdown } from './read';
import { splitChunks, type Chunk } from './split';
import type { Block } from './tree';
import { showHidden } from './visible';

/** A reply longer than this is shown as it is. */
export const MARKDOWN_LIMIT = 200_000;
/** Size of the pieces in which a very long reply is shown. */
const PIECE = 16_000;

/** Blocks that come and change together. */
export type Section = { key: number; blocks: Block[] };

/** What was read, and of what. */
type Kept = { section: Section; source: string; end: number };
type Fresh = { source: string; end: number; read: () => Block[] };

const DEFINITION = /^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S.*$/gm;

/** Keeps what was read of one reply. */
export class Reader {
  private text = '';
  private kept: Kept[] = [];
  private plainly = false;
  private definitions = '';

  /** The sections of the reply as it is now. Those that did not change are the same objects as before. */
  read(text: string): Section[] {
    const plainly = text.length > MARKDOWN_LIMIT;
    const definitions = plainly || !text.includes(']:') ? '' : (text.match(DEFINITION)?.join('\n') ?? '');
    // A definition that comes late gives earlier references their target: then all is looked at once more.
    if (!text.startsWith(this.text) || plainly !== this.plainly || definitions !== this.definitions) this.kept = [];
    this.text = text;
    this.plainly = plainly;
    this.definitions = definitions;
    // The last section may still change; those before it lie behind a place where cutting changes nothing.
    const settled = this.kept.slice(0, -1);
    const start = settled.at(-1)?.end ?? 0;
    const fresh = plainly ? pieces(text, start) : splitChunks(text, start).map((chunk) => fromChunk(chunk, definitions));
    const last = this.kept.at(settled.length);
    this.kept = settled.concat(
      fresh.map(({ source, end, read }, index) => {
        if (index === 0 && last?.source === source) return { ...last, end };
        return { section: { key: settled.length + index, blocks: read() }, source, end };
      }),
    );
    return this.kept.map((entry) => entry.section);
  }
}

function fromChunk(chunk: Chunk, definitions: string): Fresh {
  const { end } = chunk;
  if (chunk.type === 'markdown') return { source: chunk.source, end, read: () => readMarkdown(chunk.source, definitions) };
  const language = chunk.language === null ? null : showHidden(chunk.language);
  return { source: `${chunk.language ?? ''}\n${chunk.value}`, end, read: () => [{ type: 'code', language, value: showHidden(chunk.value) }] };
}

function pieces(text: string, start: number): Fresh[] {
  const found: Fresh[] = [];
  for (let from = start; from < text.length; ) {
    const source = text.slice(from, endOfPiece(text, from));
    from += source.length;
    found.push({ source, end: from, read: () => [plain(source)] });
  }
  return found;
}

/** Behind a line where there is one, and never between the halves of a character. */
function endOfPiece(text: string, from: number): number {
  const end = from + PIECE;
  if (end >= text.length) return text.length;
  const newline = text.lastIndexOf('\n', end - 1) + 1;
  if (newline > from) return newline;
  return (text.codePointAt(end - 1) ?? 0) > 0xffff ? end - 1 : end;
}
