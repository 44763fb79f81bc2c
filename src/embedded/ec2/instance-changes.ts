import type {
  InstanceStateChange,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { requireCapacity } from './capacity.ts';
import { refuseUnknown } from './errors.ts';
import { INSTANCE } from './instance-model.ts';
import type { StoredInstance } from './instance-model.ts';
import { DURATIONS, stateName, stateOf, transitionTo } from './instance-states.ts';
import { needInstances } from './instances.ts';
import { removeInterface } from './interface-addresses.ts';
import { find, put } from './kind.ts';
import { NETWORK_INTERFACE } from './model.ts';

/** What becomes of one instance; undefined: it is there already. @throws why EC2 refuses the whole request */
type Change = (instance: StoredInstance) => StoredInstance | undefined;

/** All of a request or nothing: one instance that cannot be started refuses the others too. */
export function startInstances(input: StartInstancesRequest, context: CallContext): StartInstancesResult {
  refuseUnknown(input, ['AdditionalInfo']);
  const changes = foresee(input.InstanceIds, context, (instance) => {
    const { transition } = instance;
    checkRoot(instance, 'started');
    if (transition.to === 'running') return undefined;
    if (stateName(transition, context.now) !== 'stopped') {
      throw incorrectState(`The instance '${instance.id}' is not in a state from which it can be started.`);
    }
    const started = transitionTo('running', context.now, DURATIONS.start);
    return { ...instance, launched: context.now, transition: started };
  });
  requireCapacity(
    changes.flatMap(({ before, after }) => (after === undefined ? [] : before)),
    context,
  );
  return { StartingInstances: carryOut(changes, context) };
}

export function stopInstances(input: StopInstancesRequest, context: CallContext): StopInstancesResult {
  const { Hibernate: hibernate = false, Force: force = false } = input;
  const changes = foresee(input.InstanceIds, context, (instance) => {
    const { transition } = instance;
    checkRoot(instance, 'stopped');
    if (transition.to === 'terminated') {
      throw incorrectState(`This instance '${instance.id}' is not in a state from which it can be stopped.`);
    }
    if (transition.to === 'stopped') return undefined;
    checkStop(instance, hibernate, context);
    const duration = hibernate ? DURATIONS.hibernation : force ? DURATIONS.forcedStop : DURATIONS.stop;
    const stopped = { ...transitionTo('stopped', context.now, duration), ...(hibernate && { hibernated: true }) };
    return { ...instance, transition: stopped, hasRun: true };
  });
  return { StoppingInstances: carryOut(changes, context) };
}

export function terminateInstances(input: TerminateInstancesRequest, context: CallContext): TerminateInstancesResult {
  const changes = foresee(input.InstanceIds, context, (instance) => {
    const { interface: held, ...rest } = instance;
    if (rest.transition.to === 'terminated') return undefined;
    if (rest.stopProtection) throw protectedFrom('terminated', rest.id);
    const attached = find(NETWORK_INTERFACE, held, context);
    if (attached !== undefined) removeInterface(attached, context);
    // What is off already has nothing to shut down.
    const isOff = stateName(rest.transition, context.now) === 'stopped';
    return { ...rest, transition: transitionTo('terminated', context.now, isOff ? 0 : DURATIONS.termination) };
  });
  return { TerminatingInstances: carryOut(changes, context) };
}

interface Foreseen {
  readonly before: StoredInstance;
  readonly after: StoredInstance | undefined;
}

function foresee(ids: readonly string[] | undefined, context: CallContext, change: Change): readonly Foreseen[] {
  return needInstances(ids, context).map((before) => ({ before, after: change(before) }));
}

function carryOut(changes: readonly Foreseen[], context: CallContext): InstanceStateChange[] {
  return changes.map(({ before, after = before }) => {
    if (after !== before) put(INSTANCE, before.id, after, context);
    return {
      InstanceId: before.id,
      PreviousState: stateOf(before.transition, context.now),
      CurrentState: stateOf(after.transition, context.now),
    };
  });
}

/** "You can't stop or hibernate instance store-backed instances." */
function checkRoot({ id, rootDevice }: StoredInstance, what: string): void {
  if (rootDevice === 'ebs') return;
  throw serviceError(
    'UnsupportedOperation',
    `The instance '${id}' does not have an 'ebs' root device type and cannot be ${what}.`,
  );
}

function checkStop(instance: StoredInstance, hibernate: boolean, { now }: CallContext): void {
  const { id, transition } = instance;
  if (!instance.hasRun && stateName(transition, now) === 'pending') {
    throw incorrectState(`Instance '${id}' cannot be stopped as it has never reached the 'running' state.`);
  }
  if (instance.spot === 'one-time') {
    throw serviceError(
      'UnsupportedOperation',
      `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
    );
  }
  if (instance.stopProtection) throw protectedFrom('stopped', id);
  if (hibernate && !instance.hibernation) {
    throw serviceError(
      'UnsupportedHibernationConfiguration',
      `The instance can't be hibernated because it was not configured at launch for hibernation: ${id}`,
    );
  }
}

/** Stop protection holds off both, and Force does not help. */
function protectedFrom(what: 'stopped' | 'terminated', id: string): Error {
  return serviceError(
    'OperationNotPermitted',
    `The instance '${id}' may not be ${what}. Modify its 'disableApiStop' instance attribute and try again.`,
  );
}

function incorrectState(message: string): Error {
  return serviceError('IncorrectInstanceState', message);
}
