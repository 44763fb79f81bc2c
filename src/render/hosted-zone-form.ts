import type { HostedZoneProperties } from '../resources/aws-route53-hosted-zone.ts';
import { commaList, getAtt, ref } from './intrinsics.ts';
import type { Declaration, Form, LeftOutWhole, Output, Properties } from './rows.ts';

/**
 * AWS::Route53::HostedZone associates VPCs of its own account only, and a zone without any would be a public one. It
 * takes the list for all there is; in a zone that was taken over there may be VPCs that trueup left alone.
 */
export function hostedZoneForm({ document, desired, properties }: Declaration): Form | LeftOutWhole {
  const { VPCs = [], ...rest } = properties;
  const declared = VPCs as unknown as HostedZoneProperties['VPCs'];
  const own = declared.filter(({ VPCAccount = desired.place.account }) => VPCAccount === desired.place.account);
  const others = declared.filter((vpc) => !own.includes(vpc));
  const othersText = others.map(({ VPCId, VPCAccount }) => `${VPCId} of ${VPCAccount}`).join(', ');
  if (declared.length > 0 && own.length === 0) {
    return {
      why: `all its VPCs are of other accounts (${othersText}), and without one of its own a template makes a public zone: it stays as it is, and its id is a parameter`,
    };
  }
  return {
    properties: {
      ...rest,
      ...(own.length > 0 && { VPCs: own.map(({ VPCId, VPCRegion }) => ({ VPCId, VPCRegion })) }),
    },
    leftOut: {
      ...(others.length > 0 && {
        VPCs: `a template associates no VPCs of other accounts (${othersText}): they stay associated; another one takes aws route53 create-vpc-association-authorization and associate-vpc-with-hosted-zone`,
      }),
      ...(others.length === 0 &&
        own.length > 0 &&
        document.adopt && {
          VPCs: 'the zone was taken over, and VPCs that others associated are in no document: add them to the template before a later change of VPCs takes them off',
        }),
    },
  };
}

/** A private zone has no name servers to delegate to (template reference, "Return values"). */
export function hostedZoneOutputs(logicalId: string, { VPCs }: Properties): Readonly<Record<string, Output>> {
  return {
    Id: { what: 'ID of the hosted zone', value: ref(logicalId) },
    ...(VPCs === undefined && {
      NameServers: {
        what: 'name servers (separated by commas) of the hosted zone',
        value: commaList(getAtt(logicalId, 'NameServers')),
      },
    }),
  };
}
