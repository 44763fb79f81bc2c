import type { Draft, Permission, Use } from '../engine/types.ts';
import { arn } from './arns.ts';
import type { LambdaFunctionProperties } from './lambda-function-properties.ts';
import { knownText, permit } from './permissions.ts';

const PASSED_TO_LAMBDA = { 'iam:PassedToService': 'lambda.amazonaws.com' };

/** What Lambda asks EC2 with the caller's rights (Developer Guide, "Configuring a Lambda function to access … a VPC"). */
const OF_NETWORK = ['DescribeSecurityGroups', 'DescribeSubnets', 'DescribeVpcs'];

export function functionPermissions(draft: Draft<LambdaFunctionProperties>, use: Use): readonly Permission[] {
  const { place, properties } = draft;
  const onFunction = (...names: readonly string[]): readonly Permission[] =>
    permit('lambda', arn('lambda', place, `function:${knownText(properties.FunctionName)}`), names);
  const reserved = properties.ReservedConcurrentExecutions;
  const recursion = properties.RecursiveLoop === undefined ? [] : ['FunctionRecursionConfig'];
  switch (use) {
    case 'read':
      return onFunction(
        'GetFunctionConfiguration',
        'ListTags',
        'GetFunctionConcurrency',
        ...recursion.map((name) => `Get${name}`),
      );
    case 'create':
      return [
        ...onFunction('CreateFunction', 'TagResource', ...recursion.map((name) => `Put${name}`)),
        ...(typeof reserved === 'number' ? onFunction('PutFunctionConcurrency') : []),
        ...handedOver(properties),
      ];
    case 'update':
      return [
        ...onFunction(
          'UpdateFunctionCode',
          'UpdateFunctionConfiguration',
          'TagResource',
          'UntagResource',
          ...recursion.map((name) => `Put${name}`),
        ),
        ...(typeof reserved === 'number' ? onFunction('PutFunctionConcurrency') : []),
        ...(reserved === null ? onFunction('DeleteFunctionConcurrency') : []),
        ...handedOver(properties),
      ];
    case 'delete':
      return onFunction('DeleteFunction');
    case 'adopt':
      return onFunction('TagResource');
    case 'release':
      return onFunction('UntagResource');
  }
}

/** What the configuration names, and who sets it must be allowed to use. */
function handedOver(properties: Draft<LambdaFunctionProperties>['properties']): readonly Permission[] {
  const layers = properties.Layers ?? [];
  const subnets = properties.VpcConfig?.SubnetIds ?? [];
  return [
    ...permit('iam', knownText(properties.Role), ['PassRole'], PASSED_TO_LAMBDA),
    ...layers.flatMap((layer) => permit('lambda', knownText(layer), ['GetLayerVersion'])),
    ...(subnets.length > 0 ? permit('ec2', '*', OF_NETWORK) : []),
  ];
}
