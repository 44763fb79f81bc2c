import type { Aws } from '../../aws/clients.ts';
import { isAwsError, unknownFrom } from '../../aws/errors.ts';
import { formatName, parseName } from '../../dns/name.ts';
import { documentOf } from '../../engine/address.ts';
import type {
  Comparison,
  Draft,
  Finding,
  Observation,
  Present,
  ResourceType,
  Target,
  Unknown,
} from '../../engine/types.ts';
import { compareZone } from './comparison.ts';
import type { ZoneComparison } from './comparison.ts';
import { readQuota, zoneNameOf } from './listing.ts';
import { unmovedEffect } from './records-effect.ts';
import { openWriting } from './session.ts';
import type { WritingSession } from './session.ts';
import { SourceFailure } from './source.ts';
import type { SourceReader, SourceSoa, SourceZone } from './source.ts';
import { RECORD_SETS } from './types.ts';
import type { RecordSetsAttributes, RecordSetsProperties, SourceProperties } from './types.ts';
import { route53Of } from '../route53-client.ts';
import { readState, servedSerial } from './zone-state.ts';
import type { ZoneState } from './zone-state.ts';

export interface RecordSetsOptions {
  /** `when-moved`: a live mirror whose serial has not moved is neither transferred nor listed. */
  readonly listing: 'always' | 'when-moved';
  /** What an unreachable source means: nothing to say about the records yet, or that they could not be looked at. */
  readonly unreachable: 'finding' | 'unknown';
}

/** What is known of one zone in the course of one command. */
interface Look {
  readonly state: ZoneState;
  readonly source: { readonly soa: SourceSoa } | { readonly zone: SourceZone } | { readonly failure: SourceFailure };
  comparison?: ZoneComparison;
  writing?: WritingSession;
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

  async function look(target: Target<RecordSetsProperties>): Promise<Look> {
    const { HostedZoneId: id, Source, Rules } = target.properties;
    const isShallow = options.listing === 'when-moved' && Rules.Mode === 'live';
    const first = await attempt(() => sources.soa(Source, target.place));
    if (first instanceof SourceFailure) return { state: await read(undefined), source: { failure: first } };
    const state = await read(isShallow ? first.soa.serial : undefined);
    if (!state.listing) return { state, source: { soa: first } };
    const transferred = await attempt(() => sources.zone(Source, target.place));
    return { state, source: transferred instanceof SourceFailure ? { failure: transferred } : { zone: transferred } };

    function read(unmovedSerial: number | undefined): Promise<ZoneState> {
      return readState(aws, target.place, id, Source.Domain, unmovedSerial);
    }
  }

  async function observe(
    target: Target<RecordSetsProperties>,
  ): Promise<Observation<RecordSetsProperties, RecordSetsAttributes>> {
    const { HostedZoneId: id, Referenced, Source } = target.properties;
    try {
      if (Referenced) await checkName(target);
      const known = looks.get(target.address) ?? (await look(target));
      looks.set(target.address, known);
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
    return !failure.reachable && Source.Via === 'auto' && options.unreachable === 'finding';
  }

  async function compare(
    target: Target<RecordSetsProperties>,
    seen: Present<RecordSetsProperties, RecordSetsAttributes>,
  ): Promise<Comparison> {
    const known = looks.get(target.address);
    if (!known) throw new Error(`${target.address} is compared before it is observed`);
    const { source, state } = known;
    if (known.writing?.finished) return { differences: [] };
    if ('failure' in source) return { differences: [], findings: [notReachable(target.address, source.failure)] };
    if ('soa' in source) {
      const { primary } = source.soa;
      const serial = seen.attributes.serial ?? source.soa.soa.serial;
      return {
        differences: [],
        effects: [unmovedEffect(target.address, target.properties, primary, serial)],
        findings: [notCompared(target.address, serial)],
      };
    }
    known.comparison ??= compareZone(target.address, target.properties, source.zone, state);
    const quota = known.writing ? [] : await quotaFindings(target, known.comparison);
    return { ...known.comparison, findings: [...(known.comparison.findings ?? []), ...quota] };
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
    const zone = await attempt(() => sources.zone(properties.Source, draft.place));
    if (zone instanceof SourceFailure) {
      if (!isQuiet(zone, properties)) return unknownSource(zone);
      return { differences: [], findings: [notReachable(draft.address, zone)] };
    }
    const comparison = compareZone(draft.address, properties, zone, { apex: undefined });
    const { differences, effects = [], findings = [], packing } = comparison;
    if (packing.peakGrowth <= NEW_ZONE_QUOTA) return { differences, effects, findings };
    // The quota is raised zone by zone: the zone has to be there first.
    const quota = quotaFinding(draft.address, NEW_ZONE_QUOTA, packing.peakGrowth);
    return { differences: [], effects, findings: [...findings, { ...quota, severity: 'warning' }] };
  }

  return {
    type: RECORD_SETS,
    marker: 'container',
    managed: [],
    describe: ({ properties }) => (properties.Source as SourceProperties).Domain,
    exclusive: (target) => target.properties.HostedZoneId,
    observe,
    compare,
    foresee,

    // A zone is never without record sets: as soon as it can be looked at it is present.
    create: async () => ({ done: false, waiting: 'for the hosted zone', again: 1_000 }),

    async update(target) {
      const id = target.properties.HostedZoneId;
      const known = looks.get(target.address);
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
    },
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

async function attempt<Result>(read: () => Promise<Result>): Promise<Result | SourceFailure> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SourceFailure) return error;
    throw error;
  }
}

function unknownSource(failure: SourceFailure): Unknown {
  const detail = failure.hint ? `${failure.message} (${failure.hint})` : failure.message;
  return { state: 'unknown', reason: failure.reachable ? 'failed' : 'unreachable', detail };
}

function notCompared(address: string, serial: number): Finding {
  return {
    document: documentOf(address),
    code: 'records-not-compared',
    severity: 'info',
    message: `the records were not compared: serial ${serial} has not moved`,
    hint: 'compare them all the same, after an edit of the document or a change by hand: trueup plan --full',
  };
}

function notReachable(address: string, failure: SourceFailure): Finding {
  return {
    document: documentOf(address),
    code: 'source-not-reachable-yet',
    severity: 'warning',
    message: `the records could not be compared: ${failure.message}`,
    ...(failure.hint && { hint: failure.hint }),
  };
}

function quotaFinding(address: string, limit: number, peak: number): Finding {
  return {
    document: documentOf(address),
    code: 'zone-quota',
    severity: 'blocks',
    message: `the zone would hold ${peak.toLocaleString('en-US')} record sets at its fullest moment, its quota is ${limit.toLocaleString('en-US')}`,
    hint: 'ask AWS for a higher quota (Service Quotas, Route 53, record sets per hosted zone), or exclude names',
  };
}
