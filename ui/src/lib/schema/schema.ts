/**
 * What a JSON Schema is here (draft 7, with our own notes), and the one that the app carries. Does not belong here: reading a
 * schema (`nodes.ts`), checking a document against one.
 */

export type Schema = boolean | SchemaNode;

export interface SchemaNode {
  $ref?: string;
  $comment?: string;
  title?: string;
  description?: string;
  default?: unknown;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema | Schema[];
  additionalItems?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  required?: string[];
  definitions?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minItems?: number;
  maxItems?: number;
  /** Where it stands among its siblings; those without come after, as they are written. */
  'x-order'?: number;
  /** The heading it stands under among its siblings. */
  'x-group'?: string;
  /** All of it is for those who know. What lies inside is advanced as well and does not say so: ask `isAdvanced`. */
  'x-advanced'?: boolean;
  'x-secret'?: boolean;
  /** An address to read more at. */
  'x-docs'?: string;
  'x-placeholder'?: string;
  /** Words we do not read. */
  [word: string]: unknown;
}

export function isNode(schema: unknown): schema is SchemaNode {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema);
}

let openclaw: Promise<Schema> | undefined;

/** The schema we carry for a runtime; null where we have none, and its documents must speak for themselves (`infer.ts`). */
export async function loadSchema(runtimeType: string | null): Promise<Schema | null> {
  if (runtimeType !== 'expressclaw' && !runtimeType?.startsWith('openclaw')) return null;
  // As text: the compiler would otherwise make a type of half a megabyte, and what is not used is never parsed.
  openclaw ??= import('./openclaw.json?raw').then(({ default: text }) => JSON.parse(text) as Schema);
  try {
    return await openclaw;
  } catch (failure) {
    // A lost chunk is asked for again the next time.
    openclaw = undefined;
    throw failure;
  }
}
