import type { DescribeVpcEndpointsRequest, DescribeVpcEndpointsResult, State, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { CallContext } from '../service.ts';
import { describe } from './describe.ts';
import { find } from './kind.ts';
import type { Kind } from './kind.ts';
import { ENDPOINT, SECURITY_GROUP } from './model.ts';
import type { StoredEndpoint } from './model.ts';
import { tagsOf } from './tags.ts';

/** What AWS attaches where the request has no policy: "allows full access to the service". */
const FULL_ACCESS = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}';

export const endpoints: Kind<StoredEndpoint, VpcEndpoint> = {
  ...ENDPOINT,
  show: showEndpoint,
  filters: {
    'ip-address-type': ({ IpAddressType }) => IpAddressType,
    'service-name': ({ ServiceName }) => ServiceName,
    'service-region': ({ ServiceRegion }) => ServiceRegion,
    'vpc-endpoint-id': ({ VpcEndpointId }) => VpcEndpointId,
    'vpc-endpoint-state': ({ State }) => State,
    'vpc-endpoint-type': ({ VpcEndpointType }) => VpcEndpointType,
    'vpc-id': ({ VpcId }) => VpcId,
  },
};

export function showEndpoint(row: StoredEndpoint, context: CallContext): VpcEndpoint {
  return {
    VpcEndpointId: row.id,
    VpcEndpointType: row.type,
    VpcId: row.vpc,
    ServiceName: row.service,
    // AWS answers in lower case, the model has capitals (DescribeVpcEndpoints, Examples).
    State: 'available' as State,
    PolicyDocument: row.policy ?? FULL_ACCESS,
    RouteTableIds: [...row.routeTables],
    SubnetIds: [...row.subnets],
    Groups: row.groups.map((id) => ({ GroupId: id, GroupName: find(SECURITY_GROUP, id, context)?.name })),
    ...(row.type === 'Interface' && { IpAddressType: 'ipv4', DnsOptions: { DnsRecordIpType: 'ipv4' } }),
    PrivateDnsEnabled: row.privateDns,
    RequesterManaged: false,
    NetworkInterfaceIds: [...row.interfaces],
    DnsEntries: [],
    CreationTimestamp: new Date(row.created),
    OwnerId: context.caller.account,
    ServiceRegion: context.region,
    Tags: tagsOf(row.id, context),
  };
}

export function describeVpcEndpoints(
  input: DescribeVpcEndpointsRequest,
  context: CallContext,
): DescribeVpcEndpointsResult {
  const { items, next } = describe(
    endpoints,
    { ids: input.VpcEndpointIds, filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken },
    context,
  );
  return { VpcEndpoints: items, ...next };
}
