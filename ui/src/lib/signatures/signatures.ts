/**
 * Known errors: what a line of a log or a message means, and what to do about it. The list is `signatures.json`: whoever
 * meets a new error adds it there, with a sample, and its words to `messages/en/history.json`.
 * Belongs here: matching. Does not belong here: how the acts are done (the screens), where lines come from.
 */
import { plainText } from '$lib/logs/ansi';
import { m } from '$lib/paraglide/messages';
import list from './signatures.json';

/** Where the person goes next. */
export type SignatureAct = 'logs' | 'config' | 'models' | 'rotateKey' | 'diagnose' | 'delete' | 'deploy' | 'none';
/** Words without inputs: the catalogue's keys for causes and actions. */
type Words = Extract<keyof typeof m, `signature_${string}`>;

export interface Signature {
  id: string;
  /** Source of a JavaScript regular expression; letters match in both cases, gaps are bounded. */
  pattern: string;
  /** Whether it keeps the agent from working, or only hinders it. */
  severity: 'bad' | 'warn';
  act: SignatureAct;
  cause: Words;
  action: Words;
  /** A line it was written for. */
  sample: string;
}

/** What was recognised, and in which text. */
export interface Recognised { signature: Signature; text: string }

/** Longer lines say what is wrong in their beginning. */
const LENGTH = 4_000;

export const SIGNATURES = list as readonly Signature[];
const patterns = SIGNATURES.map((signature) => ({ signature, pattern: new RegExp(signature.pattern, 'i') }));

/** The signature of one text, the first of the list that fits. */
export function signatureOf(text: string | null | undefined): Signature | null {
  const line = plainText((text ?? '').slice(0, LENGTH));
  if (line.trim() === '') return null;
  return patterns.find(({ pattern }) => pattern.test(line))?.signature ?? null;
}

/** The one to act on among several texts, the most telling text first. What stops the agent comes before what hinders it. */
export function recognise(texts: readonly (string | null | undefined)[]): Recognised | null {
  let hint: Recognised | null = null;
  for (const text of texts) {
    const signature = signatureOf(text);
    if (signature?.severity === 'bad') return { signature, text: text ?? '' };
    if (signature && !hint) hint = { signature, text: text ?? '' };
  }
  return hint;
}

export function causeOf(signature: Signature): string {
  return m[signature.cause]();
}

export function actionOf(signature: Signature): string {
  return m[signature.action]();
}
