import { STAMPED_OVER_TAG, STAMP_TAG } from '../resources/scheduled-instances/tags.ts';
import { distinct } from './policy.ts';
import type { PolicyStatement } from './policy.ts';

/** What reads secrets, contents or code: nobody who plans needs any of it (threats T61). */
export const DATA_ACTIONS = [
  'dynamodb:BatchGetItem',
  'dynamodb:GetItem',
  'dynamodb:GetRecords',
  'dynamodb:PartiQLSelect',
  'dynamodb:Query',
  'dynamodb:Scan',
  'kinesis:GetRecords',
  'kinesis:SubscribeToShard',
  'kms:Decrypt',
  'lambda:GetFunction',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:GetLogRecord',
  'logs:GetQueryResults',
  'logs:StartLiveTail',
  'logs:StartQuery',
  's3:GetObject*',
  'secretsmanager:BatchGetSecretValue',
  'secretsmanager:GetSecretValue',
  'sqs:ReceiveMessage',
  'ssm:GetParameter*',
] as const;

/** Actions of IAM that change something. */
const IAM_WRITES = [
  'iam:Add*',
  'iam:Attach*',
  'iam:Create*',
  'iam:Delete*',
  'iam:Detach*',
  'iam:Put*',
  'iam:Remove*',
  'iam:Set*',
  'iam:Tag*',
  'iam:Untag*',
  'iam:Update*',
  'iam:Upload*',
] as const;

/** Whatever else a role may come to be allowed, it takes no boundary off and gives no role another one. */
const BOUNDARY_LIFTS = [
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteUserPermissionsBoundary',
  'iam:PutUserPermissionsBoundary',
];

/** What IAM judges by the boundary of a new or changed role. */
const BOUNDED_WRITES = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
];

/** The plan role reads no data and starts nothing but the functions that only look (threats T61, T64). */
export function planDenies(functions: readonly string[]): readonly PolicyStatement[] {
  return [
    deny('NoData', DATA_ACTIONS, ['*']),
    {
      Sid: 'NoOtherFunctions',
      Effect: 'Deny',
      Action: ['lambda:InvokeAsync', 'lambda:InvokeFunction'],
      ...(functions.length > 0 ? { NotResource: distinct(functions) } : { Resource: ['*'] }),
    },
  ];
}

export interface Guarded {
  /** ARN of the boundary; undefined: the estate makes no roles. */
  readonly boundary: string | undefined;
  /** Roles that plan, apply, and made these two. */
  readonly roles: readonly string[];
  /** `arn:aws:iam::111122223333`. */
  readonly iam: string;
  /** Keys of the tags that are written on machines, and the machines. */
  readonly machines: { readonly resources: readonly string[]; readonly keys: readonly string[] };
}

/** The apply role is no administrator: what makes one is denied (threats T62, and the table of exact conditions). */
export function applyDenies({ boundary, roles, iam, machines }: Guarded): readonly PolicyStatement[] {
  const identities = ['oidc-provider', 'saml-provider', 'user', 'group', 'server-certificate', 'mfa'];
  return [
    ...(boundary === undefined
      ? []
      : [
          deny('KeepBoundary', IAM_WRITES, [boundary]),
          {
            ...deny('OnlyBounded', BOUNDED_WRITES, ['*']),
            Condition: { StringNotEquals: { 'iam:PermissionsBoundary': boundary } },
          },
        ]),
    deny('KeepBoundaries', BOUNDARY_LIFTS, ['*']),
    deny('KeepOwnRoles', [...IAM_WRITES, 'iam:PassRole'], roles),
    deny(
      'KeepIdentities',
      IAM_WRITES,
      identities.map((kind) => `${iam}:${kind}/*`),
    ),
    ...(machines.resources.length === 0
      ? []
      : [
          {
            ...deny('OnlyScheduleTags', ['ec2:CreateTags', 'ec2:DeleteTags'], machines.resources),
            Condition: {
              'ForAnyValue:StringNotEquals': {
                'aws:TagKeys': distinct([...machines.keys, STAMP_TAG, STAMPED_OVER_TAG]),
              },
            },
          },
        ]),
  ];
}

/** Roles of functions change no identity, and become nobody but whom their document names. */
export function boundaryDenies(assumed: readonly string[]): readonly PolicyStatement[] {
  return [
    deny('NoIdentities', [...IAM_WRITES, 'iam:PassRole'], ['*']),
    {
      Sid: 'NoOtherRoles',
      Effect: 'Deny',
      Action: ['sts:AssumeRole'],
      ...(assumed.length > 0 ? { NotResource: distinct(assumed) } : { Resource: ['*'] }),
    },
  ];
}

function deny(Sid: string, Action: readonly string[], Resource: readonly string[]): PolicyStatement {
  return { Sid, Effect: 'Deny', Action, Resource: distinct(Resource) };
}
