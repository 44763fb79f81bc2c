import type { Draft, Permission, Use } from '../engine/types.ts';
import { globalArn } from './arns.ts';
import type { HostedZoneProperties } from './aws-route53-hosted-zone.ts';
import type { HostedZoneVpc } from './hosted-zone-vpcs.ts';
import { permit } from './permissions.ts';

type ZoneDraft = Draft<HostedZoneProperties>;

/** Route 53 chooses the id of a zone, and a look by name meets other zones as well: all zones of the account are meant. */
export function zonePermissions(draft: ZoneDraft, use: Use): readonly Permission[] {
  const onZones = (...names: readonly string[]): readonly Permission[] =>
    permit('route53', globalArn('route53', draft.place, 'hostedzone/*', ''), names);
  const { HostedZoneConfig: settings, VPCs } = draft.properties;
  const isPrivate = VPCs.length > 0;
  const foreign = VPCs.filter((vpc) => isForeign(draft, vpc));
  const authorizations =
    foreign.length > 0 ? onZones('CreateVPCAssociationAuthorization', 'DeleteVPCAssociationAuthorization') : [];
  // Route 53 asks EC2 with the caller's rights (Developer Guide, "Permissions required to use the Amazon Route 53 API").
  const ofVpcs = isPrivate ? permit('ec2', '*', ['DescribeVpcs']) : [];
  switch (use) {
    case 'read':
      return [
        ...permit('route53', '*', ['ListHostedZones', 'ListHostedZonesByName']),
        ...onZones('GetHostedZone', 'ListTagsForResources'),
      ];
    case 'create':
      return [
        ...permit('route53', '*', ['CreateHostedZone']),
        ...onZones('ChangeTagsForResource'),
        ...(settings ? onZones('UpdateHostedZoneComment') : []),
        // The first VPC of the zone's account comes with its creation.
        ...(VPCs.length > 1 || foreign.length > 0 ? onZones('AssociateVPCWithHostedZone') : []),
        ...authorizations,
        ...ofVpcs,
      ];
    case 'update':
      return [
        ...onZones('ChangeTagsForResource'),
        ...(settings ? onZones('UpdateHostedZoneComment') : []),
        ...(isPrivate ? onZones('AssociateVPCWithHostedZone', 'DisassociateVPCFromHostedZone') : []),
        ...authorizations,
        ...ofVpcs,
      ];
    case 'delete':
      return onZones('ListResourceRecordSets', 'ChangeResourceRecordSets', 'DeleteHostedZone');
    case 'adopt':
      return onZones('ChangeTagsForResource');
    case 'release':
      return onZones('ChangeTagsForResource', 'UpdateHostedZoneComment');
  }
}

function isForeign({ place }: ZoneDraft, vpc: ZoneDraft['properties']['VPCs'][number]): boolean {
  const { VPCAccount: account } = vpc as HostedZoneVpc;
  return account !== undefined && account !== place.account;
}

/** What associating VPCs of other accounts takes there, by account (Developer Guide, "Associating … different accounts"). */
export function foreignVpcPermissions(
  draft: ZoneDraft,
): readonly { readonly account: string; readonly permission: Permission }[] {
  const accounts = (draft.properties.VPCs as readonly HostedZoneVpc[]).flatMap(({ VPCAccount }) => VPCAccount ?? []);
  const onZones = globalArn('route53', draft.place, 'hostedzone/*', '');
  return [...new Set(accounts)]
    .filter((account) => account !== draft.place.account)
    .flatMap((account) =>
      [...permit('route53', onZones, ['AssociateVPCWithHostedZone']), ...permit('ec2', '*', ['DescribeVpcs'])].map(
        (permission) => ({ account, permission }),
      ),
    );
}
