import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { resourceAddress } from '../src/engine/address.ts';
import type { Desired, Permission, Use, Value } from '../src/engine/types.ts';
import { isRef } from '../src/engine/value.ts';
import { leasePlaceOf } from '../src/iam/tree.ts';
import { connect, createWorld } from '../src/operations/world.ts';
import { silent } from '../src/operations/reporter.ts';
import { inventoryPermissions } from '../src/resources/inventory.ts';
import { leasePermissions } from '../src/resources/lease/permissions.ts';
import { document, trust } from './support/embedded-iam.ts';
import { SECRET, createEstate, mirror } from './support/estate.ts';
import type { TestEstate } from './support/estate.ts';

const REGION = { region: 'eu-west-1' };
const BODY = 'ns1 A 10.0.0.1\nwww A 10.0.0.2';
const TSIG = 'tsig: { name: xfr-key, algorithm: hmac-sha256, secret: ssm:/xfr }';
const NETWORK = 'network: { subnets: [subnet-0a11bb22cc33dd44e], securityGroups: [sg-0a11bb22cc33dd44e] }';

const SETTINGS = `apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts:
    prod:
      id: "111122223333"
      planRole: "arn:aws:iam::111122223333:role/trueup-plan"
      applyRole: "arn:aws:iam::111122223333:role/trueup-apply"
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
  tags: { team: network }
`;

/** What a network is looked at with: no resource type asks for it. */
const OF_LOOKS = [
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcAttribute',
  'ec2:DescribeVpcEndpoints',
].map((action) => ({ action, resource: '*' }));

/** What only plan asks: whether apply will find its boundary, and may do what is planned. */
const OF_PREFLIGHT = ['iam:GetPolicy', 'iam:SimulatePrincipalPolicy'].map((action) => ({ action, resource: '*' }));

async function open(spec: readonly string[]): Promise<TestEstate> {
  const estate = await createEstate();
  estate.account.putNetwork(
    {
      vpc: { id: 'vpc-0a11bb22cc33dd44e' },
      subnets: [{ id: 'subnet-0a11bb22cc33dd44e', cidr: '10.0.1.0/24', defaultRoute: 'nat-0a11bb22cc33dd44e' }],
      securityGroups: [{ id: 'sg-0a11bb22cc33dd44e' }],
    },
    REGION,
  );
  estate.account.putSecret('ssm:/xfr', SECRET.toString('base64'), REGION);
  estate.serve('corp.test', 5, BODY);
  estate.write('corp.yaml', mirror(estate, [TSIG, NETWORK, ...spec]));
  return estate;
}

/** What the types of the mirror say, its references as far as they follow from what is declared. */
async function permissionsOf(estate: TestEstate, uses: readonly Use[]): Promise<readonly Permission[]> {
  const project = await estate.load();
  const options = {
    endpoint: { kind: 'embedded', account: estate.account },
    role: 'plan',
    listing: 'always',
    reporter: silent,
  } as const;
  const world = createWorld(project, connect(project, options), options);
  const [mirrored] = project.documents.filter(({ kind }) => kind === 'ZoneMirror');
  const resources = world.kinds.get('ZoneMirror')!.compile(mirrored!, world.estate);
  return resources.flatMap((desired) => {
    const draft = {
      address: resourceAddress(mirrored!, desired.id),
      owner: world.estate.owner,
      place: desired.place,
      properties: predicted(desired.properties) as Record<string, Value>,
    };
    return uses.flatMap((use) => world.types.get(desired.type)!.permissions(draft, use));
  });

  function predicted(value: unknown): unknown {
    if (isRef(value)) return attributeOf(...value.$get) ?? value;
    if (Array.isArray(value)) return value.map(predicted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, predicted(item)]));
  }

  function attributeOf(id: string, attribute: string): Value | undefined {
    const found = resourcesById().get(id);
    const type = found && world.types.get(found.type);
    const properties = found?.properties as Record<string, Value>;
    const target = { address: id, owner: '', place: found?.place, properties } as never;
    return type?.predict?.(target)[attribute];
  }

  function resourcesById(): ReadonlyMap<string, Desired> {
    return new Map(resources.map((desired) => [desired.id, desired]));
  }
}

/** From now on plans and applies are those of roles with these permissions. */
async function restrict(estate: TestEstate, without: (permission: Permission) => boolean = () => false): Promise<void> {
  const iam = estate.account.client(IAMClient, REGION);
  const lease = leasePlaceOf(await estate.load());
  const read = [
    ...(await permissionsOf(estate, ['read'])),
    ...inventoryPermissions([lease.owner], lease.place),
    ...OF_LOOKS,
  ];
  const write = [...(await permissionsOf(estate, ['create', 'update'])), ...leasePermissions(lease, true)];
  // Whether the bucket of leases is there.
  const toPlan = leasePermissions(lease, false).filter(({ action }) => action === 's3:ListBucket');
  for (const [RoleName, permissions] of [
    ['trueup-plan', [...read, ...OF_PREFLIGHT, ...toPlan]],
    ['trueup-apply', [...read, ...write]],
  ] as const) {
    const PolicyDocument = document(...statementsOf(permissions.filter((one) => !without(one))));
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust() }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'exactly', PolicyDocument }));
  }
  estate.write('settings.yaml', SETTINGS);
}

/** Actions with one resource and context share a statement: an inline policy has room for 10,240 characters. */
function statementsOf(permissions: readonly Permission[]): readonly object[] {
  const statements = new Map<string, { Effect: string; Action: Set<string>; Resource: string; Condition?: object }>();
  for (const { action, resource, context } of permissions) {
    const key = JSON.stringify([resource, context]);
    const statement = statements.get(key) ?? {
      Effect: 'Allow',
      Action: new Set<string>(),
      Resource: resource,
      ...(context && { Condition: { StringEquals: context } }),
    };
    statement.Action.add(action);
    statements.set(key, statement);
  }
  return [...statements.values()].map((statement) => ({ ...statement, Action: [...statement.Action] }));
}

/** Calls of trueup itself; a function has the rights of its own role. */
function denials(estate: TestEstate): readonly string[] {
  return estate.account
    .events()
    .filter(({ errorCode }) => errorCode?.startsWith('AccessDenied'))
    .map(({ errorMessage = '' }) => errorMessage)
    .filter((message) => message.includes('/trueup-plan/') || message.includes('/trueup-apply/'));
}

async function applyTwice(estate: TestEstate): Promise<void> {
  expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  estate.serve('corp.test', 6, 'ns1 A 10.0.0.1\nwww A 10.0.0.3');
  expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
}

describe.each(['local', 'auto', 'lambda'])('a mirror via %s', (via) => {
  it('is planned, applied and updated with what its types say they need', async () => {
    const estate = await open([`via: ${via}`]);
    await restrict(estate);

    const plan = await estate.plan();
    const deniedToPlan = denials(estate);
    await applyTwice(estate);

    expect(plan.complete).toBe(true);
    // Who plans reads no key where the function has one: what is denied then is asked of the function.
    expect(deniedToPlan.filter((message) => !message.includes('ssm:GetParameter'))).toEqual([]);
    expect(denials(estate).filter((message) => message.includes('/trueup-apply/'))).toEqual([]);
  });
});

async function deletePlanFunction(estate: TestEstate): Promise<void> {
  const lambda = estate.account.client(LambdaClient, REGION);
  await lambda.send(new DeleteFunctionCommand({ FunctionName: await estate.functionName('Plan') }));
}

const OF_RECORDS =
  /^(?:route53:(?:\w*ResourceRecordSet\w*|GetChange|GetHostedZoneLimit)|lambda:InvokeFunction|ssm:|kms:)/;

describe('what the record sets need', () => {
  it.each([
    // The embedded account knows no keys of one's own.
    ['local', 7, ['kms:Decrypt']],
    ['lambda', 2, []],
  ])('is needed via %s', async (via, count, unchecked) => {
    const all = await permissionsOf(await open([`via: ${via}`]), ['read', 'create', 'update']);
    const actions = [...new Set(all.map(({ action }) => action).filter((action) => OF_RECORDS.test(action)))];
    expect(actions).toHaveLength(count);
    const superfluous: string[] = [];
    for (const action of actions) {
      const estate = await open([`via: ${via}`]);
      await restrict(estate, (permission) => permission.action === action);
      await applyTwice(estate).catch(() => undefined);
      // A function that somebody deleted cannot be asked: then the zone itself is.
      await deletePlanFunction(estate).catch(() => undefined);
      await estate.apply().catch(() => undefined);
      if (denials(estate).length === 0) superfluous.push(action);
    }

    expect(superfluous).toEqual(unchecked);
  });

  it('is known zone by zone where the zone is referred to', async () => {
    const estate = await open(['via: local', 'hostedZone: { id: Z0123456789ABCDEFGHIJ }']);

    const permissions = await permissionsOf(estate, ['read']);

    expect(permissions).toContainEqual({
      action: 'route53:GetHostedZone',
      resource: 'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ',
    });
  });
});
