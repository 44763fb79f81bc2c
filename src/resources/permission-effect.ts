import { documentOf } from '../engine/address.ts';
import type { Effect, Value } from '../engine/types.ts';
import { permissionChanges } from './permission-changes.ts';
import type { PermissionChanges } from './permission-changes.ts';

const NONE: PermissionChanges = { gains: [], losses: [] };

/** What a role may do more and less, as an effect for people; none where nothing changes. */
export function permissionEffect(
  address: string,
  role: unknown,
  documents: readonly (readonly [before: unknown, after: unknown])[],
  more: PermissionChanges = NONE,
): readonly Effect[] {
  const changes = [...documents.map(([before, after]) => permissionChanges(before, after)), more];
  const gains = changes.flatMap((change) => change.gains);
  const losses = changes.flatMap((change) => change.losses);
  if (gains.length === 0 && losses.length === 0) return [];
  const data: Record<string, Value> = { role: typeof role === 'string' ? role : '(known later)', gains, losses };
  return [{ document: documentOf(address), code: 'iam.permissions', data }];
}
