import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  AssociateVPCWithHostedZoneCommand,
  ChangeResourceRecordSetsCommand,
  DisassociateVPCFromHostedZoneCommand,
  ListHostedZonesCommand,
  UpdateHostedZoneCommentCommand,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { createEstate, mirror } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { acceptIn, expectAccepted, expectRefused, textOf } from '../support/accepted.ts';

const CORP = 'ZoneMirror/corp';
const FILE = 'corp.yaml';
const REGION = { region: 'eu-west-1' };
const VPC_B = 'vpc-0b22cc33dd44ee55f';
const CANARY = 'canary-4711';

/** Comments, odd blanks, quotes, and another document in front, in one file. */
function yamlOf(estate: TestEstate): string {
  const zone = [
    'hostedZone:',
    '  private: true',
    '  comment: "mirror of corp" # of ours',
    '  vpcs:',
    '    # the first',
    '    - { id: vpc-0a11bb22cc33dd44e }',
    '    - id: vpc-0c33dd44ee55ff66a',
    '      region: eu-west-1',
    'function:   # of both',
    '  memory:   256  # MB',
    "  timeout: '5m'",
  ];
  return `# head\n${mirror(estate, [], 'other', 'other.test')}---\n# the office\n${mirror(estate, zone)}# foot\n`;
}

async function applied(change: (yaml: string) => string = (yaml) => yaml): Promise<TestEstate> {
  const estate = await createEstate();
  for (const zone of ['corp.test', 'other.test']) estate.serve(zone, 5, 'www A 10.0.0.2');
  estate.write(FILE, change(yamlOf(estate)));
  expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  // Lambda takes no change while the one before is under way.
  estate.account.elapse(60_000);
  return estate;
}

async function configure(estate: TestEstate, id: string, change: object, document = 'corp'): Promise<void> {
  const FunctionName = await estate.functionName(id, document);
  const lambda = estate.account.client(LambdaClient, REGION);
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...change }));
}

async function retain(estate: TestEstate, id: string, retentionInDays: number): Promise<void> {
  const logGroupName = `/aws/lambda/${await estate.functionName(id)}`;
  await estate.account
    .client(CloudWatchLogsClient, REGION)
    .send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
}

async function schedule(estate: TestEstate, ScheduleExpression: string): Promise<void> {
  const events = estate.account.client(EventBridgeClient, REGION);
  const { Description, State } = await events.send(
    new DescribeRuleCommand({ Name: await estate.functionName('Rule') }),
  );
  await events.send(
    new PutRuleCommand({ Name: await estate.functionName('Rule'), Description, State, ScheduleExpression }),
  );
}

async function zoneId(estate: TestEstate): Promise<string> {
  const { HostedZones = [] } = await estate.client.send(new ListHostedZonesCommand({}));
  return HostedZones.find(({ Name }) => Name === 'corp.test.')?.Id ?? '';
}

async function associate(estate: TestEstate, VPCId: string): Promise<void> {
  const VPC = { VPCId, VPCRegion: 'eu-west-1' as const };
  await estate.client.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId: await zoneId(estate), VPC }));
}

async function alarm(estate: TestEstate, change: object): Promise<void> {
  const watch = estate.account.client(CloudWatchClient, REGION);
  const AlarmNames = [await estate.functionName('Alarm')];
  const { MetricAlarms: [found] = [] } = await watch.send(new DescribeAlarmsCommand({ AlarmNames }));
  const { AlarmName, AlarmDescription, Namespace, MetricName, Dimensions, Statistic, Period, EvaluationPeriods } =
    found!;
  const { Threshold, ComparisonOperator, TreatMissingData, ActionsEnabled } = found!;
  const now = { AlarmName, AlarmDescription, Namespace, MetricName, Dimensions, Statistic, Period, EvaluationPeriods };
  const rest = { Threshold, ComparisonOperator, TreatMissingData, ActionsEnabled };
  await watch.send(new PutMetricAlarmCommand({ ...now, ...rest, ...change }));
}

type Act = (estate: TestEstate) => Promise<unknown>;

/** What is done by hand, and what the file says then. */
const ACCEPTED: readonly (readonly [what: string, act: Act, before: string, after: string])[] = [
  ['memory', (on) => configure(on, 'Mirror', { MemorySize: 512 }), 'memory:   256  # MB', 'memory:   512  # MB'],
  ['a timeout, in its unit and its quotes', (on) => configure(on, 'Plan', { Timeout: 600 }), "'5m'", "'10m'"],
  ['a timeout of no whole minutes', (on) => configure(on, 'Mirror', { Timeout: 61 }), "'5m'", "'61s'"],
  [
    'how long logs are kept, where nothing was written',
    (on) => retain(on, 'Mirror', 14),
    "  timeout: '5m'\n",
    "  timeout: '5m'\n    logRetention: 14d\n",
  ],
  [
    'how often a rule starts',
    (on) => schedule(on, 'rate(5 minutes)'),
    'schedule: rate(15 minutes)\n  tsig: none\n  hostedZone:\n',
    'schedule: rate(5 minutes)\n  tsig: none\n  hostedZone:\n',
  ],
  [
    'when a rule starts',
    (on) => schedule(on, 'cron(0/15 8-17 ? * MON-FRI *)'),
    'schedule: rate(15 minutes)\n  tsig: none\n  hostedZone:\n',
    'schedule: cron(0/15 8-17 ? * MON-FRI *)\n  tsig: none\n  hostedZone:\n',
  ],
  [
    'a comment of a zone',
    async (on) =>
      on.client.send(new UpdateHostedZoneCommentCommand({ Id: await zoneId(on), Comment: 'it\'s "theirs"' })),
    '"mirror of corp" # of ours',
    '"it\'s \\"theirs\\"" # of ours',
  ],
  [
    'a VPC that came',
    (on) => associate(on, VPC_B),
    '      region: eu-west-1\n',
    `      region: eu-west-1\n      - { id: ${VPC_B} }\n`,
  ],
  [
    'a VPC that went',
    async (on) => {
      const VPC = { VPCId: 'vpc-0c33dd44ee55ff66a', VPCRegion: 'eu-west-1' as const };
      await on.client.send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId: await zoneId(on), VPC }));
    },
    '      - id: vpc-0c33dd44ee55ff66a\n        region: eu-west-1\n',
    '',
  ],
  [
    'how many may run at once, where nothing was written',
    async (on) => {
      const lambda = on.account.client(LambdaClient, REGION);
      const FunctionName = await on.functionName('Mirror');
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 2 }));
    },
    "  timeout: '5m'\n",
    "  timeout: '5m'\n    reservedConcurrency: 2\n",
  ],
];

describe('what the document decides is written back', () => {
  it.each(ACCEPTED)('%s', async (_, act, before, after) => {
    const estate = await applied();
    await expectAccepted(estate, { document: CORP, file: FILE, act: () => act(estate), replace: [before, after] });
    // What else one field decides follows; then nothing is left.
    expect(await estate.apply()).toMatchObject({ outcome: 'applied', replan: { summary: { create: 0, update: 0 } } });
  });

  it('in a document that says nothing of it yet', async () => {
    const estate = await applied();
    const before = textOf(estate, FILE);
    await configure(estate, 'Mirror', { MemorySize: 512 }, 'other');
    const { accepted } = await acceptIn(estate, 'ZoneMirror/other');
    expect(accepted).toMatchObject([{ path: '/spec/function/memory', line: 11, before: 256, after: 512, removed: [] }]);
    expect(textOf(estate, FILE)).toBe(before.replace('---\n', '  function:\n    memory: 512\n---\n'));
  });

  it('in lines of another system', async () => {
    const estate = await applied((yaml) => yaml.replaceAll('\n', '\r\n'));
    const replace = ["timeout: '5m'\r\n", "timeout: '5m'\r\n    logRetention: 7d\r\n"] as const;
    await expectAccepted(estate, { document: CORP, file: FILE, act: () => retain(estate, 'Plan', 7), replace });
  });

  it('behind a byte order mark, in a file that others may read', async () => {
    const estate = await applied((yaml) => `\ufeff${yaml}`);
    const path = join(estate.directory, 'config', FILE);
    chmodSync(path, 0o640);
    const act = () => configure(estate, 'Mirror', { MemorySize: 512 });
    await expectAccepted(estate, { document: CORP, file: FILE, act, replace: ['memory:   256', 'memory:   512'] });
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('and taken away where AWS has nothing', async () => {
    const estate = await applied((yaml) => yaml.replace("timeout: '5m'", "timeout: '5m'\n    reservedConcurrency: 3"));
    const act = async () => {
      const lambda = estate.account.client(LambdaClient, REGION);
      for (const id of ['Mirror', 'Plan']) {
        await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: await estate.functionName(id) }));
      }
    };
    await expectAccepted(estate, { document: CORP, file: FILE, act, replace: ['    reservedConcurrency: 3\n', ''] });
  });

  it('of two objects that one field decides, once', async () => {
    const estate = await applied();
    const act = async () => {
      for (const id of ['Mirror', 'Plan']) await configure(estate, id, { MemorySize: 1024 });
    };
    const { accepted } = await expectAccepted(estate, { document: CORP, file: FILE, act, replace: ['256', '1024'] });
    expect(accepted).toMatchObject([
      {
        document: CORP,
        file: 'config/corp.yaml',
        line: 30,
        path: '/spec/function/memory',
        before: 256,
        after: 1024,
        removed: ['    memory:   256  # MB'],
        added: ['    memory:   1024  # MB'],
        settles: [
          { id: `${CORP}/Mirror`, path: 'MemorySize' },
          { id: `${CORP}/Plan`, path: 'MemorySize' },
        ],
        follows: [
          { id: `${CORP}/Mirror`, path: 'Environment' },
          { id: `${CORP}/Plan`, path: 'Environment' },
        ],
      },
    ]);
  });

  it('as much of it as can be: the rest is named', async () => {
    const estate = await applied();
    await configure(estate, 'Mirror', { MemorySize: 512, Timeout: 120, Environment: { Variables: { XX: CANARY } } });
    await schedule(estate, 'rate(1 hour)');
    await retain(estate, 'Mirror', 90);
    const result = await acceptIn(estate, CORP);
    expect(new Map(result.accepted.map(({ path, after }) => [path, after]))).toEqual(
      new Map<string, unknown>([
        ['/spec/schedule', 'rate(1 hour)'],
        ['/spec/function/memory', 512],
        ['/spec/function/timeout', '2m'],
        ['/spec/function/logRetention', '90d'],
      ]),
    );
    expect(result.notAccepted).toEqual([
      { id: `${CORP}/Mirror`, path: 'Environment', why: expect.stringContaining('never shown') },
    ]);
    expect(textOf(estate, FILE)).not.toContain(CANARY);
    const left = (await estate.drift()).drifted;
    expect(left.map(({ id, changes }) => [id, changes.map(({ path }) => path)])).toEqual([
      [`${CORP}/Mirror`, ['Environment']],
    ]);
  });
});

/** What is done by hand, and why it stays drift. */
const REFUSED: readonly (readonly [what: string, act: Act, path: string, why: RegExp])[] = [
  [
    'a record',
    async (on) => {
      const set = { Name: 'www.corp.test', Type: 'A' as const, TTL: 300, ResourceRecords: [{ Value: '10.9.9.9' }] };
      const ChangeBatch = { Changes: [{ Action: 'UPSERT' as const, ResourceRecordSet: set }] };
      await on.client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: await zoneId(on), ChangeBatch }));
    },
    'ResourceRecordSets',
    /^the primary decides it, and no document/,
  ],
  ['an alarm’s threshold', (on) => alarm(on, { Threshold: 100 }), 'Threshold', /^no field of the document decides it$/],
  ['an alarm’s period', (on) => alarm(on, { Period: 300 }), 'Period', /^no field of the document decides it$/],
  [
    'a rule that is off',
    async (on) =>
      on.account
        .client(EventBridgeClient, REGION)
        .send(new DisableRuleCommand({ Name: await on.functionName('Rule') })),
    'State',
    /^no field of the document decides it$/,
  ],
  [
    'logs that are kept for ever',
    async (on) => {
      const logGroupName = `/aws/lambda/${await on.functionName('Mirror')}`;
      await on.account.client(CloudWatchLogsClient, REGION).send(new DeleteRetentionPolicyCommand({ logGroupName }));
    },
    'RetentionInDays',
    /^no field of the document decides it$/,
  ],
  [
    'a description that names another zone',
    (on) => configure(on, 'Mirror', { Description: `mirrors other.test (${CORP})` }),
    'Description',
    /^spec\.domain decides it, and another value there would/,
  ],
  [
    'a tag that Settings decide',
    async (on) => {
      const lambda = on.account.client(LambdaClient, REGION);
      const FunctionName = await on.functionName('Mirror');
      const { FunctionArn } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      await lambda.send(new TagResourceCommand({ Resource: FunctionArn, Tags: { team: 'others' } }));
    },
    'Tags',
    /^no field of the document decides it$/,
  ],
  [
    'what is gone',
    async (on) => {
      const logGroupName = `/aws/lambda/${await on.functionName('Plan')}`;
      await on.account.client(CloudWatchLogsClient, REGION).send(new DeleteLogGroupCommand({ logGroupName }));
    },
    '',
    /^it is gone/,
  ],
];

describe('what no edit of the document can accept is named, and nothing is written', () => {
  it.each(REFUSED)('%s', async (_, act, path, why) => {
    const estate = await applied();
    await expectRefused(estate, { document: CORP, file: FILE, act: () => act(estate), path, why });
  });

  it('two values for what one field decides', async () => {
    const estate = await applied();
    const before = textOf(estate, FILE);
    await configure(estate, 'Mirror', { MemorySize: 512 });
    await configure(estate, 'Plan', { MemorySize: 1024 });
    const { accepted, notAccepted } = await acceptIn(estate, CORP);
    expect(accepted).toEqual([]);
    expect(notAccepted.map(({ id, path, why }) => [id, path, why.replace(/.*would/, 'would')])).toEqual([
      [`${CORP}/Mirror`, 'MemorySize', `would give MemorySize of ${CORP}/Plan another value than it was found with`],
      [`${CORP}/Plan`, 'MemorySize', `would give MemorySize of ${CORP}/Mirror another value than it was found with`],
    ]);
    expect(textOf(estate, FILE)).toBe(before);
  });

  it('a value that stands in lines of its own', async () => {
    const estate = await applied((yaml) => yaml.replace('"mirror of corp" # of ours', '|-\n      mirror'));
    await expectRefused(estate, {
      document: CORP,
      file: FILE,
      act: async () =>
        estate.client.send(new UpdateHostedZoneCommentCommand({ Id: await zoneId(estate), Comment: 'theirs' })),
      path: 'HostedZoneConfig',
      why: 'config/corp.yaml cannot take it with all else as it is',
    });
  });

  it('a value that looks like a secret', async () => {
    const estate = await applied();
    const token = `ghp_${'a1B2'.repeat(9)}`;
    await expectRefused(estate, {
      document: CORP,
      file: FILE,
      act: async () =>
        estate.client.send(new UpdateHostedZoneCommentCommand({ Id: await zoneId(estate), Comment: token })),
      path: 'HostedZoneConfig',
      why: 'it looks like a secret',
    });
  });

  it('a value that others refer to', async () => {
    const estate = await applied((yaml) =>
      yaml.replace('memory:   256', 'memory: &m 256').replace("timeout: '5m'", 'reservedConcurrency: *m'),
    );
    await expectRefused(estate, {
      document: CORP,
      file: FILE,
      act: () => configure(estate, 'Mirror', { MemorySize: 512 }),
      path: 'MemorySize',
      why: 'cannot take it with all else as it is',
    });
  });

  it('a document that is paused', async () => {
    const estate = await applied();
    estate.rewrite(FILE, (yaml) =>
      yaml.replace('{ name: corp }', '{ name: corp, pause: { until: "2026-12-01", reason: a move } }'),
    );
    await expectRefused(estate, {
      document: CORP,
      file: FILE,
      act: () => configure(estate, 'Mirror', { MemorySize: 512 }),
      path: '',
      why: 'it is paused until 2026-12-01',
    });
  });

  it('a document that is not there, and one that somebody edits meanwhile', async () => {
    const estate = await applied();
    await configure(estate, 'Mirror', { MemorySize: 512 });
    await expect(acceptIn(estate, 'ZoneMirror/nobody')).rejects.toMatchObject({ code: 'TU2022' });
    const load = estate.load.bind(estate);
    const edited = {
      ...estate,
      async load() {
        const project = await load();
        estate.rewrite(FILE, (yaml) => yaml.replace('memory:   256', 'memory: 640'));
        return project;
      },
    };
    await expect(acceptIn(edited, CORP)).rejects.toMatchObject({ name: 'EditError' });
    expect(textOf(estate, FILE)).toContain('memory: 640');
  });

  it('where nothing has drifted', async () => {
    const estate = await applied();
    expect(await acceptIn(estate, CORP)).toMatchObject({ accepted: [], notAccepted: [], drifted: [] });
  });
});
