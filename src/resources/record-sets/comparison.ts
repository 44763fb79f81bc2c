import { packBatches } from '../../dns/batches.ts';
import type { Packing } from '../../dns/batches.ts';
import { changeFingerprint, diffZones, zoneDigest } from '../../dns/diff.ts';
import { alignMirror } from '../../dns/mirror/align.ts';
import { selectKept } from '../../dns/mirror/select-kept.ts';
import { selectMirrored } from '../../dns/mirror/select-mirrored.ts';
import { watchedFindings } from '../../dns/mirror/watched.ts';
import { formatName, parseName } from '../../dns/name.ts';
import { readSoa, writeSoa } from '../../dns/rdata.ts';
import { toRoute53 } from '../../dns/route53.ts';
import { typeName } from '../../dns/rr-types.ts';
import type { RRset, RRsetChange, Soa } from '../../dns/types.ts';
import type { Address, Cause, Comparison, Difference, Value } from '../../engine/types.ts';
import {
  fromMirror,
  heldBack,
  heldFindings,
  lagFindings,
  sameSerial,
  serialFindings,
  uncoupled,
} from './comparison-findings.ts';
import type { ApexSoa } from './listing.ts';
import { recordsEffect } from './records-effect.ts';
import type { SourceZone } from './source.ts';
import type { RecordSetsProperties } from './types.ts';
import { servedSerial } from './zone-state.ts';
import type { ZoneState } from './zone-state.ts';

/** A comparison with what the writing needs. */
export interface ZoneComparison extends Comparison {
  readonly packing: Packing;
  /** The apex SOA as it shall be; undefined: it is so, or there is none to write to yet. */
  readonly soa: RRset | undefined;
}

export const RECORDS_PATH = 'ResourceRecordSets';

/** Holds what the source serves against what Route 53 holds. Pure. */
export function compareZone(
  address: Address,
  properties: Pick<RecordSetsProperties, 'Source' | 'Rules'>,
  source: SourceZone,
  state: ZoneState,
): ZoneComparison {
  const { Rules, Source } = properties;
  const origin = parseName(Source.Domain, 'decimal');
  const mirrored = selectMirrored(source.zone, {
    exclude: Rules.Exclude,
    unsupportedTypes: Rules.UnsupportedTypes,
    apexNs: Rules.ApexNs,
    allowUnsignedMirror: Rules.AllowUnsignedMirror,
    partial: Rules.Partial,
  });
  const kept = selectKept(state.listing?.sets ?? [], {
    exclude: Rules.Exclude,
    apexNs: Rules.ApexNs,
    origin,
    protectedSets: state.listing?.protections ?? [],
  });
  const aligned = alignMirror(mirrored, kept, {
    origin,
    apexNs: Rules.ApexNs,
    partial: Rules.Partial,
    ignoreTtl: Rules.IgnoreTtl,
  });
  const { before: ours, after: desired } = aligned;
  const { changes: all, unchanged } = diffZones(ours, desired, { ignoreTtl: Rules.IgnoreTtl });
  const versions = { origin, before: ours, after: desired };
  const whole = packBatches(all, versions);
  const held = heldBack(all, whole, state.listing?.protections ?? []);
  const isHeld = ({ name }: RRsetChange): boolean => held.names.has(name);
  const isCut = Rules.Partial && held.names.size > 0;
  const changes = isCut ? all.filter((change) => !isHeld(change)) : all;
  const packing = isCut ? packBatches(changes, versions) : whole;
  const soa = wantedSoa(state.apex, source.soa);
  const from = servedSerial(state);
  const extent = {
    create: changes.filter(({ before }) => !before).length,
    update: changes.filter(({ before, after }) => before && after).length,
    delete: changes.filter(({ after }) => !after).length,
    population: ours.length,
  };
  const isLive = Rules.Mode === 'live';
  // One serial and other content: somebody wrote to the mirror, or forgot to raise the serial at the source.
  const cause: Cause = changes.length > 0 && from === source.soa.serial ? 'drift' : 'unknown';
  const difference: Difference = {
    path: RECORDS_PATH,
    before: isLive ? { serial: from } : { serial: from, digest: zoneDigest(ours) },
    after: isLive ? { serial: source.soa.serial } : { serial: source.soa.serial, digest: zoneDigest(desired) },
    extent,
    cause,
    ...(isLive ? { live: true } : { items: changes.map(changeFingerprint).sort() }),
  };
  const isNeeded = changes.length > 0 || soa !== undefined || state.apex === undefined;
  const findings = [
    ...[...aligned.findings, ...watchedFindings(from === null ? [] : changes)].map((finding) =>
      fromMirror(address, finding),
    ),
    ...heldFindings(address, held, Rules.Partial),
    ...sameSerial(address, cause, source.soa.serial),
    ...uncoupled(address, packing),
    ...serialFindings(address, Source.Domain, from, source.soa.serial, Rules.AcceptSerial),
    ...lagFindings(address, source),
  ];
  const batches = packing.phases.reduce((sum, phase) => sum + phase.batches.length, 0);
  const effect = recordsEffect(address, properties, source.primary, {
    serial: { from, to: source.soa.serial },
    add: extent.create,
    change: extent.update,
    remove: extent.delete,
    unchanged,
    kept: kept.kept,
    batches,
    // Each phase is followed by at least one look whether it is in sync; the SOA is written last.
    calls: isNeeded ? batches + packing.phases.length + 1 : 0,
    blocked: [...new Set([...aligned.blockedNames, ...held.names])].map((name) => formatName(name, 'decimal')),
    maxStaleSeconds: changes.reduce((longest, { before }) => Math.max(longest, before?.ttl ?? 0), 0),
    records: changes.map(recordOf),
  });
  return {
    differences: isNeeded ? [difference] : [],
    kept: kept.kept,
    effects: [effect],
    findings,
    packing,
    soa,
  };
}

/** Route 53's own SOA with the source's serial and negative TTL; undefined when it says so already. */
function wantedSoa(apex: ApexSoa | undefined, source: Soa): RRset | undefined {
  if (!apex) return undefined;
  if (apex.soa.serial === source.serial && apex.soa.minimum === source.minimum) return undefined;
  // Without the text as listed: that is the old one.
  const {
    name,
    type,
    ttl,
    rdata: [rdata = ''],
  } = apex.set;
  return { name, type, ttl, rdata: [writeSoa({ ...readSoa(rdata), serial: source.serial, minimum: source.minimum })] };
}

function recordOf({ name, type, before, after }: RRsetChange): { readonly [key: string]: Value } {
  const side = (set: RRset | undefined): Value =>
    set ? { ttl: set.ttl, values: toRoute53(set).ResourceRecords.map(({ Value: text }) => text) } : null;
  return {
    action: before ? (after ? 'change' : 'remove') : 'add',
    name: formatName(name, 'decimal'),
    type: typeName(type),
    before: side(before),
    after: side(after),
  };
}
