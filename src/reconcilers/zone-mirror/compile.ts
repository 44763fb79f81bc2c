import type { Desired, Document, Estate, Late, Value } from '../../engine/types.ts';
import { HOSTED_ZONE, zoneName } from '../../resources/aws-route53-hosted-zone.ts';
import type { HostedZoneProperties } from '../../resources/aws-route53-hosted-zone.ts';
import { RECORD_SETS } from '../../resources/record-sets/types.ts';
import type { MirrorRules, RecordSetsProperties, SourceProperties } from '../../resources/record-sets/types.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

const ZONE = 'Zone';
const RECORDS = 'Records';

/** A hosted zone of our own, or the one that the document names, and everything in it that the source serves. */
export function compile(document: Document<ZoneMirrorSpec>, estate: Estate): readonly Desired[] {
  const { spec } = document;
  const place = estate.place(spec.account, spec.region);
  const records = {
    HostedZoneId: spec.hostedZone.id ?? { $get: [ZONE, 'Id'] },
    Referenced: spec.hostedZone.id !== undefined,
    Source: sourceOf(spec),
    Rules: rulesOf(spec),
  } satisfies Late<RecordSetsProperties>;
  const group: Desired = { id: RECORDS, type: RECORD_SETS, place, properties: asValues(records) };
  if (spec.hostedZone.id !== undefined) return [group];

  const zone: HostedZoneProperties = {
    Name: zoneName(spec.domain),
    ...(spec.hostedZone.comment !== undefined && { HostedZoneConfig: { Comment: spec.hostedZone.comment } }),
    VPCs: vpcsOf(spec, estate),
    ...(Object.keys(estate.tags).length > 0 && {
      HostedZoneTags: Object.entries(estate.tags)
        .map(([Key, Value_]) => ({ Key, Value: Value_ }))
        .sort((a, b) => (a.Key < b.Key ? -1 : 1)),
    }),
  };
  return [{ id: ZONE, type: HOSTED_ZONE, place, properties: asValues(zone) }, group];
}

function vpcsOf(spec: ZoneMirrorSpec, estate: Estate): HostedZoneProperties['VPCs'] {
  const home = estate.place(spec.account, spec.region);
  return (spec.hostedZone.vpcs ?? [])
    .map(({ id, region, account }) => {
      const owner = account === undefined ? home.account : estate.place(account).account;
      return {
        VPCId: id,
        VPCRegion: region ?? home.region,
        ...(owner !== home.account && { VPCAccount: owner }),
      };
    })
    .sort((a, b) => (a.VPCId < b.VPCId ? -1 : 1));
}

function sourceOf(spec: ZoneMirrorSpec): SourceProperties {
  return {
    Domain: zoneName(spec.domain),
    Primaries: spec.primaries,
    ...(spec.tsig !== 'none' && {
      Tsig: { Name: spec.tsig.name, Algorithm: spec.tsig.algorithm, Secret: spec.tsig.secret },
    }),
    Via: spec.via === 'local' ? 'local' : 'auto',
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

/** Interfaces have no index signature; what they hold here is data. */
function asValues(properties: object): Late<{ readonly [name: string]: Value }> {
  return properties as Late<{ readonly [name: string]: Value }>;
}
