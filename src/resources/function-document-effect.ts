import { documentOf } from '../engine/address.ts';
import { decodeFunctionDocument, DOCUMENT_VARIABLE } from '../engine/function-document.ts';
import type { Effect, Value } from '../engine/types.ts';
import { documentChanges } from './document-changes.ts';
import { variablesOf } from './lambda-function-comparison.ts';

/** Changes that are listed; of the others the number is said. */
const MAX_LISTED = 50;
/** Levels of a document; ours have fewer than ten, and what is deeper was not written by us. */
const MAX_LEVELS = 64;

type Mapping = Readonly<Record<string, Value>>;

/**
 * What a change of its variables means for what a function does. Only of the document, which is ours and holds no secret;
 * all other variables are secrets (threats T28). None where it stays, or where somebody wrote something else there.
 */
export function functionDocumentEffect(
  address: string,
  functionName: string,
  before: Value | undefined,
  after: Value | undefined,
): readonly Effect[] {
  const texts = [before, after].map((environment) => variablesOf(environment)[DOCUMENT_VARIABLE]);
  if (texts[0] === texts[1]) return [];
  const [old, wanted] = texts.map(read);
  if (!old || !wanted) return [];
  const changes = documentChanges(old, wanted);
  const data: Record<string, Value> = {
    function: functionName,
    changes: changes.slice(0, MAX_LISTED).map((change): Value => ({ ...change })),
    omitted: Math.max(0, changes.length - MAX_LISTED),
  };
  return [{ document: documentOf(address), code: 'function.document', data }];
}

function read(text: unknown): Mapping | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const document = decodeFunctionDocument(text);
    return isMapping(document) && isWithin(document, MAX_LEVELS) ? document : undefined;
  } catch {
    return undefined;
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nested no deeper than that: everything that reads it calls itself. */
function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isWithin(item, levels - 1));
}
