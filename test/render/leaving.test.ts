import { LambdaClient, ListFunctionsCommand, ListTagsCommand } from '@aws-sdk/client-lambda';
import { ListTagsForResourceCommand } from '@aws-sdk/client-route-53';
import { DeleteTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Plan } from '../../src/engine/types.ts';
import { orphans } from '../../src/operations/orphans.ts';
import { render } from '../../src/operations/render.ts';
import type { ResourceToImport } from '../../src/render/types.ts';
import { createEstate, mirror } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { createScheduleEstate } from '../support/schedule-estate.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

/** Deletes the one document, lets that plan pass its guard, and applies it. */
async function letGo(estate: TestEstate, file: string): Promise<Plan> {
  rmSync(join(estate.directory, 'config', file));
  const plan = await estate.plan();
  expect(plan.guards.map(({ code }) => code)).toEqual(['empty-config']);
  const line = `  overrides: [{ digest: ${plan.digest}, allow: [empty-config], reason: leaving, until: 2026-12-01 }]\n`;
  estate.rewrite('settings.yaml', (yaml) => yaml + line);
  expect((await estate.apply()).outcome).toBe('applied');

  const { actions, complete } = await estate.plan();
  const left = await orphans(await estate.load(), { endpoint: { kind: 'embedded', account: estate.account } });
  expect([actions, complete, left.orphans]).toEqual([[], true, []]);
  return plan;
}

function releases({ actions }: Plan): boolean {
  return actions.length > 0 && actions.every(({ action }) => action === 'release');
}

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
  const plan = await letGo(estate, 'corp.yaml');
  expect(releases(plan)).toBe(true);

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
});

it('a schedule tag without its stamp stays with its machine, and one with it goes', async () => {
  const estate = await createScheduleEstate([
    'tagKey: Schedule',
    'every: rate(10 minutes)',
    'schedules: { office: { timezone: UTC, periods: [{ days: mon-fri, on: "08:30", off: "18:00" }] } }',
    'assign: [{ select: { tags: { team: data } }, schedule: office, override: true }]',
  ]);
  const team = { tags: { team: 'data' }, type: 'm5.large' };
  const [kept = '', other = ''] = estate.account.putInstances([team, team], { region: 'eu-west-1' });
  estate.rewrite('office.yaml', (yaml) => yaml.replace('office-hours }', 'office-hours, onRemove: release }'));
  expect((await estate.apply()).outcome).toBe('applied');
  const ec2 = estate.account.client(EC2Client, { region: 'eu-west-1' });
  const stamps = [{ Key: 'trueup:stamped' }, { Key: 'trueup:stamped-over' }];
  await ec2.send(new DeleteTagsCommand({ Resources: [kept], Tags: stamps }));

  const plan = await letGo(estate, 'office.yaml');
  expect(releases(plan)).toBe(false);
  const instances = await estate.instances();
  expect(instances.get(kept)?.tags).toEqual({ team: 'data', Schedule: 'office' });
  expect(instances.get(other)?.tags).toEqual({ team: 'data' });
});
