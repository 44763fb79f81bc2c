import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { NETWORK, RECORDS, REGION, sharedMirrorBench } from '../support/mirror-bench.ts';
import { CANARY, expectHealed, healAfterFailure } from '../support/mirror-drift.ts';
import type { Edit } from '../support/mirror-drift.ts';

const ACCOUNT = '111122223333';
const shared = sharedMirrorBench({ spec: [NETWORK] });
let FunctionName = '';

beforeAll(async () => {
  FunctionName = await shared().estate.functionName('Mirror');
});

const lambda = (): LambdaClient => shared().estate.account.client(LambdaClient, REGION);
const iam = (): IAMClient => shared().estate.account.client(IAMClient, REGION);

async function configure(fields: object): Promise<unknown> {
  return lambda().send(new UpdateFunctionConfigurationCommand({ FunctionName, ...fields }));
}

async function configuration() {
  return lambda().send(new GetFunctionConfigurationCommand({ FunctionName }));
}

async function changeVariable(key: string, value: string): Promise<unknown> {
  const { Environment } = await configuration();
  return configure({ Environment: { Variables: { ...Environment?.Variables, [key]: value } } });
}

const OPEN = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

/** One that may do more, as Lambda allows it. */
async function takeOtherRole(): Promise<unknown> {
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [OPEN] });
  await iam().send(new CreateRoleCommand({ RoleName: 'admin', AssumeRolePolicyDocument }));
  return configure({ Role: `arn:aws:iam::${ACCOUNT}:role/admin` });
}

async function dropPermission(): Promise<unknown> {
  const { Policy = '{}' } = await lambda().send(new GetPolicyCommand({ FunctionName }));
  const { Statement } = JSON.parse(Policy) as { Statement: readonly { Sid: string }[] };
  return lambda().send(new RemovePermissionCommand({ FunctionName, StatementId: Statement[0]?.Sid }));
}

const EDITS: readonly Edit[] = [
  ['the memory', () => configure({ MemorySize: 512 }), 'Mirror', 'MemorySize'],
  ['the time-out', () => configure({ Timeout: 3 }), 'Mirror', 'Timeout'],
  ['a variable', () => changeVariable('TRUEUP_ZONE_ID', CANARY), 'Mirror', 'Environment'],
  ['the document in the variables', () => changeVariable('TRUEUP_DOCUMENT', CANARY), 'Mirror', 'Environment'],
  ['a further variable', () => changeVariable('NODE_OPTIONS', CANARY), 'Mirror', 'Environment'],
  ['the role', takeOtherRole, 'Mirror', 'Role'],
  ['the VPC', () => configure({ VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } }), 'Mirror', 'VpcConfig'],
  [
    'the subnets',
    () => configure({ VpcConfig: { SubnetIds: ['subnet-0c11bb22'], SecurityGroupIds: ['sg-0a11bb22'] } }),
    'Mirror',
    'VpcConfig',
  ],
  [
    'the code',
    () =>
      lambda().send(
        new UpdateFunctionCodeCommand({
          FunctionName,
          ZipFile: zipSync({ 'index.mjs': Buffer.from(`export const handler = () => '${CANARY}';`) }),
        }),
      ),
    'Mirror',
    'Code',
  ],
  ['the entry', () => configure({ Handler: 'other.handler' }), 'Mirror', 'Handler'],
  [
    'the concurrency',
    () => lambda().send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 })),
    'Mirror',
    'ReservedConcurrentExecutions',
  ],
];

describe('T73 the function is changed by hand', () => {
  healAfterFailure(shared);

  it.each(EDITS)('%s: drift names the field, apply heals, and the plan is empty', async (...edit) => {
    await expectHealed(shared(), edit);
  });

  it('the permission is missing: said, and made again', async () => {
    const { estate } = shared();
    await dropPermission();

    expect((await estate.drift()).missing.map(({ id }) => id)).toEqual(['ZoneMirror/corp/Permission']);
    expect(await estate.apply()).toMatchObject({ outcome: 'applied', replan: { summary: { create: 0, update: 0 } } });
  });

  it('both functions are gone: made again, and the mirror runs', async () => {
    const bench = shared();
    for (const id of ['Mirror', 'Plan'] as const) {
      const gone = { FunctionName: await bench.estate.functionName(id) };
      await lambda().send(new DeleteFunctionCommand(gone));
    }
    const missing = (await bench.estate.drift()).missing.map(({ id }) => id.replace('ZoneMirror/corp/', ''));
    expect(missing.sort()).toEqual(['Mirror', 'Permission', 'Plan']);

    expect((await bench.estate.apply()).outcome).toBe('applied');
    bench.primary.serve(6, [...RECORDS, 'new 300 A 10.0.0.9']);
    expect((await bench.tick()).line).toMatchObject({ outcome: 'mirrored', serialTo: 6 });
  });

  it('T74 everybody is let in: not ours to remove, and said', async () => {
    const { estate } = shared();
    await lambda().send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: 'theirs',
        Action: 'lambda:InvokeFunction',
        Principal: '*',
      }),
    );

    const plan = await estate.plan();
    expect(plan.actions).toEqual([]);
    expect(plan.documents[0]!.findings.map(({ code }) => code)).toContain('open-permission');
  });
});
