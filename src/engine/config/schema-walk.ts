import { childPointer } from './pointer.ts';
import type { SchemaNode, SchemaSet } from './schema-set.ts';
import { isPlainMap, plainMap } from './yaml-value.ts';

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

function fits({ type }: SchemaNode, value: unknown): boolean {
  return type === undefined || (type === 'object') === isPlainMap(value);
}

/** The schema, what it refers to, and those of its alternatives that fit the value's shape. */
function applicable(set: SchemaSet, { schema, base }: Scoped, value: unknown): Scoped[] {
  const found: Scoped[] = [{ schema, base }];
  const reference = schema['$ref'];
  const target = typeof reference === 'string' ? set.resolve(reference, base) : undefined;
  if (target) found.push(...applicable(set, target, value));
  const alternatives = schema['oneOf'];
  if (!Array.isArray(alternatives)) return found;
  for (const alternative of alternatives.filter(isPlainMap)) {
    if (fits(alternative, value)) found.push(...applicable(set, { schema: alternative, base }, value));
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

function completeMap(set: SchemaSet, scopes: readonly Scoped[], map: Readonly<Record<string, unknown>>): unknown {
  const properties = propertiesOf(scopes);
  const others = under(scopes, 'additionalProperties');
  const result = plainMap();
  for (const [key, value] of Object.entries(map)) {
    const scope = properties.get(key) ?? others;
    result[key] = scope ? completeValue(set, scope, value) : value;
  }
  for (const [key, scope] of properties) {
    if (key in result) continue;
    const holder = applicable(set, scope, undefined).find(({ schema }) => 'default' in schema);
    if (holder) result[key] = completeValue(set, scope, holder.schema['default']);
  }
  return result;
}

function completeValue(set: SchemaSet, scope: Scoped, value: unknown): unknown {
  const scopes = applicable(set, scope, value);
  if (isPlainMap(value)) return completeMap(set, scopes, value);
  if (!Array.isArray(value)) return value;
  const items = under(scopes, 'items');
  return items ? value.map((item) => completeValue(set, items, item)) : value;
}

/** A copy of a valid document with the defaults of its kind's schema filled in. */
export function complete(set: SchemaSet, schema: SchemaNode, value: unknown): unknown {
  return completeValue(set, { schema, base: schema }, value);
}

/** All fields of a document, valid or not, that the schema of its kind gives the format. */
export function fieldsOfFormat(set: SchemaSet, schema: SchemaNode, value: unknown, format: string): FormatField[] {
  const fields: FormatField[] = [];

  function visit(scope: Scoped | undefined, node: unknown, path: string): void {
    if (!scope) return;
    const scopes = applicable(set, scope, node);
    if (scopes.some((candidate) => candidate.schema['format'] === format)) fields.push({ path, value: node });
    if (isPlainMap(node)) {
      const properties = propertiesOf(scopes);
      const others = under(scopes, 'additionalProperties');
      for (const [key, child] of Object.entries(node)) {
        visit(properties.get(key) ?? others, child, childPointer(path, key));
      }
    }
    if (Array.isArray(node)) {
      const items = under(scopes, 'items');
      for (const [index, child] of node.entries()) visit(items, child, childPointer(path, index));
    }
  }

  visit({ schema, base: schema }, value, '');
  return fields;
}
