import { compileExclude } from '../exclude.ts';
import type { ExcludeRule } from '../exclude.ts';
import { isAtOrBelow } from '../name.ts';
import { isRoute53Type } from '../route53.ts';
import { RR } from '../rr-types.ts';
import type { RRset, WireName, Zone } from '../types.ts';
import { partByDelegation } from './delegations.ts';
import { isDnssecType, sourceFindings } from './dnssec.ts';
import { countTypes, findingOver } from './findings.ts';
import type { MirrorFinding } from './findings.ts';
import { whyNotHeld } from './limits.ts';
import { zoneFindings } from './zone-findings.ts';

/** As in the specification of a ZoneMirror. */
export interface MirrorOptions {
  readonly exclude: readonly ExcludeRule[];
  readonly unsupportedTypes: 'block' | 'skip';
  readonly apexNs: 'keep' | 'mirror';
  readonly allowUnsignedMirror: boolean;
  /** A blocked name does not hold back the others. */
  readonly partial: boolean;
}

export interface MirrorSelection {
  /** What the hosted zone should hold, sorted; the apex SOA is written apart, with the serial. */
  readonly sets: readonly RRset[];
  readonly findings: readonly MirrorFinding[];
  /** Names that must stay in Route 53 as they are, whatever that is. */
  readonly blockedNames: readonly WireName[];
}

const MEND = 'Correct it at the primary, exclude the name, or set partial: true to mirror the other names meanwhile.';

/** What of a source zone a hosted zone can and should hold, and what stands in the way. */
export function selectMirrored(zone: Zone, options: MirrorOptions): MirrorSelection {
  const isExcluded = compileExclude(options.exclude, zone.origin);
  const { visible, occluded } = partByDelegation(zone);
  const wanted = visible.filter(
    (set) => !isDnssecType(set.type) && !isOwnApex(set, zone.origin, options) && !isExcluded(set.name, set.type),
  );
  const unsupported = wanted.filter((set) => !isRoute53Type(set.type));
  const supported = wanted.filter((set) => isRoute53Type(set.type));

  const unfit = unfitNames(supported, zone.origin);
  const held = options.unsupportedTypes === 'block' ? unsupported.map((set) => set.name) : [];
  const blocked = withGlue(new Set([...held, ...unfit.keys()]), wanted);
  const severity = options.partial ? 'warning' : 'blocks';
  return {
    sets: blocked.size === 0 ? supported : supported.filter((set) => !blocked.has(set.name)),
    findings: [
      ...sourceFindings(zone, options.allowUnsignedMirror),
      ...unsupportedFindings(unsupported, options.unsupportedTypes, severity),
      ...unfitFindings(unfit, severity),
      ...findingOver({
        code: 'occluded',
        severity: 'info',
        names: occluded
          .filter((set) => !isDnssecType(set.type) && !isExcluded(set.name, set.type))
          .map((set) => set.name),
        says: 'data below a delegation that is not its glue is not mirrored.',
      }),
      ...zoneFindings(zone),
    ],
    blockedNames: [...blocked],
  };
}

/** Why Route 53 would refuse a name. */
/** A delegation that is held back takes its glue along: alone it would answer inside somebody else's zone. */
function withGlue(blocked: ReadonlySet<WireName>, sets: readonly RRset[]): ReadonlySet<WireName> {
  const cuts = sets.filter(({ name, type }) => type === RR.NS && blocked.has(name)).map(({ name }) => name);
  if (cuts.length === 0) return blocked;
  const below = sets.filter(({ name }) => cuts.some((cut) => isAtOrBelow(name, cut))).map(({ name }) => name);
  return new Set([...blocked, ...below]);
}

interface Unfit {
  readonly code: 'cname-conflict' | 'cannot-hold';
  readonly says: string;
}

const CNAME_CONFLICT: Unfit = {
  code: 'cname-conflict',
  says: 'a CNAME stands beside other data, beside another CNAME or at the apex.',
};

function isOwnApex(set: RRset, origin: WireName, { apexNs }: MirrorOptions): boolean {
  if (set.name !== origin) return false;
  return set.type === RR.SOA || (set.type === RR.NS && apexNs === 'keep');
}

function unfitNames(sets: readonly RRset[], origin: WireName): Map<WireName, Unfit> {
  const unfit = new Map<WireName, Unfit>();
  for (let start = 0, end = 0; start < sets.length; start = end) {
    const name = sets[start]?.name ?? origin;
    while (sets[end]?.name === name) end += 1;
    const own = sets.slice(start, end);
    const says = whyNotHeld(own);
    if (hasCnameConflict(own, origin)) unfit.set(name, CNAME_CONFLICT);
    else if (says !== undefined) unfit.set(name, { code: 'cannot-hold', says });
  }
  return unfit;
}

/** RFC 1034 §3.6.2; at the apex the SOA is the other data. */
function hasCnameConflict(sets: readonly RRset[], origin: WireName): boolean {
  const cname = sets.find((set) => set.type === RR.CNAME);
  if (cname === undefined) return false;
  return sets.length > 1 || cname.rdata.length > 1 || cname.name === origin;
}

function unsupportedFindings(
  unsupported: readonly RRset[],
  policy: MirrorOptions['unsupportedTypes'],
  severity: 'warning' | 'blocks',
): MirrorFinding[] {
  const types = countTypes(unsupported);
  const dnames = unsupported.filter((set) => set.type === RR.DNAME);
  const skipped = policy === 'skip';
  return [
    ...findingOver({
      code: 'unsupported-type',
      severity: skipped ? 'info' : severity,
      names: unsupported.map((set) => set.name),
      says: `Route 53 cannot hold ${types}${skipped ? '; skipped.' : '.'}`,
      ...(skipped ? {} : { hint: 'Set unsupportedTypes: skip to leave such sets out, or exclude the names.' }),
    }),
    ...findingOver({
      code: 'dname',
      severity: 'warning',
      names: dnames.map((set) => set.name),
      says: 'a DNAME cannot be mirrored: every name below it resolves at the primary and will not resolve in Route 53.',
      hint: 'Write the names below it out as CNAMEs at the primary.',
    }),
  ];
}

function unfitFindings(unfit: ReadonlyMap<WireName, Unfit>, severity: 'warning' | 'blocks'): MirrorFinding[] {
  const namesByReason = new Map<string, { code: Unfit['code']; names: WireName[] }>();
  for (const [name, { code, says }] of unfit) {
    const same = namesByReason.get(says);
    if (same === undefined) namesByReason.set(says, { code, names: [name] });
    else same.names.push(name);
  }
  return [...namesByReason].flatMap(([says, { code, names }]) =>
    findingOver({ code, severity, names, says, hint: MEND }),
  );
}
