import type { Document } from '../types.ts';
import { valueAt, type Candidate } from './candidate.ts';
import { deepestPresent, withValueAt } from './edit-value.ts';
import { complete, createSchemaWalk, fieldsOf, type Field, type SchemaWalk } from './schema-walk.ts';
import { schemaSetOf } from './schema-set.ts';
import { sourceText } from './source-text.ts';
import { toDocument } from './to-document.ts';
import { documentAt } from './yaml-edit.ts';

/** A field or an item with another value: undefined takes it away. */
export interface Step {
  /** JSON pointer into the document. */
  readonly path: string;
  readonly value: unknown;
}

/** A valid document, and what it would be with other values. */
export interface Editable {
  readonly document: Document;
  /** Below `spec`, those with defaults and those that could be there too. */
  fields(): readonly Field[];
  /** Does the file say it, or only the schema? */
  isWritten(path: string): boolean;
  /** Undefined: not what the schema of its kind allows. */
  with(steps: readonly Step[]): Editable | undefined;
}

/** The document that begins in a line of a file's text; undefined where there is none. */
export function editableAt(
  { text, document: { kind, name, source } }: { readonly text: string; readonly document: Document },
  schemas: ReadonlyMap<string, object>,
  common: readonly object[],
): Editable | undefined {
  const yaml = documentAt(text, source.line);
  if (!yaml || valueAt(yaml.value, 'metadata', 'name') !== name) return undefined;
  const walk = createSchemaWalk(schemaSetOf(schemas, common));
  return editable({ source: sourceText(source.file, text), yaml, kind, name, isValid: true }, walk);
}

const SPEC = '/spec/';

function editable(candidate: Candidate, walk: SchemaWalk): Editable {
  const { yaml, kind } = candidate;
  return {
    document: toDocument(candidate, walk),
    fields: () => fieldsOf(walk, kind, complete(walk, kind, yaml.value)).filter(({ path }) => path.startsWith(SPEC)),
    isWritten: (path) => deepestPresent(yaml.value, path).missing.length === 0,
    with(steps) {
      const value = steps.reduce((all, step) => withValueAt(all, step.path, step.value), yaml.value);
      if (walk.set.validate(kind, value).length > 0) return undefined;
      return editable({ ...candidate, yaml: { ...yaml, value } }, walk);
    },
  };
}
