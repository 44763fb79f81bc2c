import type { _InstanceType } from '@aws-sdk/client-ec2';
import { administrator } from '../caller.ts';
import { EmbeddedError } from '../errors.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { setCapacity } from './capacity.ts';
import type { Capacity, Instance } from './instance.ts';
import { attach, INSTANCE_TYPE } from './instance-launch.ts';
import { INSTANCE } from './instance-model.ts';
import type { StoredInstance } from './instance-model.ts';
import { DURATIONS, transitionTo } from './instance-states.ts';
import type { Transition } from './instance-states.ts';
import { removeInterface } from './interface-addresses.ts';
import { derivedId, find, need, newId, put } from './kind.ts';
import { NETWORK_INTERFACE, SUBNET } from './model.ts';
import { defaultGroupId } from './security-groups.ts';
import { addTags, tagRows } from './tags.ts';
import { zonesOf } from './zones.ts';

/** Amazon EC2 Auto Scaling User Guide, "Tag Auto Scaling groups and instances". */
const GROUP_TAG = 'aws:autoscaling:groupName';
const IMAGE = derivedId('ami', 'embedded');

interface Place {
  readonly account: string;
  readonly region: string;
}

/**
 * Writes instances, each in a reservation of its own; one that is there already is overwritten.
 *
 * @returns their ids, in this order.
 * @throws EmbeddedError TU4015 for a type, zone or state that there cannot be, service errors for subnets and tags.
 */
export function putInstances(
  wanted: readonly Instance[],
  place: Place,
  data: Transaction,
  now: number,
): readonly string[] {
  const context = contextOf(place, data, now);
  return wanted.map((instance, index) => putInstance(instance, index, context));
}

/** @throws EmbeddedError TU4015 for a number or zone that there cannot be. */
export function putCapacity(capacity: Capacity, place: Place, data: Transaction, now: number): void {
  setCapacity(capacity, contextOf(place, data, now));
}

function contextOf({ account, region }: Place, data: Transaction, now: number): CallContext {
  return { caller: administrator(account), region, now, data };
}

function putInstance(wanted: Instance, index: number, context: CallContext): string {
  const { id = newId('i', context), type, launched = context.now } = wanted;
  if (!INSTANCE_TYPE.test(type)) throw wrong(`${JSON.stringify(type)} is no instance type.`, 'Write it as m5.large.');
  if (!Number.isFinite(launched)) {
    throw wrong(`An instance cannot be launched at ${String(launched)}.`, 'Give milliseconds since the epoch.');
  }
  release(id, context);
  const subnet = wanted.subnet === undefined ? undefined : need(SUBNET, wanted.subnet, context);
  const transition = transitionOf(wanted.state ?? 'running', launched, context.now);
  const row: StoredInstance = {
    id,
    reservation: derivedId('r', id),
    index: 0,
    image: IMAGE,
    type: type as _InstanceType,
    zone: zoneOf(wanted, subnet?.zone, index, context),
    ...(subnet !== undefined && { subnet: subnet.id, vpc: subnet.vpc }),
    created: launched,
    launched,
    transition,
    hasRun: wanted.state !== 'pending',
    ...(wanted.lifecycle === 'spot' && { spot: wanted.spotRequest ?? 'one-time' }),
    rootDevice: wanted.rootDevice ?? 'ebs',
    stopProtection: wanted.stopProtection ?? false,
    hibernation: wanted.hibernation ?? false,
    shutdownBehavior: 'stop',
  };
  const hasNetwork = subnet !== undefined && transition.to !== 'terminated';
  put(INSTANCE, id, hasNetwork ? attach(row, [defaultGroupId(subnet.vpc)], context) : row, context);
  tag(id, wanted, context);
  return id;
}

/** What an instance of this id had before. */
function release(id: string, context: CallContext): void {
  const held = find(NETWORK_INTERFACE, find(INSTANCE, id, context)?.interface, context);
  if (held !== undefined) removeInterface(held, context);
  context.data.delete(tagRows, rowKey(id, context));
}

type State = NonNullable<Instance['state']>;

/** Where a state belongs, and how long it lasts where it is on its way. */
const STATES: Readonly<Record<State, readonly [to: Transition['to'], duration: number]>> = {
  pending: ['running', DURATIONS.start],
  running: ['running', 0],
  stopping: ['stopped', DURATIONS.stop],
  stopped: ['stopped', 0],
  'shutting-down': ['terminated', DURATIONS.termination],
  terminated: ['terminated', 0],
};

/** What is on its way began now, and so did what will be forgotten; all else when the instance was started. */
function transitionOf(state: State, launched: number, now: number): Transition {
  if (!Object.hasOwn(STATES, state)) {
    throw wrong(`${JSON.stringify(state)} is no state of an instance.`, `There are ${Object.keys(STATES).join(', ')}.`);
  }
  const [to, duration] = STATES[state];
  return transitionTo(to, duration > 0 || to === 'terminated' ? now : launched, duration);
}

function zoneOf({ zone }: Instance, home: string | undefined, index: number, { region }: CallContext): string {
  const zones = zonesOf(region).flatMap(({ ZoneName = '' }) => ZoneName);
  const chosen = zone ?? home ?? zones[index % zones.length] ?? '';
  if (home !== undefined && chosen !== home) {
    throw wrong(`The subnet is in ${home}, not in ${chosen}.`, 'Leave out the zone, or name a subnet of it.');
  }
  if (zones.includes(chosen)) return chosen;
  throw wrong(`${chosen} is no zone of ${region}.`, `There are ${zones.join(', ')}.`);
}

function tag(id: string, { tags = {}, autoScalingGroup }: Instance, context: CallContext): void {
  const own = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  addTags(id, 'instance', own, context);
  if (autoScalingGroup === undefined) return;
  const key = rowKey(id, context);
  const all = { ...context.data.get(tagRows, key)?.tags, [GROUP_TAG]: autoScalingGroup };
  context.data.put(tagRows, key, { id, type: 'instance', tags: all });
}

function wrong(message: string, hint: string): EmbeddedError {
  return new EmbeddedError('TU4015', message, hint);
}
