/**
 * A long reply in pieces, so that only those in view are in the page, and only the last one changes while it grows.
 * Belongs here: where a cut changes nothing of how it reads. Does not belong here: reading Markdown (lib/markdown), rows.
 */
import { splitChunks } from '$lib/markdown/split';

/** A piece is closed at the first good place behind this many characters. */
const PIECE = 3_000;

/** Targets of links, which may stand anywhere in the reply. */
const DEFINITION = /^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S.*$/gm;

/** Keeps the pieces of one reply. */
export class Pieces {
  #text = '';
  #settled: string[] = [];
  #end = 0;
  #all: readonly string[] = [''];

  /** The pieces of the reply as it is now; an empty one for an empty reply. Those that are settled stay the same. */
  cut(text: string): readonly string[] {
    if (text === this.#text) return this.#all;
    if (!text.startsWith(this.#text)) {
      this.#settled = [];
      this.#end = 0;
    }
    this.#text = text;
    if (text.length - this.#end > PIECE) this.#settle(text);
    const rest = text.slice(this.#end);
    const settled = this.#withTargets(text);
    this.#all = rest.trim() === '' && settled.length > 0 ? settled : [...settled, rest];
    return this.#all;
  }

  /** What lies behind a cut will not change how the part before it reads: all chunks but the last are finished. */
  #settle(text: string): void {
    for (const chunk of splitChunks(text, this.#end).slice(0, -1)) {
      if (chunk.end - this.#end < PIECE) continue;
      this.#settled.push(text.slice(this.#end, chunk.end));
      this.#end = chunk.end;
    }
  }

  /** A link finds its target also where that stands in another piece. Targets themselves are not seen. */
  #withTargets(text: string): readonly string[] {
    const targets = this.#settled.length > 0 && text.includes(']:') ? text.match(DEFINITION)?.join('\n') : undefined;
    if (targets === undefined) return this.#settled.slice();
    return this.#settled.map((piece) => (piece.includes('[') ? `${piece}\n\n${targets}` : piece));
  }
}
