import { explain } from './explain.ts';
import { childPointer } from './pointer.ts';
import type { Problem } from './problem.ts';
import { relevantErrors } from './relevant-errors.ts';
import type { SchemaSet } from './schema-set.ts';
import { didYouMean } from './suggest.ts';
import { isPlainMap, keySpan, valueSpan, type PlainMap } from './yaml-value.ts';
import type { YamlDocument } from './yaml.ts';

/** Errors of one document that are put into words; more than are ever listed. */
const MAX_EXPLAINED = 200;

export interface CheckedDocument {
  /** Undefined: the document is of no kind that is known. */
  readonly kind: string | undefined;
  readonly problems: readonly Problem[];
  /** Problems beyond those. */
  readonly omitted: number;
}

function kindProblem(document: YamlDocument, value: PlainMap, kinds: readonly string[]): Problem {
  const path = 'kind' in value ? childPointer('', 'kind') : '';
  const known = `kinds: ${kinds.join(', ')}`;
  if (path === '') {
    return { code: 'TU1005', message: 'kind is missing', span: keySpan(document, ''), path, hint: known };
  }
  const { kind } = value;
  const span = valueSpan(document, path);
  if (typeof kind !== 'string') return { code: 'TU1006', message: 'kind must be text', span, path, hint: known };
  return { code: 'TU1006', message: `there is no kind ${kind}`, span, path, hint: didYouMean(kind, kinds) ?? known };
}

/** Holds one document against the schema of its kind. */
export function checkDocument(document: YamlDocument, set: SchemaSet): CheckedDocument {
  const { value } = document;
  if (!isPlainMap(value)) {
    const message = 'a document must be a mapping that begins with apiVersion, kind and metadata';
    return {
      kind: undefined,
      problems: [{ code: 'TU1001', message, span: valueSpan(document, ''), path: '' }],
      omitted: 0,
    };
  }
  const kind = typeof value['kind'] === 'string' ? value['kind'] : '';
  const schema = set.schemaOf(kind);
  if (!schema) return { kind: undefined, problems: [kindProblem(document, value, set.kinds)], omitted: 0 };
  const errors = relevantErrors(set.validate(kind, value));
  const problems = errors.slice(0, MAX_EXPLAINED).map((error) => explain(document, error, set, schema));
  return { kind, problems, omitted: errors.length - problems.length };
}
