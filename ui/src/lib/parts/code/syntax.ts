/**
 * Whether a text is JSON, and where it stops being it.
 * `JSON.parse` decides (fast, exact); only when it refuses is the text read again for the places.
 */
import { m } from '$lib/paraglide/messages';
import { printParseErrorCode, visit } from 'jsonc-parser';
import type { Problem } from './problem';

/** More at once help nobody: the first mistake causes most of the others. */
const MOST = 20;

export type Read = { ok: true; value: unknown } | { ok: false; problems: Problem[] };

function words(code: number): string {
  switch (printParseErrorCode(code)) {
    case 'InvalidNumberFormat':
    case 'UnexpectedEndOfNumber': return m.parts_json_bad_number();
    case 'PropertyNameExpected': return m.parts_json_name_expected();
    case 'ValueExpected': return m.parts_json_value_expected();
    case 'ColonExpected': return m.parts_json_colon_expected();
    case 'CommaExpected': return m.parts_json_comma_expected();
    case 'CloseBraceExpected': return m.parts_json_brace_expected();
    case 'CloseBracketExpected': return m.parts_json_bracket_expected();
    case 'EndOfFileExpected': return m.parts_json_end_expected();
    case 'InvalidCommentToken':
    case 'UnexpectedEndOfComment': return m.parts_json_comment();
    case 'UnexpectedEndOfString': return m.parts_json_string_end();
    case 'InvalidUnicode':
    case 'InvalidEscapeCharacter': return m.parts_json_escape();
    case 'InvalidCharacter': return m.parts_json_character();
    default: return m.parts_json_symbol();
  }
}

class Enough extends Error {}

function places(text: string, most: number): Problem[] {
  const problems: Problem[] = [];
  try {
    visit(text, {
      onError(code, offset, length) {
        const from = Math.min(offset, text.length);
        problems.push({ from, to: Math.min(from + length, text.length), message: words(code), severity: 'error' });
        if (problems.length >= most) throw new Enough();
      },
    }, { disallowComments: true });
  } catch (thrown) {
    // Nested deeper than the stack: what was found so far stands.
    if (!(thrown instanceof Enough || thrown instanceof RangeError)) throw thrown;
  }
  return problems;
}

/** The value of the text, or what keeps it from being JSON: the first `most` mistakes. */
export function read(text: string, most = MOST): Read {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    if (text.trim() === '') return { ok: false, problems: [{ from: 0, to: text.length, message: m.parts_json_empty(), severity: 'error' }] };
    const problems = places(text, most);
    return { ok: false, problems: problems.length > 0 ? problems : [{ from: 0, to: text.length, message: m.parts_json_symbol(), severity: 'error' }] };
  }
}
