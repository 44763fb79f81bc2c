import type { Document, Estate } from '../../engine/types.ts';
import { invokePermissions } from '../../resources/invoke.ts';
import { networkPermissions } from '../../resources/network.ts';
import { alarmTopicAsks } from '../alarm-topic-findings.ts';
import { nameOf } from '../function/names.ts';
import { asksIn } from '../readers.ts';
import type { Ask } from '../readers.ts';
import { PLAN } from './functions.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** What `look`, `verify` and the look for the zone's VPCs ask of IAM. */
export function asks(document: Document<ZoneMirrorSpec>, estate: Estate): readonly Ask[] {
  const { account, region, network, hostedZone } = document.spec;
  const place = estate.place(account, region);
  const seen = { subnets: network?.subnets ?? [], securityGroups: network?.securityGroups ?? [], vpcs: [] };
  return [
    ...asksIn(place, networkPermissions(seen)),
    ...(hostedZone.vpcs ?? []).flatMap((vpc) =>
      asksIn(
        estate.place(vpc.account ?? place.account),
        networkPermissions({ subnets: [], securityGroups: [], vpcs: [vpc.id] }),
      ),
    ),
    ...asksIn(place, invokePermissions(place, nameOf(document, estate, PLAN))),
    ...alarmTopicAsks(place, estate),
  ];
}
