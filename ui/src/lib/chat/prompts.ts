/**
 * Texts worth sending again. Pure. Belongs here: their limits, their blanks, finding them.
 * Does not belong here: keeping them (the core), asking for what goes into the blanks (the library's dialog).
 */
import type { Prompt } from '$lib/ipc/bindings';

/** Most characters of a title and of a text, counted as the core counts them. */
export const TITLE_LIMIT = 120;
export const TEXT_LIMIT = 8_000;

/** `{{name}}`: letters, digits, spaces, a few signs. */
const BLANK = /\{\{[ \t]*([\p{L}\p{N}_](?:[\p{L}\p{N}_ .-]{0,38}[\p{L}\p{N}_])?)[ \t]*\}\}/gu;

/** The names of a text's blanks, each once, in order. */
export function blanksOf(text: string): string[] {
  return [...new Set([...text.matchAll(BLANK)].map((match) => match[1] ?? ''))];
}

/** The text with its blanks filled in. What is filled in is not looked at again. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(BLANK, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : whole));
}

/** A title for a text that has none yet: the beginning of its first line. */
export function titleOf(text: string): string {
  const line = text.trim().split('\n', 1)[0]?.trim() ?? '';
  const characters = [...line];
  return characters.length <= 60 ? line : `${characters.slice(0, 59).join('').trimEnd()}…`;
}

/** Prompts that hold every word somewhere; those with all of it in the title come first. */
export function matching(prompts: readonly Prompt[], query: string): Prompt[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...prompts];
  const within = (text: string): boolean => words.every((word) => text.includes(word));
  const found = prompts.filter((prompt) => within(`${prompt.title}\n${prompt.text}`.toLowerCase()));
  return found.sort((a, b) => Number(within(b.title.toLowerCase())) - Number(within(a.title.toLowerCase())));
}
