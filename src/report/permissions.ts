import type { Effect } from '../engine/types.ts';

/** The data of the effect `iam.permissions`: what a role may do more and less, one line each. */
export interface PermissionsData {
  readonly role: string;
  readonly gains: readonly string[];
  readonly losses: readonly string[];
}

const PERMISSIONS_CODE = 'iam.permissions';

export function permissionsOf({ code, data }: Effect): PermissionsData | undefined {
  return code === PERMISSIONS_CODE && isPermissionsData(data) ? data : undefined;
}

function isPermissionsData(data: object): data is PermissionsData {
  const isWhole = 'role' in data && 'gains' in data && 'losses' in data;
  return isWhole && typeof data.role === 'string' && isTexts(data.gains) && isTexts(data.losses);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
