import type {
  DescribeInstanceAttributeRequest,
  InstanceAttribute,
  ModifyInstanceAttributeRequest,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { notEmbedded } from '../not-embedded.ts';
import { invalidCombination, invalidParameter, missingParameter, refuseUnknown } from './errors.ts';
import { INSTANCE } from './instance-model.ts';
import { needInstances } from './instances.ts';
import type { StoredInstance } from './instance-model.ts';
import { put } from './kind.ts';

export function describeInstanceAttribute(
  input: DescribeInstanceAttributeRequest,
  context: CallContext,
): InstanceAttribute {
  const instance = needOne(input.InstanceId, context);
  switch (input.Attribute) {
    case 'disableApiStop':
      return { InstanceId: instance.id, DisableApiStop: { Value: instance.stopProtection } };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceId: instance.id, InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior } };
    case 'instanceType':
      return { InstanceId: instance.id, InstanceType: { Value: instance.type } };
    case undefined:
      throw missingParameter('attribute');
    default:
      throw notEmbedded(`the attribute ${input.Attribute} of instances`);
  }
}

/** Only stop protection can be changed here. */
export function modifyInstanceAttribute(input: ModifyInstanceAttributeRequest, context: CallContext): object {
  refuseUnknown(input, [
    'SourceDestCheck',
    'EnclaveOptions',
    'BlockDeviceMappings',
    'DisableApiTermination',
    'InstanceType',
    'Kernel',
    'Ramdisk',
    'UserData',
    'InstanceInitiatedShutdownBehavior',
    'Groups',
    'EbsOptimized',
    'SriovNetSupport',
    'EnaSupport',
  ]);
  const instance = needOne(input.InstanceId, context);
  const stopProtection = wantedProtection(input);
  if (instance.transition.to === 'terminated') {
    throw serviceError(
      'IncorrectInstanceState',
      `The instance '${instance.id}' is not in a state in which its attributes can be modified.`,
    );
  }
  put(INSTANCE, instance.id, { ...instance, stopProtection }, context);
  return {};
}

/** Either the attribute by its own field, or by name and value. */
function wantedProtection({
  Attribute: name,
  Value: text,
  DisableApiStop: own,
}: ModifyInstanceAttributeRequest): boolean {
  if (own?.Value !== undefined) {
    if (name === undefined && text === undefined) return own.Value;
    throw invalidCombination('Fields for multiple attribute types specified');
  }
  if (name === undefined) throw missingParameter('attribute');
  if (name !== 'disableApiStop') throw notEmbedded(`the attribute ${name} of ModifyInstanceAttribute`);
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalidParameter(`Value (${String(text)}) for parameter value is invalid. It must be true or false.`);
}

function needOne(id: string | undefined, context: CallContext): StoredInstance {
  const [instance] = id === undefined ? [] : needInstances([id], context);
  if (instance === undefined) throw missingParameter('instanceId');
  return instance;
}
