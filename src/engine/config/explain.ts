import type { ErrorObject } from 'ajv';
import type { ConfigCode } from './codes.ts';
import { expectation, ownWords, quotingHint } from './expectation.ts';
import { SECRET_REFERENCE, TEXT_FORMATS } from './formats/index.ts';
import { childPointer, dottedPath } from './pointer.ts';
import type { Problem } from './problem.ts';
import type { SchemaNode, SchemaSet } from './schema-set.ts';
import { didYouMean } from './suggest.ts';
import { isPlainMap, keySpan, sourceOfScalar, valueSpan } from './yaml-value.ts';
import type { YamlDocument } from './yaml.ts';

function parentSchemaOf({ parentSchema }: ErrorObject): SchemaNode {
  return parentSchema ?? {};
}

function unknownField(document: YamlDocument, error: ErrorObject): Problem {
  const key = String(error.params['additionalProperty']);
  const path = childPointer(error.instancePath, key);
  const { properties } = parentSchemaOf(error);
  const known = Object.keys(isPlainMap(properties) ? properties : {});
  const hint = didYouMean(key, known) ?? `fields of ${dottedPath(error.instancePath)}: ${known.join(', ')}`;
  return {
    code: 'TU1004',
    message: `${dottedPath(path)} is not a known field`,
    span: keySpan(document, path),
    path,
    hint,
  };
}

/** Plain words need no quotes in YAML; a colon or a leading digit might. */
function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (isPlainMap(value)) {
    const fields = Object.entries(value).map(([key, item]) => `${key}: ${flowText(item)}`);
    return `{ ${fields.join(', ')} }`;
  }
  return typeof value === 'string' && /^[a-z][a-z0-9./-]*$/i.test(value) ? value : JSON.stringify(value);
}

function exampleOf(field: unknown, set: SchemaSet, base: SchemaNode): string | undefined {
  if (!isPlainMap(field)) return undefined;
  const [example] = Array.isArray(field['examples']) ? (field['examples'] as unknown[]) : [];
  if (example !== undefined) return flowText(example);
  const reference = field['$ref'];
  const target = typeof reference === 'string' ? set.resolve(reference, base) : undefined;
  return target && exampleOf(target.schema, set, target.base);
}

function missingField(document: YamlDocument, error: ErrorObject, set: SchemaSet, base: SchemaNode): Problem {
  const key = String(error.params['missingProperty']);
  const path = error.instancePath;
  const { properties } = parentSchemaOf(error);
  const example = isPlainMap(properties) ? exampleOf(properties[key], set, base) : undefined;
  return {
    code: 'TU1005',
    message: `${dottedPath(childPointer(path, key))} is missing`,
    span: keySpan(document, path),
    path,
    hint: example === undefined ? `add ${key}` : `add it, for example  ${key}: ${example}`,
  };
}

function badKey(document: YamlDocument, error: ErrorObject, set: SchemaSet, base: SchemaNode): Problem {
  const key = String(error.params['propertyName']);
  const path = childPointer(error.instancePath, key);
  const { propertyNames } = parentSchemaOf(error);
  const own = isPlainMap(propertyNames) ? propertyNames : {};
  const reference = own['$ref'];
  const schema = typeof reference === 'string' ? (set.resolve(reference, base)?.schema ?? own) : own;
  const format = TEXT_FORMATS.get(String(schema['format']));
  return {
    code: format?.code ?? 'TU1003',
    message: `the key ${dottedPath(path)} ${ownWords(schema) ?? 'is not allowed'}`,
    span: keySpan(document, path),
    path,
  };
}

function codeOf(error: ErrorObject, schema: SchemaNode): ConfigCode {
  if (error.instancePath === '/apiVersion') return 'TU1007';
  const isQuotingTrap = error.keyword === 'type' && wantsText(error) && typeof error.data !== 'object';
  const format = TEXT_FORMATS.get(String(schema['format']));
  if (schema['format'] === SECRET_REFERENCE) return 'TU1015';
  if (isQuotingTrap) return 'TU1017';
  return format?.code ?? 'TU1003';
}

function wantsText(error: ErrorObject): boolean {
  return error.params['type'] === 'string';
}

function hintOf(document: YamlDocument, error: ErrorObject, schema: SchemaNode): string | undefined {
  if (schema['format'] === SECRET_REFERENCE) {
    return 'store the value with SSM or Secrets Manager, write its name here, and replace the secret: git has seen it';
  }
  const { data } = error;
  const allowed: unknown = error.params['allowedValues'] ?? [error.params['allowedValue']];
  if (typeof data === 'string' && Array.isArray(allowed)) {
    const meant = didYouMean(
      data,
      allowed.filter((value) => typeof value === 'string'),
    );
    if (meant !== undefined) return meant;
  }
  if (error.keyword === 'type') return quotingHint(error, sourceOfScalar(document, error.instancePath));
  const problemOf = TEXT_FORMATS.get(String(schema['format']))?.problemOf;
  const detail = error.keyword === 'format' && typeof data === 'string' ? problemOf?.(data) : undefined;
  return detail === '' ? undefined : detail;
}

function badValue(document: YamlDocument, error: ErrorObject): Problem {
  const schema = parentSchemaOf(error);
  const path = error.instancePath;
  const hint = hintOf(document, error, schema);
  return {
    code: codeOf(error, schema),
    message: `${dottedPath(path)} ${expectation(error, schema)}`,
    span: valueSpan(document, path),
    path,
    ...(hint !== undefined && { hint }),
  };
}

/** One error of the validator in the words of the reader's own YAML. `base` is the schema of the document's kind. */
export function explain(document: YamlDocument, error: ErrorObject, set: SchemaSet, base: SchemaNode): Problem {
  if (error.keyword === 'additionalProperties') return unknownField(document, error);
  if (error.keyword === 'required') return missingField(document, error, set, base);
  if (error.keyword === 'propertyNames') return badKey(document, error, set, base);
  return badValue(document, error);
}
