import type { Desired, Document, Estate, Late, Value } from '../../engine/types.ts';
import { HOSTED_ZONE, zoneName } from '../../resources/aws-route53-hosted-zone.ts';
import type { HostedZoneProperties } from '../../resources/aws-route53-hosted-zone.ts';
import { tagList } from '../../resources/marker.ts';
import { nameOf } from '../function/names.ts';
import { MIRROR, mirrorFunctions, PLAN } from './functions.ts';
import type { ZoneReferences } from './functions.ts';
import { recordsOf } from './records.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

const ZONE = 'Zone';

/** A hosted zone of our own, or the one that the document names; everything in it that the source serves; and the functions. */
export function compile(document: Document<ZoneMirrorSpec>, estate: Estate): readonly Desired[] {
  const { spec } = document;
  const place = estate.place(spec.account, spec.region);
  const zone = referencesOf(spec);
  const records = recordsOf({
    spec,
    place,
    zoneId: zone.id,
    functions: { Mirror: nameOf(document, estate, MIRROR), Plan: nameOf(document, estate, PLAN) },
    // Where the primary cannot be reached from here, the functions write the records.
    ...(spec.via !== 'local' && { after: [MIRROR, PLAN] }),
  });
  const others = [records, ...mirrorFunctions(document, estate, zone)];
  if (spec.hostedZone.id !== undefined) return others;

  const properties: HostedZoneProperties = {
    Name: zoneName(spec.domain),
    ...(spec.hostedZone.comment !== undefined && { HostedZoneConfig: { Comment: spec.hostedZone.comment } }),
    VPCs: vpcsOf(spec, estate),
    ...(Object.keys(estate.tags).length > 0 && {
      HostedZoneTags: tagList(estate.tags),
    }),
  };
  return [{ id: ZONE, type: HOSTED_ZONE, place, properties: asValues(properties) }, ...others];
}

/** A zone that was made elsewhere is known by its id only. */
function referencesOf({ hostedZone }: ZoneMirrorSpec): ZoneReferences {
  if (hostedZone.id !== undefined) return { id: hostedZone.id };
  const id = { $get: [ZONE, 'Id'] } as const;
  return hostedZone.private ? { id } : { id, nameServer: { $get: [ZONE, 'NameServer'] } };
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

/** Interfaces have no index signature; what they hold here is data. */
function asValues(properties: object): Late<{ readonly [name: string]: Value }> {
  return properties as Late<{ readonly [name: string]: Value }>;
}
