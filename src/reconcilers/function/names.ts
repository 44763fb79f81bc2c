import { physicalName } from '../../engine/identity.ts';
import type { Document, Estate } from '../../engine/types.ts';

/** Names of functions, roles and rules have at most 64 characters (API references). */
const MAX_NAME = 64;

/**
 * The physical name of a document's resource, where the type takes 64 characters. AWS renames nothing: a document that
 * was renamed keeps the names of its first one, so that nothing of it is made anew.
 */
export function nameOf(document: Document, estate: Estate, logicalId: string): string {
  const name = document.formerly[0] ?? document.name;
  return physicalName({ owner: estate.owner, kind: document.kind, name, logicalId }, MAX_NAME);
}

export function logGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}
