/**
 * The outline of a document: each place with its value, what the schema says of it, and the places inside. Worked out when
 * asked for, and not again while nothing there has changed, so that a key press costs its own path alone.
 * Does not belong here: which places are shown (`rows.ts`), words.
 */
import { fieldKind, knownChildren, schemaAt, type FieldKind } from '$lib/schema/nodes';
import { isNode, type Schema } from '$lib/schema/schema';
import { isMask } from './masks';
import { put, stepOf, type Path } from './place';
import { child, Exact, isList, isObject, plain, type Json } from './value';

/** `property`: the schema names it; `entry`: of a map; `item`: of a list; `unknown`: the schema has no such key. */
export type Role = 'section' | 'property' | 'entry' | 'item' | 'unknown';

export interface Place {
  readonly id: string;
  readonly path: Path;
  readonly key: string;
  readonly role: Role;
  readonly kind: FieldKind;
  readonly schema: Schema;
  /** Undefined: not set. */
  readonly value: Json | undefined;
  readonly before: Json | undefined;
  readonly isAdvanced: boolean;
  readonly isRequired: boolean;
}

export type BranchKind = 'object' | 'map' | 'list';
export const isBranch = (place: Place): place is Place & { kind: BranchKind } => place.kind === 'object' || place.kind === 'map' || place.kind === 'list';

interface Known { shape: Schema; value: Json | undefined; before: Json | undefined; children: Place[] }

export class Outline {
  readonly schema: Schema;
  /** What the document is compared with. */
  readonly base: Json;
  #document: Json;
  #root: Place;
  readonly #places = new Map<string, Place>();
  readonly #inside = new Map<string, Known>();

  constructor(schema: Schema, base: Json, document: Json = base) {
    this.schema = schema;
    this.base = base;
    this.#document = document;
    this.#root = this.#makeRoot();
  }

  get document(): Json {
    return this.#document;
  }

  /** Looks at another state of the document. */
  follow(document: Json): void {
    if (document === this.#document) return;
    this.#document = document;
    this.#root = this.#makeRoot();
  }

  get root(): Place {
    return this.#root;
  }

  #makeRoot(): Place {
    return { id: '', path: [], key: '', role: 'section', kind: 'object', schema: this.schema, value: this.#document, before: this.base, isAdvanced: false, isRequired: true };
  }

  /** The place of a path; undefined where neither the document nor the schema leads. */
  find(path: Path): Place | undefined {
    let place: Place | undefined = this.#root;
    for (const key of path) place = place && this.children(place).find((inner) => inner.key === key);
    return place;
  }

  children(place: Place): Place[] {
    const known = this.#inside.get(place.id);
    const shape = this.schemaOf(place);
    if (known && known.value === place.value && known.before === place.before && isSameShape(known.shape, shape)) return known.children;
    const keep = known !== undefined && isSameShape(known.shape, shape);
    const children = place.kind === 'list' ? this.#items(place, keep) : this.#entries(place, shape, keep);
    this.#inside.set(place.id, { shape, value: place.value, before: place.before, children });
    return children;
  }

  /** The schema of a place as its value narrows it. */
  schemaOf({ path, value }: Place): Schema {
    return schemaAt(this.schema, path, value instanceof Exact ? put(this.#document, path, Number(value.text)) : this.#document);
  }

  /** What a new entry of a map or a list would be. */
  schemaOfNew(place: Place, key: string): Schema {
    return schemaAt(this.schema, [...place.path, key], this.#document);
  }

  #items(place: Place, keep: boolean): Place[] {
    const { value, before } = place;
    if (!isList(value)) return [];
    const wasList = isList(before) && before.length === value.length;
    return value.map((item, index) => this.#place(place, String(index), 'item', undefined, item, wasList ? before[index] : undefined, keep));
  }

  #entries(place: Place, shape: Schema, keep: boolean): Place[] {
    const children: Place[] = [];
    const told = place.kind === 'object' ? knownChildren(shape) : [];
    const names = new Set(told.map(({ key }) => key));
    for (const { key, schema, isRequired } of told) children.push(this.#place(place, key, place.id === '' ? 'section' : 'property', { schema, isRequired }, child(place.value, key), child(place.before, key), keep));
    const role = place.kind === 'map' ? 'entry' : 'unknown';
    const own = isObject(place.value) ? Object.keys(place.value) : [];
    const gone = isObject(place.before) ? Object.keys(place.before).filter((key) => child(place.value, key) === undefined) : [];
    for (const key of [...own, ...gone]) if (!names.has(key)) children.push(this.#place(place, key, place.id === '' ? 'section' : role, undefined, child(place.value, key), child(place.before, key), keep));
    return children;
  }

  #place(parent: Place, key: string, role: Role, told: { schema: Schema; isRequired: boolean } | undefined, value: Json | undefined, before: Json | undefined, keep: boolean): Place {
    const id = parent.id + stepOf(key);
    const known = this.#places.get(id);
    if (known && keep && known.value === value && known.before === before) return known;
    const path = [...parent.path, key];
    const document = value instanceof Exact ? put(this.#document, path, Number(value.text)) : value === undefined ? put(this.#document, path, plain(before) as Json | undefined) : this.#document;
    const schema = told?.schema ?? schemaAt(this.schema, path, document);
    const shown = value ?? before;
    // An entry of a list of secrets has its list's name.
    const name = role === 'item' ? parent.key : key;
    const kind = isMask(shown) ? 'secret' : fieldKind(schema, plain(shown), name);
    const place: Place = {
      id, path, key, kind, schema, value, before,
      role: role === 'unknown' && schema !== false ? 'entry' : role,
      isAdvanced: isNode(schema) && schema['x-advanced'] === true,
      isRequired: told?.isRequired ?? false,
    };
    this.#places.set(id, place);
    return place;
  }
}

/** Narrowing makes a new node each time; what it says of the inside stays the same. */
function isSameShape(one: Schema, other: Schema): boolean {
  if (one === other || !isNode(one) || !isNode(other)) return one === other;
  return one.properties === other.properties && one.items === other.items && one.additionalProperties === other.additionalProperties && one.patternProperties === other.patternProperties && one.anyOf === other.anyOf && one.oneOf === other.oneOf;
}

/** What a person knows an entry of a list by. */
export function nameOf(value: Json | undefined): string | null {
  for (const key of ['name', 'id', 'label', 'title', 'key']) {
    const name = child(value, key);
    if (isObject(value) && typeof name === 'string' && name.trim() !== '' && !isMask(name)) return name;
  }
  return null;
}

/** The value that a new entry begins with. */
export function firstValue(kind: FieldKind, told: unknown): Json {
  if (told !== undefined && (told === null || typeof told !== 'object')) return told as Json;
  switch (kind) {
    case 'object': case 'map': return {};
    case 'list': return [];
    case 'boolean': return false;
    case 'number': case 'integer': return 0;
    case 'json': return null;
    default: return '';
  }
}
