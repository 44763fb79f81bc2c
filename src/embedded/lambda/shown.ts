import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { functionArn, isUpdating, logGroupOf, revisionOf, stateOf } from './model.ts';
import type { StoredFunction } from './model.ts';

/** A function as Get, List, Create and Update show it. */
export function shownFunction(found: StoredFunction, now: number): FunctionConfiguration {
  const { settings, code } = found;
  return {
    FunctionName: found.name,
    FunctionArn: functionArn(found),
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.size,
    Description: settings.description,
    Timeout: settings.timeout,
    MemorySize: settings.memory,
    LastModified: new Date(found.modified).toISOString().replace('Z', '+0000'),
    CodeSha256: code.sha256,
    Version: '$LATEST',
    VpcConfig: {
      SubnetIds: [...settings.subnets],
      SecurityGroupIds: [...settings.securityGroups],
      ...(settings.subnets.length === 0 && { VpcId: '' }),
      Ipv6AllowedForDualStack: false,
    },
    ...(Object.keys(settings.variables).length > 0 && { Environment: { Variables: { ...settings.variables } } }),
    ...(settings.deadLetters !== undefined && { DeadLetterConfig: { TargetArn: settings.deadLetters } }),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: revisionOf(found, now),
    ...(settings.layers.length > 0 && { Layers: settings.layers.map((Arn) => ({ Arn, CodeSize: 0 })) }),
    PackageType: 'Zip',
    Architectures: [...code.architectures],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: logGroupOf(found) },
    ...lifecycle(found, now),
  };
}

function lifecycle(found: StoredFunction, now: number): Partial<FunctionConfiguration> {
  if (stateOf(found, now) === 'Pending') {
    return {
      State: 'Pending',
      StateReason: 'The function is being created.',
      StateReasonCode: 'Creating',
      LastUpdateStatus: 'Successful',
    };
  }
  if (!isUpdating(found, now)) return { State: 'Active', LastUpdateStatus: 'Successful' };
  return {
    State: 'Active',
    LastUpdateStatus: 'InProgress',
  };
}
