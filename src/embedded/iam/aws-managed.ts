import type { StoredPolicy } from './model.ts';

/** AWS's own policies that the embedded account has (AWS Managed Policy Reference Guide); all others do not exist in it. */
const DOCUMENTS: Readonly<Record<string, readonly object[]>> = {
  AdministratorAccess: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  'service-role/AWSLambdaBasicExecutionRole': [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: '*',
    },
  ],
  'service-role/AWSLambdaVPCAccessExecutionRole': [
    {
      Sid: 'AWSLambdaVPCAccessExecutionPermissions',
      Effect: 'Allow',
      Action: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      Resource: '*',
    },
  ],
};

const PREFIX = 'arn:aws:iam::aws:policy/';

export function awsManagedPolicy(arn: string): StoredPolicy | undefined {
  const key = arn.startsWith(PREFIX) ? arn.slice(PREFIX.length) : '';
  const statements = Object.hasOwn(DOCUMENTS, key) ? DOCUMENTS[key] : undefined;
  if (statements === undefined) return undefined;
  const cut = key.lastIndexOf('/') + 1;
  const name = key.slice(cut);
  return {
    account: 'aws',
    name,
    path: `/${key.slice(0, cut)}`,
    id: `ANPA${name.toUpperCase()}`,
    created: Date.parse('2015-02-06T18:39:46Z'),
    document: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    tags: {},
  };
}
