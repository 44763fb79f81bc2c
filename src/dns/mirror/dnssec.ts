import { RR } from '../rr-types.ts';
import type { RRset, Zone } from '../types.ts';
import { countTypes, findingOver } from './findings.ts';
import type { MirrorFinding } from './findings.ts';

/** BIND's private type for the state of signing. */
const TYPE65534 = 65_534;

/** Where one of these is, the zone is signed (RFC 4035 §2). */
const SIGNING_TYPES: ReadonlySet<number> = new Set([RR.RRSIG, RR.DNSKEY, RR.NSEC, RR.NSEC3, RR.NSEC3PARAM]);

/** Says something of the signed zone or to its parent, and nothing true of an unsigned copy. */
const DNSSEC_TYPES: ReadonlySet<number> = new Set([
  ...SIGNING_TYPES,
  RR.CDS,
  RR.CDNSKEY,
  RR.CSYNC,
  RR.ZONEMD,
  TYPE65534,
]);

export function isDnssecType(type: number): boolean {
  return DNSSEC_TYPES.has(type);
}

/** What is to be said of the source as a whole: empty, signed. */
export function sourceFindings(zone: Zone, allowUnsignedMirror: boolean): MirrorFinding[] {
  return [...emptyFindings(zone), ...signedFindings(zone, allowUnsignedMirror)];
}

function emptyFindings(zone: Zone): MirrorFinding[] {
  const isFrame = ({ name, type }: RRset) =>
    isDnssecType(type) || (name === zone.origin && (type === RR.SOA || type === RR.NS));
  if (!zone.rrsets.every(isFrame)) return [];
  return findingOver({
    code: 'empty-source',
    severity: 'blocks',
    names: [zone.origin],
    says: 'the primary serves nothing but SOA and NS. Mirroring that would empty the hosted zone.',
    hint: 'Look at the zone on the primary; to give the mirror up, remove its document instead.',
  });
}

function signedFindings(zone: Zone, allowUnsignedMirror: boolean): MirrorFinding[] {
  const dropped = zone.rrsets.filter((set) => isDnssecType(set.type));
  if (dropped.length === 0) return [];
  const counts = `DNSSEC data is not mirrored (${countTypes(dropped)})`;
  if (!dropped.some((set) => SIGNING_TYPES.has(set.type))) {
    return findingOver({
      code: 'dnssec-dropped',
      severity: 'info',
      names: dropped.map((set) => set.name),
      says: `${counts}.`,
    });
  }
  if (allowUnsignedMirror) {
    return findingOver({
      code: 'signed-source',
      severity: 'info',
      names: [zone.origin],
      says: `the source is signed, its mirror is not: ${counts}.`,
    });
  }
  return findingOver({
    code: 'signed-source',
    severity: 'blocks',
    names: [zone.origin],
    says: `the source is signed and its mirror would not be: ${counts}. With a DS at the parent, validating resolvers would refuse every answer of the mirror.`,
    hint: 'If nobody validates the mirrored zone, set allowUnsignedMirror: true.',
  });
}
