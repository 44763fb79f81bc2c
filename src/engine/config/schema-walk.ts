import { childPointer } from './pointer.ts';
import type { SchemaNode, SchemaSet } from './schema-set.ts';
import { isPlainMap, plainMap, type PlainMap } from './yaml-value.ts';

/** A schema and the file of schemas it stands in, against which its references are read. */
interface Scoped {
  readonly schema: SchemaNode;
  readonly base: SchemaNode;
}

/** A field of a document that a schema gives a certain format. */
export interface FormatField {
  /** JSON pointer. */
  readonly path: string;
  readonly value: unknown;
}

/** What a schema, with all it refers to, says of values of one shape. */
interface Shape {
  readonly properties: ReadonlyMap<string, Scoped>;
  readonly others: Scoped | undefined;
  readonly items: Scoped | undefined;
  readonly formats: ReadonlySet<unknown>;
  /** The schema that holds a default. */
  readonly defaulted: SchemaNode | undefined;
}

function fits({ type }: SchemaNode, isMap: boolean): boolean {
  return type === undefined || (type === 'object') === isMap;
}

/** The schema, what it refers to, and those of its alternatives that fit the value's shape. */
function applicable(set: SchemaSet, { schema, base }: Scoped, isMap: boolean): Scoped[] {
  const found: Scoped[] = [{ schema, base }];
  const reference = schema['$ref'];
  const target = typeof reference === 'string' ? set.resolve(reference, base) : undefined;
  if (target) found.push(...applicable(set, target, isMap));
  const alternatives = schema['oneOf'];
  if (!Array.isArray(alternatives)) return found;
  for (const alternative of alternatives.filter(isPlainMap)) {
    if (fits(alternative, isMap)) found.push(...applicable(set, { schema: alternative, base }, isMap));
  }
  return found;
}

function propertiesOf(scopes: readonly Scoped[]): Map<string, Scoped> {
  const properties = new Map<string, Scoped>();
  for (const { schema, base } of scopes) {
    if (!isPlainMap(schema['properties'])) continue;
    for (const [name, field] of Object.entries(schema['properties'])) {
      if (isPlainMap(field) && !properties.has(name)) properties.set(name, { schema: field, base });
    }
  }
  return properties;
}

function under(scopes: readonly Scoped[], keyword: 'items' | 'additionalProperties'): Scoped | undefined {
  for (const { schema, base } of scopes) {
    const child = schema[keyword];
    if (isPlainMap(child)) return { schema: child, base };
  }
  return undefined;
}

/** Documents are many and schemas few: each is looked through once for mappings and once for everything else. */
export interface SchemaWalk {
  readonly set: SchemaSet;
  readonly ofMaps: Map<SchemaNode, Shape>;
  readonly ofOthers: Map<SchemaNode, Shape>;
}

export function createSchemaWalk(set: SchemaSet): SchemaWalk {
  return { set, ofMaps: new Map(), ofOthers: new Map() };
}

function shapeOf(walk: SchemaWalk, scope: Scoped, value: unknown): Shape {
  const isMap = isPlainMap(value);
  const known = isMap ? walk.ofMaps : walk.ofOthers;
  const before = known.get(scope.schema);
  if (before) return before;
  const scopes = applicable(walk.set, scope, isMap);
  const shape: Shape = {
    properties: propertiesOf(scopes),
    others: under(scopes, 'additionalProperties'),
    items: under(scopes, 'items'),
    formats: new Set(scopes.map(({ schema }) => schema['format'])),
    defaulted: scopes.find(({ schema }) => 'default' in schema)?.schema,
  };
  known.set(scope.schema, shape);
  return shape;
}

function completeMap(walk: SchemaWalk, { properties, others }: Shape, map: PlainMap): PlainMap {
  const result = plainMap();
  for (const [key, value] of Object.entries(map)) {
    const scope = properties.get(key) ?? others;
    result[key] = scope ? completeValue(walk, scope, value) : value;
  }
  for (const [key, scope] of properties) {
    if (key in result) continue;
    const { defaulted } = shapeOf(walk, scope, undefined);
    if (defaulted) result[key] = completeValue(walk, scope, defaulted['default']);
  }
  return result;
}

function completeValue(walk: SchemaWalk, scope: Scoped, value: unknown): unknown {
  if (isPlainMap(value)) return completeMap(walk, shapeOf(walk, scope, value), value);
  if (!Array.isArray(value)) return value;
  const { items } = shapeOf(walk, scope, value);
  return value.map((item) => (items ? completeValue(walk, items, item) : item));
}

/** A copy of a valid document with the defaults of its kind's schema filled in. */
export function complete(walk: SchemaWalk, kind: string, value: unknown): unknown {
  const schema = walk.set.schemaOf(kind);
  return schema ? completeValue(walk, { schema, base: schema }, value) : value;
}

/** All fields of a document, valid or not, that the schema of its kind gives the format. */
export function fieldsOfFormat(walk: SchemaWalk, kind: string, value: unknown, format: string): FormatField[] {
  const schema = walk.set.schemaOf(kind);
  const fields: FormatField[] = [];

  function visit(scope: Scoped | undefined, node: unknown, path: string): void {
    if (!scope) return;
    const { properties, others, items, formats } = shapeOf(walk, scope, node);
    if (formats.has(format)) fields.push({ path, value: node });
    if (isPlainMap(node)) {
      for (const [key, child] of Object.entries(node)) {
        visit(properties.get(key) ?? others, child, childPointer(path, key));
      }
    }
    if (!Array.isArray(node)) return;
    for (const [index, child] of node.entries()) visit(items, child, childPointer(path, index));
  }

  visit(schema && { schema, base: schema }, value, '');
  return fields;
}

/** A field that a document has, or may have. */
export interface Field {
  /** JSON pointer. */
  readonly path: string;
  /** Undefined: it is not there. */
  readonly value: unknown;
}

/**
 * All fields and items of a valid document with its defaults filled in, lists and mappings too, and those that its schema
 * lets stand beside them and that are not there.
 */
export function fieldsOf(walk: SchemaWalk, kind: string, value: unknown): Field[] {
  const schema = walk.set.schemaOf(kind);
  const fields: Field[] = [];

  function visit(scope: Scoped | undefined, node: unknown, path: string): void {
    fields.push({ path, value: node });
    const { properties, others, items } = scope ? shapeOf(walk, scope, node) : NO_SHAPE;
    if (isPlainMap(node)) {
      for (const [key, child] of Object.entries(node)) {
        visit(properties.get(key) ?? others, child, childPointer(path, key));
      }
      for (const key of properties.keys()) {
        if (!(key in node)) fields.push({ path: childPointer(path, key), value: undefined });
      }
    }
    if (!Array.isArray(node)) return;
    for (const [index, child] of node.entries()) visit(items, child, childPointer(path, index));
  }

  visit(schema && { schema, base: schema }, value, '');
  return fields;
}

const NO_SHAPE: Pick<Shape, 'properties' | 'others' | 'items'> = {
  properties: new Map(),
  others: undefined,
  items: undefined,
};
