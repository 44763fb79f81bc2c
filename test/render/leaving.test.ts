import { LambdaClient, ListFunctionsCommand, ListTagsCommand } from '@aws-sdk/client-lambda';
import { ListTagsForResourceCommand } from '@aws-sdk/client-route-53';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { render } from '../../src/operations/render.ts';
import type { ResourceToImport } from '../../src/render/types.ts';
import { createEstate, mirror } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

async function createMirror(): Promise<TestEstate> {
  const estate = await createEstate();
  estate.serve('corp.test', 1, 'www A 10.0.0.1');
  estate.write('corp.yaml', mirror(estate));
  expect((await estate.apply()).outcome).toBe('applied');
  return estate;
}

/** Which call makes an object of a type, and under which names its identifier stands in the request. */
const MADE_BY: Readonly<Record<string, readonly [event: string, ...names: string[]]>> = {
  'AWS::CloudWatch::Alarm': ['PutMetricAlarm', 'alarmName'],
  'AWS::Events::Rule': ['PutRule', 'name'],
  'AWS::IAM::Role': ['CreateRole', 'roleName'],
  'AWS::IAM::RolePolicy': ['PutRolePolicy', 'policyName', 'roleName'],
  'AWS::Lambda::Function': ['CreateFunction', 'functionName'],
  'AWS::Lambda::Permission': ['AddPermission', 'functionName', 'statementId'],
  'AWS::Logs::LogGroup': ['CreateLogGroup', 'logGroupName'],
};

it('imports name the objects that an apply made', async () => {
  const estate = await createMirror();
  const [place] = render(await estate.load()).templates;
  const events = estate.account.events() as readonly {
    readonly eventName: string;
    readonly requestParameters?: Readonly<Record<string, unknown>> | null;
  }[];

  const made = ({ ResourceType, ResourceIdentifier }: ResourceToImport): boolean => {
    const [event = '', ...names] = MADE_BY[ResourceType] ?? [];
    const wanted = Object.values(ResourceIdentifier).map((text) => text.replace(/^arn:[^/]*\//, ''));
    return events
      .filter(({ eventName }) => eventName.startsWith(event))
      .some(({ requestParameters: given }) => names.every((name, index) => given?.[name] === wanted[index]));
  };
  const named = place!.import.filter(({ ResourceType }) => ResourceType !== 'AWS::Route53::HostedZone');
  expect(named.length).toBe(place!.import.length - 1);
  expect(named.filter((one) => !made(one))).toEqual([]);
});

it('what is let go stays, without our marks, and nothing is left to do', async () => {
  const estate = await createMirror();
  estate.rewrite('corp.yaml', (yaml) => yaml.replace('{ name: corp }', '{ name: corp, onRemove: release }'));
  expect((await estate.apply()).outcome).toBe('applied');
  rmSync(join(estate.directory, 'config/corp.yaml'));

  const plan = await estate.plan();
  expect(plan.actions.map(({ action }) => action)).toEqual(plan.actions.map(() => 'release'));
  expect(plan.guards.map(({ code }) => code)).toEqual(['empty-config']);
  const line = `  overrides: [{ digest: ${plan.digest}, allow: [empty-config], reason: leaving, until: 2026-12-01 }]\n`;
  estate.rewrite('settings.yaml', (yaml) => yaml + line);
  expect((await estate.apply()).outcome).toBe('applied');

  const lambda = estate.account.client(LambdaClient, { region: 'eu-west-1' });
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const tags = await Promise.all(
    Functions.map(async ({ FunctionArn }) => (await lambda.send(new ListTagsCommand({ Resource: FunctionArn }))).Tags),
  );
  expect(tags).toEqual([{ team: 'network' }, { team: 'network' }]);
  const zone = plan.actions.find(({ type }) => type === 'AWS::Route53::HostedZone')!;
  const command = new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: zone.resource });
  const { ResourceTagSet } = await estate.client.send(command);
  expect(ResourceTagSet?.Tags).toEqual([{ Key: 'team', Value: 'network' }]);
  const after = await estate.plan();
  expect([after.actions, after.complete]).toEqual([[], true]);
});
