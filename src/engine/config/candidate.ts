import type { ConfigCode } from './codes.ts';
import type { Problem } from './problem.ts';
import { positionOf, type SourceText } from './source-text.ts';
import { isPlainMap, keySpan, valueSpan } from './yaml-value.ts';
import type { YamlDocument } from './yaml.ts';

/** A document of a known kind on its way to be one of the estate's. */
export interface Candidate {
  readonly source: SourceText;
  readonly yaml: YamlDocument;
  readonly kind: string;
  /** Undefined where it is missing or no text. */
  readonly name: string | undefined;
  /** Nothing is wrong with it by itself. */
  readonly isValid: boolean;
}

/** A problem and the file that has it. */
export interface Located {
  readonly source: SourceText;
  readonly problem: Problem;
}

/** A value inside of plain data; undefined where there is none. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isPlainMap(inner) ? inner[key] : undefined), value);
}

/** Where a document begins, as people and terminals write it. */
export function placeOf({ source, yaml }: Candidate): string {
  return `${source.file}:${positionOf(source, yaml.root.range[0]).line}`;
}

interface Fault {
  readonly code: ConfigCode;
  /** JSON pointer of what it is about. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly warning?: true;
}

/** A problem with a value of the document, or, where `at` says so, with its key. */
export function problemIn(
  { source, yaml }: Candidate,
  { hint, ...fault }: Fault,
  at: 'key' | 'value' = 'value',
): Located {
  const span = at === 'key' ? keySpan(yaml, fault.path) : valueSpan(yaml, fault.path);
  return { source, problem: { ...fault, span, ...(hint !== undefined && { hint }) } };
}
