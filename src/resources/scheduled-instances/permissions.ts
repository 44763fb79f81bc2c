import type { Draft, Permission, Use } from '../../engine/types.ts';
import { arn } from '../arns.ts';
import { permit } from '../permissions.ts';
import type { ScheduledInstancesProperties } from './types.ts';

/** Looking knows no finer grain than everything; tags are written on instances of one account and region. */
export function scheduledInstancesPermissions(
  { place, properties }: Draft<ScheduledInstancesProperties>,
  use: Use,
): readonly Permission[] {
  if (use === 'read') return permit('ec2', '*', ['DescribeInstances', 'DescribeSpotInstanceRequests']);
  if (use === 'adopt') return [];
  const Assign = properties.Assign as ScheduledInstancesProperties['Assign'] | undefined;
  if (use === 'create' && Assign?.length === 0) return [];
  return permit('ec2', arn('ec2', place, 'instance/*'), ['CreateTags', 'DeleteTags']);
}
