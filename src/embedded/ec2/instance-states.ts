import type { InstanceState, InstanceStateName, StateReason } from '@aws-sdk/client-ec2';

/** The last change of an instance: where it leads, and from when to when. What state there is follows from the clock. */
export interface Transition {
  readonly to: 'running' | 'stopped' | 'terminated';
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly until: number;
  /** Of a stop: the memory is kept. */
  readonly hibernated?: boolean;
}

/** How long a change takes. AWS promises nothing; these are about what people see, in milliseconds. */
export const DURATIONS = {
  start: 15_000,
  stop: 40_000,
  forcedStop: 10_000,
  hibernation: 75_000,
  termination: 30_000,
} as const;

/** "After you terminate an instance, it remains visible in the console for a short while": less than an hour. */
const REMEMBERED = 3_600_000;

const ON_THE_WAY = { running: 'pending', stopped: 'stopping', terminated: 'shutting-down' } as const;

/** EC2 API Reference, "InstanceState". */
const CODES: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function transitionTo(to: Transition['to'], since: number, duration: number): Transition {
  return { to, since, until: since + duration };
}

export function stateName({ to, until }: Transition, now: number): InstanceStateName {
  return now < until ? ON_THE_WAY[to] : to;
}

export function stateOf(transition: Transition, now: number): InstanceState {
  const name = stateName(transition, now);
  return { Code: CODES[name], Name: name };
}

/** Is there nothing left to see of it? */
export function isGone({ to, until }: Transition, now: number): boolean {
  return to === 'terminated' && now >= until + REMEMBERED;
}

/** `StateTransitionReason`: empty where the instance was only started. */
export function transitionReason({ to, since }: Transition): string {
  if (to === 'running') return '';
  return `User initiated (${new Date(since).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
}

/** EC2 API Reference, "StateReason"; none where the instance runs. */
export function stateReason(transition: Transition, now: number): StateReason | undefined {
  if (transition.to === 'running') {
    return now < transition.until ? { Code: 'pending', Message: 'pending' } : undefined;
  }
  return transition.hibernated === true
    ? { Code: 'Client.UserInitiatedHibernate', Message: 'Client.UserInitiatedHibernate: User initiated hibernate' }
    : { Code: 'Client.UserInitiatedShutdown', Message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
}
