import type { DeviceType, ShutdownBehavior, SpotInstanceType, _InstanceType } from '@aws-sdk/client-ec2';
import { table } from '../store/database.ts';
import { isGone } from './instance-states.ts';
import type { Transition } from './instance-states.ts';
import type { Known } from './kind.ts';

export interface StoredInstance {
  readonly id: string;
  readonly reservation: string;
  /** Its place among those of one request. */
  readonly index: number;
  readonly image: string;
  readonly type: _InstanceType;
  readonly zone: string;
  readonly subnet?: string;
  readonly vpc?: string;
  /** Its network interface, as long as it is not terminated. */
  readonly interface?: string;
  /** When it was made and when it was started last; milliseconds since the epoch. */
  readonly created: number;
  readonly launched: number;
  readonly transition: Transition;
  /** Has it been running ever? */
  readonly hasRun: boolean;
  /** Of a spot instance: the kind of its request. */
  readonly spot?: SpotInstanceType;
  readonly rootDevice: DeviceType;
  readonly stopProtection: boolean;
  readonly hibernation: boolean;
  readonly shutdownBehavior: ShutdownBehavior;
  readonly clientToken?: string;
}

export const INSTANCE: Known<StoredInstance> = {
  rows: table('ec2/instances'),
  resourceType: 'instance',
  notFound: 'InvalidInstanceID.NotFound',
  noun: 'instance ID',
  malformed: ['i', 'InvalidInstanceID.Malformed'],
  isGone: ({ transition }, now) => isGone(transition, now),
};
