import type { Desired, Late, Place, Ref, Value } from '../../engine/types.ts';
import { zoneName } from '../../resources/aws-route53-hosted-zone.ts';
import { RECORD_SETS } from '../../resources/record-sets/types.ts';
import type { MirrorRules, RecordSetsProperties, SourceProperties } from '../../resources/record-sets/types.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

export const RECORDS = 'Records';

export interface RecordsRequest {
  readonly spec: ZoneMirrorSpec;
  readonly place: Place;
  readonly zoneId: string | Ref;
  readonly functions: RecordSetsProperties['Functions'];
  readonly after?: readonly string[];
}

/** Everything in the hosted zone that the source serves: what plan and apply look at, and the function too. */
export function recordsOf({ spec, place, zoneId, functions, after }: RecordsRequest): Desired {
  const properties = {
    HostedZoneId: zoneId,
    Referenced: spec.hostedZone.id !== undefined,
    Source: sourceOf(spec),
    Rules: rulesOf(spec),
    Functions: functions,
  } satisfies Late<RecordSetsProperties>;
  return {
    id: RECORDS,
    type: RECORD_SETS,
    place,
    // Interfaces have no index signature; what they hold here is data.
    properties: properties as unknown as Late<{ readonly [name: string]: Value }>,
    ...(after && { after }),
  };
}

function sourceOf(spec: ZoneMirrorSpec): SourceProperties {
  return {
    Domain: zoneName(spec.domain),
    Primaries: spec.primaries,
    ...(spec.tsig !== 'none' && {
      Tsig: { Name: spec.tsig.name, Algorithm: spec.tsig.algorithm, Secret: spec.tsig.secret },
    }),
    Via: spec.via,
  };
}

function rulesOf(spec: ZoneMirrorSpec): MirrorRules {
  return {
    Mode: spec.records,
    IgnoreTtl: spec.ignoreTtl,
    Exclude: spec.exclude,
    UnsupportedTypes: spec.unsupportedTypes,
    ApexNs: spec.apexNs,
    Partial: spec.partial,
    AllowUnsignedMirror: spec.allowUnsignedMirror,
    AcceptSerial: spec.acceptSerial,
  };
}
