import type { Permission, Use } from '../engine/types.ts';

/** Names of actions without their service, by what is done. */
export type ActionsByUse = Readonly<Record<Use, readonly string[]>>;

/** Actions of one service on one resource. */
export function permit(
  service: string,
  resource: string,
  names: readonly string[],
  context?: Permission['context'],
): readonly Permission[] {
  return names.map((name) => ({ action: `${service}:${name}`, resource, ...(context && { context }) }));
}

/** A property of a draft as text; `*` while it is open. */
export function knownText(value: unknown): string {
  return typeof value === 'string' ? value : '*';
}
