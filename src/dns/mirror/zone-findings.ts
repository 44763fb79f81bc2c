import type { Zone, ZoneFinding } from '../types.ts';
import { findingOver } from './findings.ts';
import type { MirrorFinding } from './findings.ts';

const SAYINGS: readonly (Pick<MirrorFinding, 'severity'> & {
  readonly code: ZoneFinding['code'];
  readonly says: string;
})[] = [
  {
    code: 'ttl-mismatch',
    severity: 'warning',
    says: 'the records of a set have different TTLs; the lowest is taken (RFC 2181 §5.2).',
  },
  {
    code: 'ttl-out-of-range',
    severity: 'warning',
    says: 'a TTL of 2^31 seconds or more counts as 0 (RFC 2181 §8).',
  },
  {
    code: 'duplicate-record',
    severity: 'info',
    says: 'a record came more than once and is taken once.',
  },
];

/** What the transfer noticed, one finding for each kind. */
export function zoneFindings(zone: Zone): MirrorFinding[] {
  return SAYINGS.flatMap((saying) => {
    const names = zone.findings.filter(({ code }) => code === saying.code).map(({ name }) => name);
    return findingOver({ ...saying, names });
  });
}
