import { physicalName } from '../../engine/identity.ts';
import type { Document, Estate } from '../../engine/types.ts';

/** Names of functions, roles and rules have at most 64 characters (API references). */
const MAX_NAME = 64;

/** The physical name of a document's resource, where the type takes 64 characters. */
export function nameOf(document: Document, estate: Estate, logicalId: string): string {
  return physicalName({ owner: estate.owner, kind: document.kind, name: document.name, logicalId }, MAX_NAME);
}

export function logGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}
