import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { expect, it, vi } from 'vitest';
import { applyEstate } from '../../src/engine/apply.ts';
import { planEstate } from '../../src/engine/plan.ts';
import { erasedType } from '../../src/engine/world.ts';
import { planRequest } from '../../src/operations/plan.ts';
import { silent } from '../../src/operations/reporter.ts';
import { connect, createWorld } from '../../src/operations/world.ts';
import { createLambdaFunctionType } from '../../src/resources/aws-lambda-function.ts';
import type { TestEstate } from '../support/estate.ts';
import { HOME, makeRoles, policiesOf } from '../support/generated-roles.ts';
import { createLoopEstate } from '../support/reconcile-loop.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const REGION = { region: 'eu-west-1' };
/** A string that somebody puts where it does not belong: no report repeats it. */
const CANARY = 'canary-4711';
const LAYER = `arn:aws:lambda:eu-west-1:${HOME}:layer:${CANARY}:1`;
const OPEN = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

interface Hand {
  configure(fields: object): Promise<unknown>;
  changeVariable(key: string, value: string): Promise<unknown>;
  replaceCode(): Promise<unknown>;
  takeOtherRole(): Promise<unknown>;
}

/** Somebody who may change everything. */
function handAt({ account }: TestEstate, FunctionName: string): Hand {
  const lambda = account.client(LambdaClient, REGION);
  const configure = (fields: object): Promise<unknown> =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...fields }));
  return {
    configure,
    async changeVariable(key, value) {
      const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      return configure({ Environment: { Variables: { ...Environment?.Variables, [key]: value } } });
    },
    replaceCode() {
      const ZipFile = zipSync({ 'index.mjs': Buffer.from(`export const handler = () => '${CANARY}';`) });
      return lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    },
    async takeOtherRole() {
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [OPEN] });
      await account
        .client(IAMClient, REGION)
        .send(new CreateRoleCommand({ RoleName: 'admin', AssumeRolePolicyDocument }));
      return configure({ Role: `arn:aws:iam::${HOME}:role/admin` });
    },
  };
}

const EDITS: readonly (readonly [what: string, field: string, edit: (hand: Hand) => Promise<unknown>])[] = [
  ['the code', 'Code', (hand) => hand.replaceCode()],
  ['a layer', 'Layers', (hand) => hand.configure({ Layers: [LAYER] })],
  ['the document in the variables', 'Environment', (hand) => hand.changeVariable('TRUEUP_DOCUMENT', CANARY)],
  ['the hash that it takes for its own', 'Environment', (hand) => hand.changeVariable('TRUEUP_OWN_CODE', CANARY)],
  ['a further variable', 'Environment', (hand) => hand.changeVariable('NODE_OPTIONS', CANARY)],
  ['the role', 'Role', (hand) => hand.takeOtherRole()],
  ['the time-out', 'Timeout', (hand) => hand.configure({ Timeout: 3 })],
  ['the memory', 'MemorySize', (hand) => hand.configure({ MemorySize: 128 })],
];

it('T73 what is changed of the loop’s function by hand: drift names the field, apply heals, and the plan is empty', async () => {
  const estate = await createLoopEstate();
  estate.rewrite('settings.yaml', (yaml) => yaml.replace(/^ *partner: .*\n/m, ''));
  await makeRoles(estate, await policiesOf(estate));
  expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  const hand = handAt(estate, await estate.functionName('Loop', 'main'));

  for (const [what, field, edit] of EDITS) {
    // Lambda takes no change while the one before is under way.
    estate.account.elapse(60_000);
    await edit(hand);

    const found = await estate.drift();
    const plan = await estate.plan();

    expect([
      what,
      found.complete,
      ...found.drifted.map(({ id, changes }) => [id, ...new Set(changes.map(fieldOf))]),
    ]).toEqual([what, true, ['ReconcileLoop/main/Loop', field]]);
    expect(plan.actions.map(({ id }) => id)).toEqual(['ReconcileLoop/main/Loop']);
    if (field !== 'Layers') expect(JSON.stringify([found, plan])).not.toContain(CANARY);
    expect(await estate.apply(plan)).toMatchObject({ outcome: 'applied', failed: [] });
    expect((await estate.plan()).actions).toEqual([]);
  }
});

it('T73 its own code, which it does not carry: a failed action that says what to do', async () => {
  const estate = await createLoopEstate();
  estate.rewrite('settings.yaml', (yaml) => yaml.replace(/^ *partner: .*\n/m, ''));
  await makeRoles(estate, await policiesOf(estate));
  expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  const hand = handAt(estate, await estate.functionName('Loop', 'main'));
  estate.account.elapse(60_000);
  await hand.replaceCode();
  estate.account.elapse(60_000);

  const project = await estate.load();
  const endpoint = { kind: 'embedded', account: estate.account } as const;
  const options = { endpoint, role: 'apply', listing: 'always', reporter: silent } as const;
  const aws = connect(project, options);
  const world = createWorld(project, aws, options);
  const without = erasedType(createLambdaFunctionType(aws, () => undefined));
  const carrier = { ...world, types: new Map([...world.types, [without.type, without]]) };
  const fresh = await planEstate(carrier, planRequest(project, {}));
  const stop = new AbortController().signal;
  const result = await applyEstate(carrier, { fresh, overrides: [], stop, onStep() {}, onEnd() {} });

  expect(result.outcome).toBe('partial');
  expect(result.failed).toEqual([
    expect.objectContaining({
      id: 'ReconcileLoop/main/Loop',
      error: expect.stringContaining('is not a handler of this trueup: build it, or plan again') as string,
    }),
  ]);
});

function fieldOf({ path }: { readonly path: string }): string {
  return path.split(/[./]/)[0] ?? '';
}
