import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { read, write } from '../service.ts';
import type { Access, CallContext, Operation } from '../service.ts';
import { launchKeys, launchedArns, requireTagging, resourceKeys } from './access.ts';
import { dry } from './dry-run.ts';
import { describeInstanceAttribute, modifyInstanceAttribute } from './instance-attributes.ts';
import { startInstances, stopInstances, terminateInstances } from './instance-changes.ts';
import { runInstances } from './instance-launch.ts';
import { describeInstances } from './instances.ts';
import { arn } from './kind.ts';
import { describeSpotInstanceRequests } from './spot-requests.ts';

interface About {
  readonly InstanceId?: string | undefined;
  readonly InstanceIds?: readonly string[] | undefined;
}

/** Each instance of a request must be allowed, by what it is and what tags it carries. */
const access: Access<About> = {
  resource: ({ InstanceId, InstanceIds = [] }, context) =>
    [...(InstanceId === undefined ? [] : [InstanceId]), ...InstanceIds].map((id) => arn('instance', id, context)),
  conditionsOf: (resource, _input, context) => resourceKeys(resource, context),
};

const launch = dry(runInstances);

export const instanceOperations = {
  DescribeInstanceAttribute: read(dry(describeInstanceAttribute), access),
  DescribeInstances: read(dry(describeInstances)),
  DescribeSpotInstanceRequests: read(dry(describeSpotInstanceRequests)),
  ModifyInstanceAttribute: write(dry(modifyInstanceAttribute), access),
  RunInstances: write(
    (input: RunInstancesRequest, context: CallContext) => {
      requireTagging(input, context);
      return launch(input, context);
    },
    { resource: launchedArns, conditionsOf: launchKeys },
  ),
  StartInstances: write(dry(startInstances), access),
  StopInstances: write(dry(stopInstances), access),
  TerminateInstances: write(dry(terminateInstances), access),
} satisfies Record<string, Operation>;
