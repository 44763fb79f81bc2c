import { formatName } from '../name.ts';
import { typeName } from '../rr-types.ts';
import type { RRset, WireName } from '../types.ts';

export type MirrorFindingCode =
  | 'acme-challenge'
  | 'cannot-hold'
  | 'cname-conflict'
  | 'delegation-changed'
  | 'dname'
  | 'dnssec-dropped'
  | 'duplicate-record'
  | 'empty-source'
  | 'kept-conflict'
  | 'occluded'
  | 'signed-source'
  | 'ttl-mismatch'
  | 'ttl-out-of-range'
  | 'unsupported-type';

/** What a reader of the plan should know of the mirror's content. */
export interface MirrorFinding {
  readonly code: MirrorFindingCode;
  readonly severity: 'info' | 'warning' | 'blocks';
  /** Absolute text in master-file escapes, the first `MAX_NAMES`. */
  readonly names: readonly string[];
  /** How many names there are in all. */
  readonly count: number;
  /** A whole sentence. */
  readonly message: string;
  readonly hint?: string;
}

interface FindingParts extends Pick<MirrorFinding, 'code' | 'severity' | 'hint'> {
  readonly names: readonly WireName[];
  /** What is so of these names; the finding puts the names in front. */
  readonly says: string;
}

/** Names that a finding lists; the rest is counted. */
const MAX_NAMES = 20;

/** One finding over some names; none where there are none. */
export function findingOver({ names, says, ...rest }: FindingParts): MirrorFinding[] {
  const unique = [...new Set(names)];
  const texts = unique.slice(0, MAX_NAMES).map((name) => formatName(name, 'decimal'));
  const [first] = texts;
  if (first === undefined) return [];
  const others = unique.length - 1;
  const more = others === 0 ? '' : ` and ${others.toLocaleString('en')} more ${others === 1 ? 'name' : 'names'}`;
  return [{ ...rest, names: texts, count: unique.length, message: `${first}${more}: ${says}` }];
}

/** `HINFO 3, LOC 1`: how many sets of which type. */
export function countTypes(sets: readonly RRset[]): string {
  const counts = new Map<number, number>();
  for (const { type } of sets) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([type, count]) => `${typeName(type)} ${count}`)
    .join(', ');
}
