import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseDuration } from '../duration.ts';
import { TEXT_FORMATS } from './formats/index.ts';
import { isPlainMap } from './yaml-value.ts';

/** A JSON Schema as data. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** Schemas of all kinds, compiled when first needed. */
export interface SchemaSet {
  readonly kinds: readonly string[];
  /** The whole-document schema of a kind. */
  schemaOf(kind: string): SchemaNode | undefined;
  /** Follows a `$ref`; `base` is the schema that is read first where the reference names none. */
  resolve(reference: string, base: SchemaNode): { readonly schema: SchemaNode; readonly base: SchemaNode } | undefined;
  /** What JSON Schema has against a document of a kind; nothing when it is valid. */
  validate(kind: string, value: unknown): readonly ErrorObject[];
}

function comparesDuration(isAllowed: (seconds: number, limit: number) => boolean) {
  return (limit: string, value: unknown): boolean => {
    const seconds = typeof value === 'string' ? parseDuration(value) : undefined;
    const bound = parseDuration(limit);
    return seconds === undefined || bound === undefined || isAllowed(seconds, bound);
  };
}

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    verbose: true,
    $data: false,
    // Every command compiles the schemas of its kinds: making their code smaller takes a third of that time.
    code: { optimize: false },
  });
  ajv.addKeyword('errorMessage');
  for (const [keyword, isAllowed] of [
    ['minimumDuration', (seconds: number, limit: number) => seconds >= limit],
    ['maximumDuration', (seconds: number, limit: number) => seconds <= limit],
  ] as const) {
    ajv.addKeyword({ keyword, schemaType: 'string', errors: false, validate: comparesDuration(isAllowed) });
  }
  for (const [name, { problemOf }] of TEXT_FORMATS) {
    ajv.addFormat(name, { type: 'string', validate: (text: string) => problemOf(text) === undefined });
  }
  return ajv;
}

function idOf(schema: SchemaNode): string {
  return String(schema['$id']);
}

function definitionIn(schema: SchemaNode, pointer: string): SchemaNode | undefined {
  const name = pointer.replace(/^\/\$defs\//, '');
  const definitions = schema['$defs'];
  const found = isPlainMap(definitions) ? definitions[name] : undefined;
  return isPlainMap(found) ? found : undefined;
}

function nodeOf(schema: object): SchemaNode {
  if (!isPlainMap(schema)) throw new TypeError('a schema is an object');
  return schema;
}

const SETS = new WeakMap<
  ReadonlyMap<string, object>,
  { readonly common: readonly object[]; readonly set: SchemaSet }
>();

/** The set of these schemas, one for each map: a command reads several trees, and compiles each schema once. */
export function schemaSetOf(schemas: ReadonlyMap<string, object>, common: readonly object[]): SchemaSet {
  const known = SETS.get(schemas);
  if (known?.common === common) return known.set;
  const set = createSchemaSet(schemas, common);
  SETS.set(schemas, { common, set });
  return set;
}

/** `schemas`: whole-document schemas by kind; `common`: schemas whose `$defs` they refer to. */
export function createSchemaSet(schemas: ReadonlyMap<string, object>, common: readonly object[]): SchemaSet {
  const nodes = new Map([...schemas].map(([kind, schema]) => [kind, nodeOf(schema)]));
  const shared = common.map(nodeOf);
  const byId = new Map([...nodes.values(), ...shared].map((schema) => [idOf(schema), schema]));
  const compiled = new Map<string, ValidateFunction>();
  let ajv: Ajv2020 | undefined;

  function compile(kind: string): ValidateFunction {
    if (!ajv) {
      ajv = createAjv();
      ajv.addSchema([...byId.values()]);
    }
    const validate = ajv.getSchema(idOf(nodes.get(kind) ?? {}));
    if (!validate) throw new TypeError(`there is no schema of ${kind}`);
    return validate;
  }

  return {
    kinds: [...nodes.keys()],
    schemaOf: (kind) => nodes.get(kind),
    resolve(reference, base) {
      const [id = '', pointer = ''] = reference.split('#');
      for (const target of id === '' ? [base, ...shared] : [byId.get(id)]) {
        const schema = target && definitionIn(target, pointer);
        if (schema) return { schema, base: target };
      }
      return undefined;
    },
    validate(kind, value) {
      const validate = compiled.get(kind) ?? compile(kind);
      compiled.set(kind, validate);
      return validate(value) ? [] : (validate.errors ?? []);
    },
  };
}
