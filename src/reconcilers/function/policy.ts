import type { Place, Value } from '../../engine/types.ts';
import { arn, globalArn } from '../../resources/arns.ts';
import { secretAccess } from '../../resources/secret-access.ts';
import { logGroupName } from '../../resources/names.ts';

/** One statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Lambda manages a function's network interfaces with the function's own role (Lambda guide, "Required IAM permissions"). */
const NETWORK_INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** Who may become the role: Lambda, for this function. */
export function trustOf(functionName: string, place: Place): Value {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': place.account },
          ArnEquals: { 'aws:SourceArn': functionArn(functionName, place) },
        },
      },
    ],
  };
}

export function functionArn(functionName: string, place: Place): string {
  return arn('lambda', place, `function:${functionName}`);
}

/** What every function needs to write its log. */
export function logStatement(functionName: string, place: Place): Statement {
  return {
    Sid: 'Log',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: [arn('logs', place, `log-group:${logGroupName(functionName)}:*`)],
  };
}

/**
 * What a function in a VPC needs. The rights are Lambda's: the code of the function itself may not use them
 * (Lambda guide, "Giving Lambda functions access to resources in an Amazon VPC", security best practices).
 */
export function networkStatements(functionName: string, place: Place): readonly Statement[] {
  return [
    { Sid: 'NetworkInterfaces', Effect: 'Allow', Action: NETWORK_INTERFACES, Resource: ['*'] },
    {
      Sid: 'NetworkInterfacesNotByCode',
      Effect: 'Deny',
      Action: NETWORK_INTERFACES,
      Resource: ['*'],
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn(functionName, place) } },
    },
  ];
}

/**
 * Reading one secret, as a document refers to it: `ssm:/path` or `secretsmanager:name`. Where a key of one's own encrypts
 * it, the service decrypts with the reader's rights; only through the service may the role use a key.
 *
 * @param sid beginning of the statements' ids, where a policy reads several secrets.
 */
export function secretStatements(reference: string, place: Place, sid = 'Secret'): readonly Statement[] {
  const { read, decrypt } = secretAccess(reference, place);
  return [
    statement(sid, [read.action], read.resource),
    {
      ...statement(`${sid}Key`, [decrypt.action], decrypt.resource),
      ...(decrypt.context && { Condition: { StringEquals: decrypt.context } }),
    },
  ];
}

function statement(Sid: string, Action: readonly string[], Resource: string): Statement {
  return { Sid, Effect: 'Allow', Action, Resource: [Resource] };
}

/** ARN of the boundary that Settings name: a policy of the role's own account. */
export function boundaryArn(name: string, place: Place): string {
  return globalArn('iam', place, `policy/${name}`);
}
