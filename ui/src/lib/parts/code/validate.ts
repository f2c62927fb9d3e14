/**
 * What a schema says about a text, as places in it and words for a person. Interprets, never generates code.
 * Belongs here: choosing which of the checker's many errors to tell. Does not belong here: syntax (`syntax.ts`),
 * the words (`words.ts`), or when to check (`editor.ts`).
 */
import { Validator, type OutputUnit, type Schema as CheckedSchema, type SchemaDraft } from '@cfworker/json-schema';
import { m } from '$lib/paraglide/messages';
import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { Problem } from './problem';
import { isSchema, pathOf, pointed, type Schema } from './schema';
import { read } from './syntax';
import { wordsFor } from './words';

const MOST = 200;

/** These only say that something below them is wrong, and what is below says it itself. */
const WRAPPERS = new Set(['$ref', '$recursiveRef', 'properties', 'patternProperties', 'additionalProperties', 'unevaluatedProperties', 'items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'propertyNames', 'dependentSchemas', 'allOf', 'if']);
const CHOICES = new Set(['anyOf', 'oneOf']);

interface Checker { validator: Validator; schema: Schema }
const checkers = new WeakMap<object, Checker | null>();

const DRAFTS: Record<string, SchemaDraft> = { 'draft-04': '4', '2019-09': '2019-09', '2020-12': '2020-12' };

/** The checker writes into its schema, so it gets a copy; made once for each schema. */
function checkerOf(given: object): Checker | null {
  const known = checkers.get(given);
  if (known !== undefined) return known;
  let made: Checker | null = null;
  try {
    const schema = JSON.parse(JSON.stringify(given)) as Schema;
    const named = typeof schema.$schema === 'string' ? schema.$schema : '';
    const draft = Object.entries(DRAFTS).find(([part]) => named.includes(part))?.[1] ?? '7';
    made = { schema, validator: new Validator(schema as CheckedSchema, draft, false) };
  } catch {
    // A schema that contradicts itself (two parts under one address) checks nothing.
  }
  checkers.set(given, made);
  return made;
}

/** The part of the schema that holds the keyword an error is about. */
function holderOf(root: Schema, location: string): Schema {
  let at: unknown = root;
  for (const key of pathOf(location).slice(0, -1)) {
    if (key === '$ref' && isSchema(at) && typeof at.$ref === 'string') at = pointed(root, at.$ref);
    else if (Array.isArray(at)) at = at[Number(key)];
    else at = isSchema(at) ? at[key] : undefined;
  }
  return isSchema(at) ? at : {};
}

/** "Not allowed at all" is reported without its place in the schema: it is the wrapper's before it. */
const placed = (errors: readonly OutputUnit[]): OutputUnit[] =>
  errors.map((error, index) => (error.keyword === 'false' ? { ...error, keywordLocation: `${errors[index - 1]?.keywordLocation ?? '#'}/false` } : error));

/**
 * A choice that nothing fits reports the errors of every form. The form that was most likely meant is the one whose
 * type and constants fit and which has the fewest errors; if none stands out, the choice itself is the problem.
 */
function meant(choice: OutputUnit, below: readonly OutputUnit[]): OutputUnit[] {
  const forms = new Map<string, OutputUnit[]>();
  for (const error of below) {
    const form = error.keywordLocation.slice(choice.keywordLocation.length + 1).split('/')[0] ?? '';
    forms.set(form, [...(forms.get(form) ?? []), error]);
  }
  const here = (error: OutputUnit) => error.instanceLocation === choice.instanceLocation;
  const near = (error: OutputUnit) => here(error) || error.instanceLocation.split('/').length === choice.instanceLocation.split('/').length + 1;
  const cost = (errors: readonly OutputUnit[]) =>
    errors.reduce((sum, error) => sum + (error.keyword === 'type' && here(error) ? 1000 : (error.keyword === 'const' || error.keyword === 'enum') && near(error) ? 100 : 1), 0);
  const ranked = [...forms.values()].map((errors) => ({ errors, cost: cost(errors) })).sort((a, b) => a.cost - b.cost);
  const [best, second] = ranked;
  if (!best || best.cost >= 1000 || (second && second.cost === best.cost)) return [choice];
  return told(best.errors);
}

/** The errors that say something by themselves. */
function told(errors: readonly OutputUnit[]): OutputUnit[] {
  const out: OutputUnit[] = [];
  let skip = '';
  for (const error of errors) {
    if (skip && error.keywordLocation.startsWith(skip)) continue;
    skip = '';
    if (CHOICES.has(error.keyword)) {
      skip = `${error.keywordLocation}/`;
      const at = errors.indexOf(error) + 1;
      let end = at;
      while (end < errors.length && errors[end]?.keywordLocation.startsWith(skip)) end += 1;
      out.push(...meant(error, errors.slice(at, end)));
    } else if (!WRAPPERS.has(error.keyword)) out.push(error);
  }
  return out;
}

/** Where to point: a wrong value at itself, a missing or unknown key at a name, never at a whole large object. */
function placeOf(tree: Node, error: OutputUnit): { from: number; to: number } {
  let node: Node | undefined = tree;
  for (const key of pathOf(error.instanceLocation)) node = node && findNodeAtLocation(node, [node.type === 'array' ? Number(key) : key]);
  node ??= tree;
  const name = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  if (error.keyword === 'false' && name) node = name;
  else if (node.type === 'object' || node.type === 'array') {
    if (name) node = name;
    else return { from: node.offset, to: node.offset + 1 };
  }
  return { from: node.offset, to: node.offset + node.length };
}

/** A key written twice is legal JSON, but only the last one counts. */
function twice(node: Node, problems: Problem[]): void {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const name = child.type === 'property' ? child.children?.[0] : undefined;
    if (name) {
      if (seen.has(name.value)) problems.push({ from: name.offset, to: name.offset + name.length, message: m.parts_json_twice({ key: String(name.value) }), severity: 'warning' });
      seen.add(name.value);
    }
    twice(child, problems);
  }
}

/** What is wrong with the text: its syntax, or else what the schema and common sense say about its content. */
export function validate(text: string, schema: unknown): Problem[] {
  const outcome = read(text);
  if (!outcome.ok) return outcome.problems;
  const problems: Problem[] = [];
  try {
    const tree = parseTree(text);
    if (!tree) return [];
    twice(tree, problems);
    const checker = isSchema(schema) ? checkerOf(schema) : null;
    if (checker) {
      const seen = new Set<string>();
      for (const error of told(placed(checker.validator.validate(outcome.value).errors)).slice(0, MOST)) {
        const problem: Problem = { ...placeOf(tree, error), message: wordsFor(error, holderOf(checker.schema, error.keywordLocation)), severity: error.keyword === 'false' ? 'info' : 'warning' };
        const same = `${problem.from} ${problem.message}`;
        if (!seen.has(same)) problems.push(problem);
        seen.add(same);
      }
    }
  } catch {
    // A reference out of the document, a pattern nobody can read, a depth beyond the stack: the schema says nothing then.
  }
  return problems.sort((a, b) => a.from - b.from);
}
