import { createHash } from 'node:crypto';
import { canonical } from './value.ts';
import type { Cause, Document, Value } from './types.ts';

/** Six base64url characters (36 bits) a property: 40 of them fit the 256 characters of a tag value. */
const CHARACTERS_A_PROPERTY = 6;

function stamp(value: Value | undefined): string {
  return createHash('sha256')
    .update(canonical(value ?? null))
    .digest('base64url')
    .slice(0, CHARACTERS_A_PROPERTY);
}

/** What a document says of the objects themselves, and they carry as tags. */
export type Metadata = Pick<Document, 'protect' | 'onRemove'>;

/** Between the stamps of properties and that of the metadata; no stamp has it. */
const BEFORE_METADATA = '.';

/**
 * The value of `trueup:applied`: one stamp for each managed property, in the type's order, and one for the metadata
 * where they say anything.
 */
export function appliedOf(
  managed: readonly string[],
  properties: Readonly<Record<string, Value>>,
  metadata: Metadata = { protect: false },
): string {
  const stamps = managed.map((name) => stamp(properties[name])).join('');
  return stamps + metadataStamp(metadata);
}

function metadataStamp({ protect, onRemove }: Metadata): string {
  if (!protect && onRemove === undefined) return '';
  return BEFORE_METADATA + stamp([protect, onRemove ?? null]);
}

const REMOVALS = [undefined, 'release', 'delete'] as const;

/** What the last apply wrote of metadata; undefined: nothing was applied, or the stamp is none of ours. */
export function appliedMetadata(applied: string | undefined): Metadata | undefined {
  if (applied === undefined) return undefined;
  const at = applied.indexOf(BEFORE_METADATA);
  const last = at < 0 ? '' : applied.slice(at);
  const all = [false, true].flatMap((protect) =>
    REMOVALS.map((onRemove): Metadata => ({ protect, ...(onRemove && { onRemove }) })),
  );
  return all.find((metadata) => metadataStamp(metadata) === last);
}

/** Of the properties alone: what has no tags of its own carries no metadata either, and is not protected by a stamp. */
export function withoutMetadata(applied: string): string {
  return applied.split(BEFORE_METADATA, 1)[0] ?? '';
}

/** Who moved the metadata: what was applied last, what the object carries, what the document says. */
export function causeOfMetadata(applied: string | undefined, before: Metadata, after: Metadata): Cause {
  if (applied === undefined) return 'unknown';
  const at = applied.indexOf(BEFORE_METADATA);
  const last = at < 0 ? '' : applied.slice(at);
  return causeOfSides(metadataStamp(after) !== last, metadataStamp(before) !== last);
}

function causeOfSides(byGit: boolean, byWorld: boolean): Cause {
  if (byGit && byWorld) return 'both';
  return byWorld ? 'drift' : 'git';
}

/** Did a version write it that knows the same properties? Another one may have applied something else. */
export function isStampOf(managed: readonly string[], applied: string): boolean {
  const [stamps = ''] = applied.split(BEFORE_METADATA);
  return stamps.length === managed.length * CHARACTERS_A_PROPERTY;
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
  const [stamps = ''] = applied?.split(BEFORE_METADATA) ?? [];
  if (index < 0 || applied === undefined || !isStampOf(managed, applied)) return 'unknown';
  const last = stamps.slice(index * CHARACTERS_A_PROPERTY, (index + 1) * CHARACTERS_A_PROPERTY);
  return causeOfSides(stamp(after) !== last, stamp(before) !== last);
}
