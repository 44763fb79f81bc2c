import type {
  DescribeSpotInstanceRequestsRequest,
  DescribeSpotInstanceRequestsResult,
  SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { paged } from './describe.ts';
import { openFilters } from './filters.ts';
import type { FilterFields } from './filters.ts';
import { INSTANCE } from './instance-model.ts';
import type { StoredInstance } from './instance-model.ts';
import { derivedId, rowsOf } from './kind.ts';
import { zoneId } from './zones.ts';

const FILTERS: FilterFields<SpotInstanceRequest> = {
  'create-time': ({ CreateTime }) => CreateTime?.toISOString(),
  'instance-id': ({ InstanceId }) => InstanceId,
  'launched-availability-zone': ({ LaunchedAvailabilityZone }) => LaunchedAvailabilityZone,
  'launched-availability-zone-id': ({ LaunchedAvailabilityZoneId }) => LaunchedAvailabilityZoneId,
  'spot-instance-request-id': ({ SpotInstanceRequestId }) => SpotInstanceRequestId,
  state: ({ State }) => State,
  'status-code': ({ Status }) => Status?.Code,
  type: ({ Type }) => Type,
};

/** EC2 User Guide, "Spot request status": what becomes of a request when its instance is switched by a user. */
const STATUS = {
  running: ['active', 'fulfilled'],
  stopped: ['disabled', 'instance-stopped-by-user'],
  terminated: ['closed', 'instance-terminated-by-user'],
} as const;

/** The id of the request that a spot instance came from. */
export function spotRequestId(instance: string): string {
  return derivedId('sir', instance);
}

/**
 * The requests behind the spot instances that can be seen: DescribeInstances does not tell a one-time instance from one
 * that can be stopped. A persistent request makes no new instance here when its own is terminated.
 *
 * @throws InvalidSpotInstanceRequestID.NotFound
 */
export function describeSpotInstanceRequests(
  input: DescribeSpotInstanceRequestsRequest,
  context: CallContext,
): DescribeSpotInstanceRequestsResult {
  const all = rowsOf(INSTANCE, context).flatMap((row) => showRequest(row, context) ?? []);
  const { SpotInstanceRequestIds: ids = [] } = input;
  const absent = ids.find((id) => !all.some(({ SpotInstanceRequestId }) => SpotInstanceRequestId === id));
  if (absent !== undefined) {
    throw serviceError(
      'InvalidSpotInstanceRequestID.NotFound',
      `The spot instance request ID '${absent}' does not exist`,
    );
  }
  const named = all.filter(({ SpotInstanceRequestId: id = '' }) => ids.length === 0 || ids.includes(id));
  const { items, next } = paged(named.filter(openFilters(input.Filters, FILTERS)), {
    maxResults: input.MaxResults,
    nextToken: input.NextToken,
  });
  return { SpotInstanceRequests: items, ...next };
}

function showRequest(row: StoredInstance, { region }: CallContext): SpotInstanceRequest | undefined {
  const { id, spot, zone, created } = row;
  if (spot === undefined) return undefined;
  const [state, code] = STATUS[row.transition.to];
  return {
    SpotInstanceRequestId: spotRequestId(id),
    InstanceId: id,
    Type: spot,
    State: state,
    Status: { Code: code },
    CreateTime: new Date(created),
    LaunchedAvailabilityZone: zone,
    LaunchedAvailabilityZoneId: zoneId(zone, region),
    ProductDescription: 'Linux/UNIX',
  };
}
