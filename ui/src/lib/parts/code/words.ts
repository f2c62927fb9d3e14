/** What a schema's demand means, in words. Belongs here: one sentence for each keyword; not where or when it is told. */
import type { OutputUnit } from '@cfworker/json-schema';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { locale } from '$lib/text/locale';
import { number } from '$lib/text/number';
import { pathOf, typesOf, type Schema } from './schema';

/** Longer lists of choices are cut: the completion has them all. */
const SHOWN = 8;

export function typeWord(type: string): string {
  switch (type) {
    case 'string': return m.parts_json_type_string();
    case 'number': return m.parts_json_type_number();
    case 'integer': return m.parts_json_type_integer();
    case 'boolean': return m.parts_json_type_boolean();
    case 'array': return m.parts_json_type_array();
    case 'object': return m.parts_json_type_object();
    case 'null': return 'null';
    default: return type;
  }
}

const either = new Intl.ListFormat(locale, { type: 'disjunction' });

export const typeWords = (schemas: readonly Schema[]): string => either.format(typesOf(schemas).map(typeWord));

function choices(values: readonly unknown[]): string {
  const texts = values.slice(0, SHOWN).map((value) => JSON.stringify(value));
  return `${texts.join(', ')}${values.length > SHOWN ? ', …' : ''}`;
}

/** The checker names a missing key only inside its own sentence. */
const named = (error: string): string => /not have (?:required property )?"(.*)"/s.exec(error)?.[1] ?? '';

/** One sentence about an error; `holder` is the part of the schema that makes the demand. */
export function wordsFor(error: OutputUnit, holder: Schema): string {
  return showHidden(sentence(error, holder));
}

function sentence(error: OutputUnit, holder: Schema): string {
  const demand = holder[error.keyword];
  const amount = typeof demand === 'number' ? number(demand) : String(demand);
  switch (error.keyword) {
    case 'type': return m.parts_json_should_be({ type: typeWords([holder]) });
    case 'const': return m.parts_json_should_equal({ value: choices([demand]) });
    case 'enum': return m.parts_json_should_be_one({ values: choices(Array.isArray(demand) ? demand : []) });
    case 'required': return m.parts_json_missing({ key: named(error.error) });
    case 'false': return m.parts_json_unknown_key({ key: pathOf(error.instanceLocation).at(-1) ?? '' });
    case 'minimum': return m.parts_json_minimum({ amount });
    case 'maximum': return m.parts_json_maximum({ amount });
    case 'exclusiveMinimum': return m.parts_json_above({ amount });
    case 'exclusiveMaximum': return m.parts_json_below({ amount });
    case 'multipleOf': return m.parts_json_multiple({ amount });
    case 'minLength': return m.parts_json_min_length({ amount });
    case 'maxLength': return m.parts_json_max_length({ amount });
    case 'minItems': return m.parts_json_min_items({ amount });
    case 'maxItems': return m.parts_json_max_items({ amount });
    case 'minProperties': return m.parts_json_min_keys({ amount });
    case 'maxProperties': return m.parts_json_max_keys({ amount });
    case 'uniqueItems': return m.parts_json_unique();
    case 'pattern': return m.parts_json_pattern({ pattern: amount });
    case 'format': return m.parts_json_format({ format: amount });
    case 'dependencies':
    case 'dependentRequired': return m.parts_json_dependent({ key: named(error.error) });
    case 'not': return m.parts_json_forbidden();
    case 'anyOf':
    case 'oneOf': return m.parts_json_no_form();
    default: return m.parts_json_demand({ keyword: error.keyword });
  }
}
