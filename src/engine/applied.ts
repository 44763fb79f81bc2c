import { createHash } from 'node:crypto';
import { canonical } from './value.ts';
import type { Cause, Value } from './types.ts';

/** Six base64url characters (36 bits) a property: 40 of them fit the 256 characters of a tag value. */
const CHARACTERS_A_PROPERTY = 6;

function stamp(value: Value | undefined): string {
  return createHash('sha256')
    .update(canonical(value ?? null))
    .digest('base64url')
    .slice(0, CHARACTERS_A_PROPERTY);
}

/** The value of `trueup:applied`: one stamp for each managed property, in the type's order. */
export function appliedOf(managed: readonly string[], properties: Readonly<Record<string, Value>>): string {
  return managed.map((name) => stamp(properties[name])).join('');
}

/** Who moved a property, judged by the last apply's stamp. It labels a change and never decides what is written. */
export function causeOf(
  managed: readonly string[],
  applied: string | undefined,
  name: string,
  before: Value | undefined,
  after: Value | undefined,
): Cause {
  const index = managed.indexOf(name);
  if (applied === undefined || index < 0 || applied.length !== managed.length * CHARACTERS_A_PROPERTY) return 'unknown';
  const last = applied.slice(index * CHARACTERS_A_PROPERTY, (index + 1) * CHARACTERS_A_PROPERTY);
  const moved = { git: stamp(after) !== last, world: stamp(before) !== last };
  if (moved.git && moved.world) return 'both';
  return moved.world ? 'drift' : 'git';
}
