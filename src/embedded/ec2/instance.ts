import type { Tags } from '../tags.ts';

/** An instance as it is written beside the API. */
export interface Instance {
  /** Default: a new one. */
  readonly id?: string;
  /** `m5.large`. */
  readonly type: string;
  readonly tags?: Tags;
  /** Default `running`. */
  readonly state?: 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';
  /** Default: the subnet's, otherwise the region's zones in turn. */
  readonly zone?: string;
  /** A subnet that is there already: the instance has a network interface in it. Default: it has no network. */
  readonly subnet?: string;
  /** When it was started last, in milliseconds since the epoch; default: now. */
  readonly launched?: number;
  /** Default: on demand. */
  readonly lifecycle?: 'spot';
  /** The kind of request that a spot instance came from: only `persistent` ones can be stopped. Default `one-time`. */
  readonly spotRequest?: 'one-time' | 'persistent';
  /** Default `ebs`: `instance-store` can be neither stopped nor started. */
  readonly rootDevice?: 'ebs' | 'instance-store';
  /** `DisableApiStop`, default false. */
  readonly stopProtection?: boolean;
  /** May it be hibernated? Default false. */
  readonly hibernation?: boolean;
  /** The Auto Scaling group that it is a member of, as its tag `aws:autoscaling:groupName` tells. */
  readonly autoScalingGroup?: string;
}

/** How many instances of a type may be on at once in a zone, as far as AWS has room for them. */
export interface Capacity {
  readonly type: string;
  /** Default: each zone of the region. */
  readonly zone?: string;
  /** With 0 none can be started any more, and those that are on stay so. Default: as many as anybody wants. */
  readonly instances?: number;
}
