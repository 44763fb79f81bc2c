import type { Aws } from '../../aws/clients.ts';
import { isAwsError, unknownFrom } from '../../aws/errors.ts';
import { formatName, parseName } from '../../dns/name.ts';
import type {
  Comparison,
  Difference,
  Draft,
  Finding,
  Observation,
  Present,
  Progress,
  ResourceType,
  Target,
  Unknown,
} from '../../engine/types.ts';
import { compareZone, RECORDS_PATH } from './comparison.ts';
import type { ZoneComparison } from './comparison.ts';
import { serialFindings } from './comparison-findings.ts';
import { readQuota, zoneNameOf } from './listing.ts';
import { attempt, lookAtZone } from './look.ts';
import type { Look, LookOptions } from './look.ts';
import { mirrorThrough } from './mirror-through.ts';
import { recordSetsPermissions } from './permissions.ts';
import { unmovedEffect } from './records-effect.ts';
import { openWriting } from './session.ts';
import { SourceFailure } from './source.ts';
import type { SourceReader, SourceSoa } from './source.ts';
import { notCompared, notReachable, quotaFinding, truncatedFinding, unknownSource } from './source-findings.ts';
import { RECORD_SETS } from './types.ts';
import type { RecordSetsAttributes, RecordSetsProperties, SourceProperties } from './types.ts';
import { route53Of } from '../route53-client.ts';
import { servedSerial } from './zone-state.ts';

export interface RecordSetsOptions extends LookOptions {
  /** What an unreachable source means: nothing to say about the records yet, or that they could not be looked at. */
  readonly unreachable: 'finding' | 'unknown';
}

/**
 * All record sets of a hosted zone, kept in line with a primary. Owned through the zone; one resource with an extent,
 * however many sets there are.
 */
export function createRecordSetsType(
  aws: Aws,
  sources: SourceReader,
  options: RecordSetsOptions,
): ResourceType<RecordSetsProperties, RecordSetsAttributes> {
  const looks = new Map<string, Look>();
  /** Zones whose writing began anew after a lost reply, with the change that must be in sync first. */
  const interrupted = new Map<string, string>();

  async function observe(
    target: Target<RecordSetsProperties>,
  ): Promise<Observation<RecordSetsProperties, RecordSetsAttributes>> {
    const { HostedZoneId: id, Referenced, Source } = target.properties;
    try {
      if (Referenced) await checkName(target);
      const known = looks.get(target.address) ?? (await lookAtZone(aws, sources, target, options));
      looks.set(target.address, known);
      if ('unknown' in known.source) return known.source.unknown;
      if ('failure' in known.source && !isQuiet(known.source.failure, target.properties)) {
        return unknownSource(known.source.failure);
      }
      return present(target, known);
    } catch (error) {
      if (isAwsError(error, 'NoSuchHostedZone')) {
        return {
          state: 'unknown',
          reason: 'failed',
          detail: `there is no hosted zone ${id} in ${target.place.account}`,
        };
      }
      if (error instanceof ZoneNameMismatch) {
        return {
          state: 'unknown',
          reason: 'failed',
          detail: `hosted zone ${id} is ${error.found}, not ${Source.Domain}`,
        };
      }
      return unknownFrom(error);
    }
  }

  async function checkName(target: Target<RecordSetsProperties>): Promise<void> {
    const { HostedZoneId: id, Source } = target.properties;
    if (looks.has(target.address)) return;
    const found = await zoneNameOf(await route53Of(aws, target.place), id);
    if (found !== parseName(Source.Domain, 'decimal')) throw new ZoneNameMismatch(formatName(found, 'decimal'));
  }

  /** Nothing can be said of the source from here: the mirror function will say it once it exists. */
  function isQuiet(failure: SourceFailure, { Source }: Pick<RecordSetsProperties, 'Source'>): boolean {
    return !failure.reachable && Source.Via !== 'local' && options.unreachable === 'finding';
  }

  async function compare(
    target: Target<RecordSetsProperties>,
    seen: Present<RecordSetsProperties, RecordSetsAttributes>,
  ): Promise<Comparison | Unknown> {
    const known = looks.get(target.address);
    if (!known) throw new Error(`${target.address} is compared before it is observed`);
    const { source, state } = known;
    if (known.writing?.finished || known.isMirrored) return { differences: [] };
    if ('failure' in source) return unseen(target, source.failure);
    if ('soa' in source) return unmoved(target, source.soa, seen.attributes.serial);
    if ('remote' in source) {
      const { comparison, truncated } = source.remote;
      if (!truncated) return comparison;
      return { ...comparison, findings: [...(comparison.findings ?? []), truncatedFinding(target.address)] };
    }
    if (!('zone' in source)) throw new Error(`${target.address} is compared though it could not be looked at`);
    known.comparison ??= compareZone(target.address, target.properties, source.zone, state);
    try {
      // Asked once a look: what is written now grows the zone, as was foreseen.
      known.quota ??= await quotaFindings(target, known.comparison);
    } catch (error) {
      return unknownFrom(error);
    }
    return {
      ...known.comparison,
      findings: [...(known.comparison.findings ?? []), ...(known.writing ? [] : known.quota)],
    };
  }

  async function quotaFindings(
    target: Target<RecordSetsProperties>,
    comparison: ZoneComparison,
  ): Promise<readonly Finding[]> {
    const { peakGrowth } = comparison.packing;
    if (peakGrowth <= 0) return [];
    const { limit, count } = await readQuota(await route53Of(aws, target.place), target.properties.HostedZoneId);
    if (count + peakGrowth <= limit) return [];
    return [quotaFinding(target.address, limit, count + peakGrowth)];
  }

  async function foresee(draft: Draft<RecordSetsProperties>): Promise<Comparison | Unknown> {
    const properties = draft.properties as RecordSetsProperties;
    const zone =
      properties.Source.Via === 'lambda'
        ? new SourceFailure('the mirror function does not exist yet', { reachable: false })
        : await attempt(() => sources.zone(properties.Source, draft.place));
    if (zone instanceof SourceFailure) {
      return isQuiet(zone, properties) ? unseen({ ...draft, properties }, zone) : unknownSource(zone);
    }
    const comparison = compareZone(draft.address, properties, zone, { apex: undefined });
    const { differences, effects = [], findings = [], packing } = comparison;
    if (packing.peakGrowth <= NEW_ZONE_QUOTA) return { differences, effects, findings };
    // The quota is raised zone by zone: the zone has to be there first.
    const quota = quotaFinding(draft.address, NEW_ZONE_QUOTA, packing.peakGrowth);
    return { differences: [], effects, findings: [...findings, { ...quota, severity: 'warning' }] };
  }

  async function update(target: Target<RecordSetsProperties>, differences: readonly Difference[]): Promise<Progress> {
    const id = target.properties.HostedZoneId;
    const known = looks.get(target.address);
    if (options.remote && known && 'remote' in known.source) {
      await mirrorThrough(options.remote, target, differences);
      known.isMirrored = true;
      return { done: true };
    }
    if (!known?.comparison) throw new Error(`${target.address} is written before it is compared`);
    const { packing, soa } = known.comparison;
    known.writing ??= openWriting(await route53Of(aws, target.place), id, packing, soa, interrupted.get(id));
    const { reload, ...progress } = await known.writing.step();
    if (reload) {
      looks.delete(target.address);
      const { lastChange } = known.writing;
      if (lastChange !== undefined) interrupted.set(id, lastChange);
    }
    return progress;
  }

  return {
    type: RECORD_SETS,
    marker: 'container',
    managed: [],
    source: 'the primary',
    describe: ({ properties }) => (properties.Source as SourceProperties).Domain,
    permissions: recordSetsPermissions,
    exclusive: (target) => target.properties.HostedZoneId,
    observe,
    compare,
    foresee,

    // A zone is never without record sets: as soon as it can be looked at it is present.
    create: async () => ({ done: false, waiting: 'for the hosted zone', again: 1_000 }),

    update: (target, _seen, differences) => update(target, differences),
  };
}

/** Record sets a new hosted zone may hold until AWS raises it (Route 53 quotas). */
const NEW_ZONE_QUOTA = 10_000;

class ZoneNameMismatch extends Error {
  readonly found: string;

  constructor(found: string) {
    super(`the hosted zone is ${found}`);
    this.found = found;
  }
}

function present(
  target: Target<RecordSetsProperties>,
  { state }: Look,
): Present<RecordSetsProperties, RecordSetsAttributes> {
  return {
    state: 'present',
    resource: target.properties.HostedZoneId,
    properties: target.properties,
    attributes: { serial: servedSerial(state) },
    marker: `${target.owner}/${target.address}`,
    witness: true,
    applied: undefined,
    protected: false,
  };
}

/** Where nobody can reach the source yet, a live mirror is written by the function as soon as that is there. */
function unseen(draft: Draft<RecordSetsProperties>, failure: SourceFailure): Comparison {
  const { Rules } = draft.properties as RecordSetsProperties;
  const findings = [notReachable(draft.address, failure)];
  if (Rules.Mode !== 'live') return { differences: [], findings, later: true };
  const difference: Difference = { path: RECORDS_PATH, before: null, after: null, live: true, cause: 'unknown' };
  return { differences: [difference], findings };
}

/** Only the SOAs were read: the serial has not moved, or it went backwards. */
function unmoved(
  { address, properties }: Target<RecordSetsProperties>,
  source: SourceSoa,
  served: number | null,
): Comparison {
  const { serial } = source.soa;
  const effects = [unmovedEffect(address, properties, source.primary, { from: served ?? serial, to: serial })];
  const { Source, Rules } = properties;
  const backwards = serialFindings(address, Source.Domain, served, serial, Rules.AcceptSerial);
  return { differences: [], effects, findings: backwards.length > 0 ? backwards : [notCompared(address, serial)] };
}
