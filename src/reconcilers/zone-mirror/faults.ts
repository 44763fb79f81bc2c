import { encodeFunctionDocument, MAX_DOCUMENT_CHARACTERS } from '../../engine/function-document.ts';
import type { Document, DocumentFault, Estate } from '../../engine/types.ts';
import { mirrorDocument } from './mirror-document.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** A document that does not fit into the environment of its functions. */
export function faults(document: Document<ZoneMirrorSpec>, estate: Estate): readonly DocumentFault[] {
  const characters = encodeFunctionDocument(mirrorDocument(document, estate)).length;
  if (characters <= MAX_DOCUMENT_CHARACTERS) return [];
  const { exclude } = document.spec;
  const path = exclude.length > 0 ? '/spec/exclude' : '/spec';
  const message = `the document takes ${characters} characters in its function's environment, compressed; there is room for ${MAX_DOCUMENT_CHARACTERS}`;
  return [{ code: 'TU1028', path, message, hint: 'write fewer rules: one glob stands for many names' }];
}
