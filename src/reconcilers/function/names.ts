import type { Document, Estate } from '../../engine/types.ts';
import { objectName } from '../../resources/names.ts';

/**
 * The physical name of a document's resource, where the type takes 64 characters. AWS renames nothing: what was renamed,
 * document or owner, keeps the names of its first one, so that nothing of it is made anew.
 */
export function nameOf(document: Document, estate: Estate, logicalId: string): string {
  const name = document.formerly[0] ?? document.name;
  return objectName({ owner: estate.firstOwner, kind: document.kind, name, logicalId });
}
