/** Masks: what a platform shows in place of a secret. A mask is never a value. The same rules as in the core (`config/masks.rs`). */

const MARK = '__OPENCLAW_REDACTED__';
const WORDS = new Set(['redacted', 'masked', 'hidden', 'secret']);

export function isMask(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const bare = value.trim();
  if (bare === MARK || /^(\*{3,}|•{3,})$/u.test(bare) || bare.includes('****') || bare.includes('••••')) return true;
  const word = bare.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '').toLowerCase();
  return bare.length > word.length + 1 && WORDS.has(word);
}

/** A reference to the environment: its name is no secret. */
export const isReference = (value: unknown): value is string => typeof value === 'string' && /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(value);
