/** Who speaks: the closed set of roles behind the open set of words for them. Pure. */

export type Role = 'user' | 'assistant' | 'tool' | 'system' | 'unknown';

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['user', 'user'], ['human', 'user'], ['customer', 'user'], ['participant', 'user'], ['visitor', 'user'],
  ['assistant', 'assistant'], ['agent', 'assistant'], ['ai', 'assistant'], ['bot', 'assistant'], ['model', 'assistant'],
  ['tool', 'tool'], ['function', 'tool'], ['tool_result', 'tool'], ['tool_call', 'tool'],
  ['system', 'system'], ['developer', 'system'],
]);

export function roleOf(word: string | null): Role {
  return ROLES.get(word?.trim().toLowerCase() ?? '') ?? 'unknown';
}
