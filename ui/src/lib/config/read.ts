/**
 * JSON text becomes values, without rounding a number and without giving a key called `__proto__` any power. Fast enough for
 * some megabytes at once. Says where a text stops being JSON; the words for that are the screen's.
 */
import { Exact, type Json } from './value';

/** As deep as the core reads. */
const DEEP = 127;

export type Mistake = 'end' | 'unexpected' | 'text' | 'deep';

/** The text is no JSON. */
export class NotJson extends Error {
  constructor(readonly mistake: Mistake, readonly offset: number) {
    super(`${mistake} at ${offset}`);
  }
}

export function readJson(text: string): Json {
  return new Reader(text).document();
}

/** Line and column of an offset, both from 1. */
export function placeIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly [string, Json][] = [['true', true], ['false', false], ['null', null]];

class Reader {
  #at = 0;
  #depth = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('unexpected');
    return value;
  }

  #value(): Json {
    this.#space();
    const sign = this.#text[this.#at];
    if (sign === '"') return this.#string();
    if (sign === '{') return this.#inside(() => this.#object());
    if (sign === '[') return this.#inside(() => this.#list());
    return this.#number() ?? this.#word();
  }

  #inside<T>(read: () => T): T {
    if (++this.#depth > DEEP) this.#fail('deep');
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(): Json {
    const object: Record<string, Json> = {};
    this.#at += 1;
    if (this.#next('}')) return object;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#fail('unexpected');
      const key = this.#string();
      if (!this.#next(':')) this.#fail('unexpected');
      const value = this.#value();
      if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      else object[key] = value;
    } while (this.#next(','));
    if (!this.#next('}')) this.#fail('unexpected');
    return object;
  }

  #list(): Json {
    const list: Json[] = [];
    this.#at += 1;
    if (this.#next(']')) return list;
    do list.push(this.#value());
    while (this.#next(','));
    if (!this.#next(']')) this.#fail('unexpected');
    return list;
  }

  #string(): string {
    const from = this.#at;
    let plain = true;
    for (let at = from + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 34) {
        this.#at = at + 1;
        return plain ? this.#text.slice(from + 1, at) : this.#escaped(from, at + 1);
      }
      if (code === 92) {
        plain = false;
        at += 1;
      } else if (code < 32) {
        this.#at = at;
        this.#fail('text');
      }
    }
    this.#at = this.#text.length;
    return this.#fail('end');
  }

  #escaped(from: number, to: number): string {
    try {
      return JSON.parse(this.#text.slice(from, to)) as string;
    } catch {
      this.#at = from;
      return this.#fail('text');
    }
  }

  #number(): Json | undefined {
    NUMBER.lastIndex = this.#at;
    const written = NUMBER.exec(this.#text)?.[0];
    if (written === undefined) return undefined;
    this.#at += written.length;
    const value = Number(written);
    return String(value) === written ? value : new Exact(written);
  }

  #word(): Json {
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#fail('unexpected');
  }

  #space(): void {
    let code = this.#text.charCodeAt(this.#at);
    while (code === 32 || code === 10 || code === 13 || code === 9) code = this.#text.charCodeAt(++this.#at);
  }

  /** Goes past a sign if it is the next. */
  #next(sign: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #fail(mistake: Mistake): never {
    throw new NotJson(this.#at >= this.#text.length ? 'end' : mistake, Math.min(this.#at, this.#text.length));
  }
}
