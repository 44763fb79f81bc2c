import { EC2Client, paginateDescribeInstances, paginateDescribeSpotInstanceRequests } from '@aws-sdk/client-ec2';
import type { Instance as Described } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { watchSkew } from '../aws/clock-skew.ts';
import type { Clock, Place } from '../engine/types.ts';
import { INSTANCE_STATES } from '../schedule/types.ts';
import type { InstanceState } from '../schedule/types.ts';
import { tagsOf } from './marker.ts';
import type { Tags } from './marker.ts';

/** An EC2 instance, as far as a schedule must know it. */
export interface Instance {
  readonly id: string;
  readonly type: string;
  readonly state: InstanceState;
  /** Of its last start; milliseconds since the epoch. */
  readonly launched?: number;
  /** When somebody stopped it; milliseconds since the epoch, as far as EC2 still says so. */
  readonly stopped?: number;
  readonly tags: Tags;
  /** Its root device is an instance store: it can only be terminated. */
  readonly isInstanceStore: boolean;
  /** A spot instance of a request that is for once: it can only be terminated. */
  readonly isOneTimeSpot: boolean;
  /** It was launched so that it can be hibernated. */
  readonly canHibernate: boolean;
}

/** Largest page of DescribeInstances (EC2 API reference). */
const PAGE = 1_000;
/** Spot requests that are asked for at once. */
const REQUESTS = 200;

/** Those that carry any of these tag keys, in any state, by id. Filtered by EC2; 200 keys at most. */
export async function listInstances(aws: Aws, place: Place, tagKeys: readonly string[]): Promise<readonly Instance[]> {
  const client = await aws.client(EC2Client, place);
  const Filters = [{ Name: 'tag-key', Values: tagKeys.map(literal) }];
  const found: Described[] = [];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client, pageSize: PAGE }, { Filters })) {
    found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
  }
  const oneTime = await oneTimeRequests(client, found);
  return found.map((described) => instanceOf(described, oneTime)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Of the spot requests behind these instances those that are for once; nothing is asked where there are none. */
async function oneTimeRequests(client: EC2Client, instances: readonly Described[]): Promise<ReadonlySet<string>> {
  const ids = instances.flatMap(({ SpotInstanceRequestId: id }) => id ?? []);
  const oneTime = new Set<string>();
  for (let from = 0; from < ids.length; from += REQUESTS) {
    const request = { SpotInstanceRequestIds: ids.slice(from, from + REQUESTS) };
    for await (const { SpotInstanceRequests = [] } of paginateDescribeSpotInstanceRequests({ client }, request)) {
      for (const { SpotInstanceRequestId: id, Type } of SpotInstanceRequests) {
        if (id !== undefined && Type !== 'persistent') oneTime.add(id);
      }
    }
  }
  return oneTime;
}

/** How far EC2's clock is ahead of another one, by its last answer; see `watchSkew`. */
export async function watchInstancesClock(aws: Aws, place: Place, clock: Clock): Promise<() => number | undefined> {
  return watchSkew(await aws.client(EC2Client, place), clock);
}

/** In filters * and ? stand for other characters (EC2 user guide, "Filtering resources"). */
function literal(text: string): string {
  return text.replace(/[\\*?]/g, '\\$&');
}

function instanceOf(described: Described, oneTime: ReadonlySet<string>): Instance {
  const { InstanceId = '', InstanceType = '', LaunchTime, State, StateTransitionReason, Tags } = described;
  const stopped = stoppedAt(StateTransitionReason);
  return {
    id: InstanceId,
    type: InstanceType,
    state: INSTANCE_STATES.find((state) => state === State?.Name) ?? 'pending',
    ...(LaunchTime && { launched: LaunchTime.getTime() }),
    ...(stopped !== undefined && { stopped }),
    tags: tagsOf(Tags),
    isInstanceStore: described.RootDeviceType === 'instance-store',
    isOneTimeSpot: oneTime.has(described.SpotInstanceRequestId ?? ''),
    canHibernate: described.HibernationOptions?.Configured ?? false,
  };
}

/** `User initiated (2026-11-23 10:41:00 GMT)` (EC2 API reference, Instance.StateTransitionReason). */
function stoppedAt(reason: string | undefined): number | undefined {
  const [, day, time] = /\((\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (?:GMT|UTC)\)$/.exec(reason ?? '') ?? [];
  return day && time ? Date.parse(`${day}T${time}Z`) : undefined;
}
