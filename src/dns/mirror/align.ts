import { diffZones } from '../diff.ts';
import { formatName, labelsOf } from '../name.ts';
import { foldRdata } from '../rdata.ts';
import { RR, typeName } from '../rr-types.ts';
import type { Rdata, RRset, WireName } from '../types.ts';
import { findingOver } from './findings.ts';
import type { MirrorFinding } from './findings.ts';
import type { KeptReason, KeptSet, TargetSelection } from './select-kept.ts';
import type { MirrorSelection } from './select-mirrored.ts';

interface AlignOptions {
  readonly origin: WireName;
  readonly apexNs: 'keep' | 'mirror';
  readonly partial: boolean;
  readonly ignoreTtl: boolean;
}

/** Both sides without what is not to be compared: the input of `diffZones` and `packBatches`. */
export interface AlignedMirror {
  readonly before: readonly RRset[];
  readonly after: readonly RRset[];
  /** Those of the source and those of the two sides together. */
  readonly findings: readonly MirrorFinding[];
  readonly blockedNames: readonly WireName[];
}

const REASONS: Readonly<Record<KeptReason, string>> = {
  alias: 'an alias',
  'routing-policy': 'a set with a routing policy',
  'traffic-policy': 'a set of a traffic policy',
  protected: 'a protected set',
  'acm-validation': 'a validation record of AWS Certificate Manager',
  excluded: 'an excluded set',
  unreadable: 'a set that trueup cannot read',
};

/** Brings the sides together: names where a kept set is in the way are blocked, kept sets that hold what is wanted are left out. */
export function alignMirror(source: MirrorSelection, target: TargetSelection, options: AlignOptions): AlignedMirror {
  const kept = keptByName(target.keptSets);
  const wanted = options.apexNs === 'mirror' ? withOwnNameServers(source.sets, target, options.origin) : source.sets;
  const after = wanted.filter((set) => !isHeldByKept(set, kept.get(set.name) ?? [], options.ignoreTtl));

  const conflicts = conflictsOf(after, kept);
  const blocked = new Set([...source.blockedNames, ...conflicts.keys()]);
  const isFree = (set: RRset) => !blocked.has(set.name);
  const isApexNs = ({ name, type }: RRset) => name === options.origin && type === RR.NS;
  const keepsApexNs = !after.some(isApexNs);
  return {
    before: target.ours.filter((set) => isFree(set) && !(keepsApexNs && isApexNs(set))),
    after: after.filter(isFree),
    findings: [
      ...source.findings,
      ...conflictFindings(conflicts, options.partial),
      ...protectedSoaFindings(target.keptSets, options.origin),
    ],
    blockedNames: [...blocked],
  };
}

/** The name servers that Route 53 gave the zone answer for it and stay; the source's are added. */
function withOwnNameServers(sets: readonly RRset[], target: TargetSelection, origin: WireName): readonly RRset[] {
  const own = (target.apexNs?.rdata ?? []).filter(isAwsNameServer);
  return sets.map((set) =>
    set.name === origin && set.type === RR.NS ? { ...set, rdata: mergeTargets(set.rdata, own) } : set,
  );
}

/** `ns-<number>.awsdns-<number>.<suffix>`: how Route 53 names its servers, and the placeholders of private zones. */
function isAwsNameServer(target: Rdata): boolean {
  return labelsOf(foldRdata(RR.NS, target))[1]?.startsWith('awsdns-') === true;
}

function mergeTargets(targets: readonly Rdata[], own: readonly Rdata[]): Rdata[] {
  const byMeaning = new Map([...own, ...targets].map((target) => [foldRdata(RR.NS, target), target]));
  return [...byMeaning].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
}

function keptByName(keptSets: readonly KeptSet[]): ReadonlyMap<WireName, readonly KeptSet[]> {
  const byName = new Map<WireName, KeptSet[]>();
  for (const kept of keptSets) {
    if (kept.wireName === undefined) continue;
    const others = byName.get(kept.wireName);
    if (others === undefined) byName.set(kept.wireName, [kept]);
    else others.push(kept);
  }
  return byName;
}

function isHeldByKept(set: RRset, kept: readonly KeptSet[], ignoreTtl: boolean): boolean {
  return kept.some(({ set: held }) => held !== undefined && diffZones([held], [set], { ignoreTtl }).unchanged === 1);
}

/** A kept set is in the way of a set of its own type, and a CNAME is in the way of everything (RFC 1034 §3.6.2). */
function conflictsOf(
  sets: readonly RRset[],
  keptSets: ReadonlyMap<WireName, readonly KeptSet[]>,
): ReadonlyMap<WireName, KeptSet> {
  const conflicts = new Map<WireName, KeptSet>();
  for (const { name, type } of sets) {
    const mnemonic = typeName(type);
    const kept = keptSets
      .get(name)
      ?.find((other) => other.type === mnemonic || type === RR.CNAME || other.type === 'CNAME');
    if (kept !== undefined) conflicts.set(name, kept);
  }
  return conflicts;
}

function conflictFindings(conflicts: ReadonlyMap<WireName, KeptSet>, partial: boolean): MirrorFinding[] {
  const reasons = [...new Set([...conflicts.values()].map(({ reason }) => reason))].sort();
  return reasons.flatMap((reason) => {
    const names = [...conflicts].filter(([, kept]) => kept.reason === reason).map(([name]) => name);
    const comments = [
      ...new Set([...conflicts.values()].flatMap((kept) => (kept.reason === reason && kept.comment) || [])),
    ];
    const comment = comments.length === 0 ? '' : ` (${comments.join('; ')})`;
    return findingOver({
      code: 'kept-conflict',
      severity: partial ? 'warning' : 'blocks',
      names,
      says: `${REASONS[reason]}${comment} in Route 53 is in the way of what the source holds.`,
      hint: 'Remove the set in Route 53, or exclude the name; partial: true mirrors the other names meanwhile.',
    });
  });
}

function protectedSoaFindings(keptSets: readonly KeptSet[], origin: WireName): MirrorFinding[] {
  const isProtected = keptSets.some(({ wireName, type }) => wireName === origin && type === 'SOA');
  if (!isProtected) return [];
  return findingOver({
    code: 'kept-conflict',
    severity: 'blocks',
    names: [origin],
    says: 'the SOA is protected in Route 53, so that the serial of what the mirror serves cannot be written.',
    hint: `Remove the protection of ${formatName(origin, 'decimal')} SOA.`,
  });
}
