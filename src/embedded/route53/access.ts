import type { Change, VPC } from '@aws-sdk/client-route-53';
import type { Access, ConditionKeys } from '../service.ts';
import { canonicalName } from './name.ts';

/** Service Authorization Reference, "Actions, resources, and condition keys for Amazon Route 53". */

const ID_PREFIX = /^\/(?:hostedzone|change)\//;

export function zoneArn(id = ''): string {
  return `arn:aws:route53:::hostedzone/${id.replace(ID_PREFIX, '')}`;
}

/** Actions on the zone of the field `HostedZoneId`, with the VPC that they name. */
export const onZone: Access<{ readonly HostedZoneId?: string | undefined; readonly VPC?: VPC | undefined }> = {
  resource: ({ HostedZoneId: id }) => zoneArn(id),
  conditions: ({ VPC: vpc }) => vpcKey(vpc),
};

/** Actions on the zone of the field `Id`. */
export const onZoneById: Access<{ readonly Id?: string | undefined }> = { resource: ({ Id: id }) => zoneArn(id) };

export const onChange: Access<{ readonly Id?: string | undefined }> = {
  resource: ({ Id: id = '' }) => `arn:aws:route53:::change/${id.replace(ID_PREFIX, '')}`,
};

/** Actions that know no resources but a VPC. */
export const withVpc: Access<{
  readonly VPC?: VPC | undefined;
  readonly VPCId?: string | undefined;
  readonly VPCRegion?: string | undefined;
}> = { conditions: ({ VPC: vpc, VPCId, VPCRegion }) => vpcKey(vpc ?? { VPCId, VPCRegion }) };

/** Developer Guide, "Using IAM policy conditions for fine-grained access control": `VPCId=vpc-1,VPCRegion=us-east-1`. */
function vpcKey(
  vpc: { readonly VPCId?: string | undefined; readonly VPCRegion?: string | undefined } = {},
): ConditionKeys {
  if (vpc.VPCId === undefined || vpc.VPCRegion === undefined) return {};
  return { 'route53:VPCs': [`VPCId=${vpc.VPCId},VPCRegion=${vpc.VPCRegion}`] };
}

interface Tagged {
  readonly ResourceType?: string | undefined;
  readonly ResourceId?: string | undefined;
  readonly ResourceIds?: readonly string[] | undefined;
}

export const onTagged: Access<Tagged> = {
  resource: ({ ResourceType: type = '', ResourceId: id, ResourceIds: ids = [] }) =>
    (id === undefined ? ids : [id]).map((one) => `arn:aws:route53:::${type}/${one.replace(ID_PREFIX, '')}`),
};

interface Batch {
  readonly HostedZoneId?: string | undefined;
  readonly ChangeBatch?: { readonly Changes?: readonly Change[] | undefined } | undefined;
}

export const toChangeRecords: Access<Batch> = {
  resource: ({ HostedZoneId: id }) => zoneArn(id),
  conditions({ ChangeBatch: batch }) {
    const changes = batch?.Changes ?? [];
    const distinct = (list: readonly string[]): readonly string[] => [...new Set(list)];
    return {
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': distinct(
        changes.map(({ ResourceRecordSet: set }) => normalizedName(set?.Name ?? '')),
      ),
      'route53:ChangeResourceRecordSetsRecordTypes': distinct(
        changes.map(({ ResourceRecordSet: set }) => set?.Type ?? ''),
      ),
      'route53:ChangeResourceRecordSetsActions': distinct(changes.map(({ Action: action = '' }) => action)),
    };
  },
};

/** As that page has it: lower case, without the dot at the end, other characters as three-digit octal codes. */
function normalizedName(text: string): string {
  const parsed = canonicalName(text);
  return ('name' in parsed ? parsed.name : text.toLowerCase()).replace(/\.$/, '');
}
