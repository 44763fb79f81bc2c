import type { Zone, ZoneFinding } from '../types.ts';
import { findingOver } from './findings.ts';
import type { MirrorFinding } from './findings.ts';

type ZoneFindingCode = ZoneFinding['code'];

const SAYINGS: Readonly<Record<ZoneFindingCode, Pick<MirrorFinding, 'severity'> & { readonly says: string }>> = {
  'ttl-mismatch': {
    severity: 'warning',
    says: 'the records of a set have different TTLs; the lowest is taken (RFC 2181 §5.2).',
  },
  'ttl-out-of-range': {
    severity: 'warning',
    says: 'a TTL of 2^31 seconds or more counts as 0 (RFC 2181 §8).',
  },
  'duplicate-record': {
    severity: 'info',
    says: 'a record came more than once and is taken once.',
  },
};

/** What the transfer noticed, one finding for each kind. */
export function zoneFindings(zone: Zone): MirrorFinding[] {
  const codes = Object.keys(SAYINGS) as ZoneFindingCode[];
  return codes.flatMap((code) => {
    const names = zone.findings.filter((finding) => finding.code === code).map((finding) => finding.name);
    return findingOver({ code, names, ...SAYINGS[code] });
  });
}
