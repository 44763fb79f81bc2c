import type { DocumentFault } from '../engine/types.ts';
import { childPointer, dottedPath } from '../engine/config/pointer.ts';

/**
 * How CloudFormation is told to fetch a parameter or a secret (user guide, "Dynamic references"). It looks for it in any
 * text of a template, so that text which comes from a document could read secrets that its author may not (threats T10).
 */
const DYNAMIC_REFERENCE = /\{\{\s*resolve\s*:/i;

/** JSON pointers to every text, keys too, in which CloudFormation would find one. */
export function dynamicReferences(value: unknown, pointer = ''): readonly string[] {
  if (typeof value === 'string') return DYNAMIC_REFERENCE.test(value) ? [pointer] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const path = childPointer(pointer, key);
    return DYNAMIC_REFERENCE.test(key) ? [path] : dynamicReferences(item, path);
  });
}

/** The same as what makes a document refused. @param document its parts by their names in YAML */
export function dynamicReferenceFaults(document: Readonly<Record<string, unknown>>): readonly DocumentFault[] {
  return dynamicReferences(document).map((path) => ({
    code: 'TU1034',
    path,
    message: `${dottedPath(path)} holds {{resolve:…}}, in whose place CloudFormation would put a parameter or a secret`,
    hint: 'write the text otherwise: trueup interpolates nothing, and a template that does would not be the same estate',
  }));
}
