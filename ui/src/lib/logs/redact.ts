/**
 * What looks like a secret or like a person is taken out of text that leaves the app as a copy. By shape: it knows no
 * document. The core does the same for what is saved; the shapes are those of its `redact.rs`.
 */

const MARK = '[redacted]';

/** Keys with their value, tokens of known makers, opaque words, e-mail addresses, numbers of cards and telephones. */
const SHAPES: readonly RegExp[] = [
  /(\b(?:api[_-]?key|token|secret|password|passwd|authorization|bearer)\b["']?\s{0,3}[:=]?\s{0,3}["']?(?:(?:bearer|basic)\s{1,3})?)[^\s"',;]{6,}/gi,
  /(?:hc_(?:live|test)_|\b(?:sk-|xox[a-z]-|gh[pousr]_|AKIA|AIza))[A-Za-z0-9_-]{8,}/g,
  /\b\d{6,10}:[A-Za-z0-9_-]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,24}\b/g,
  /(?:\+|\b)\d(?:[ -]?\d){10,18}\b/g,
];

/** The text without what must not leave. */
export function redact(text: string): string {
  return SHAPES.reduce((rest, shape) => rest.replace(shape, (_, kept: unknown) => `${typeof kept === 'string' ? kept : ''}${MARK}`), text);
}
