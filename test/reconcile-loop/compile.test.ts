import { describe, expect, it } from 'vitest';
import { decodeFunctionDocument } from '../../src/engine/function-document.ts';
import type { Desired } from '../../src/engine/types.ts';
import { installedHandlers } from '../../src/operations/handlers.ts';
import { check } from '../../src/reconcilers/reconcile-loop/check.ts';
import { compile } from '../../src/reconcilers/reconcile-loop/compile.ts';
import { loopDocument } from '../../src/reconcilers/reconcile-loop/loop-document.ts';
import type { ReconcileLoop } from '../../src/reconcilers/reconcile-loop/loop-document.ts';
import { HOME, PARTNER, roleArn } from '../support/generated-roles.ts';
import { createLoopEstate, GITHUB_SOURCE, KEY, loopYaml, S3_SOURCE, SIGNED } from '../support/reconcile-loop.ts';

async function loaded(spec?: readonly string[], settings?: readonly string[]) {
  const { documents, estate } = await (await createLoopEstate(spec, settings)).load();
  return { document: documents[0] as ReconcileLoop, estate };
}

async function resourcesOf(spec?: readonly string[], settings?: readonly string[]): Promise<readonly Desired[]> {
  const { document, estate } = await loaded(spec, settings);
  return compile(document, estate);
}

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: object;
}

/** What the function may do, by the ids of the statements. */
async function rightsOf(spec?: readonly string[], settings?: readonly string[]) {
  const policy = (await resourcesOf(spec, settings)).find(({ id }) => id === 'LoopPolicy')!;
  const { Statement } = policy.properties['PolicyDocument'] as unknown as { readonly Statement: readonly Statement[] };
  expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
  return Object.fromEntries(
    Statement.map(({ Sid, Action, Resource, Condition }) => [
      Sid,
      [Action, Resource, ...(Condition ? [Condition] : [])],
    ]),
  );
}

const FUNCTION = `arn:aws:lambda:eu-west-1:${HOME}:function:main-loop-`;
const OWN_BUCKET = expect.stringMatching(
  /^arn:aws:s3:::trueup-lease-[0-9a-f]{10}-111122223333-eu-west-1-an$/,
) as string;
const OWN_STATE = expect.stringMatching(/-an\/trueup\/acme-network\/loop\/main\.json$/) as string;

describe('the resources of a loop', () => {
  it('are a function with role and log, what starts it, and its alarms, in the default account and region', async () => {
    const resources = await resourcesOf();
    expect(resources.map(({ id }) => id)).toEqual([
      'LoopLogs',
      'LoopRole',
      'LoopPolicy',
      'Loop',
      'Permission',
      'Rule',
      'Alarm',
      'ErrorsAlarm',
    ]);
    expect(new Set(resources.map(({ place }) => JSON.stringify(place)))).toEqual(
      new Set([JSON.stringify({ account: HOME, region: 'eu-west-1' })]),
    );
    const found = Object.fromEntries(resources.map(({ id, properties }) => [id, properties]));
    expect(found['Loop']).toMatchObject({ MemorySize: 1024, Timeout: 900 });
    expect(found['Alarm']).toMatchObject({
      Namespace: 'trueup/ReconcileLoop',
      MetricName: 'Failed',
      Dimensions: [{ Name: 'Document', Value: 'ReconcileLoop/main' }],
    });
    const { AlarmName, AlarmDescription, Tags, ...errors } = found['ErrorsAlarm']!;
    expect([AlarmName, AlarmDescription]).toEqual([
      expect.stringMatching(/^main-errors-alarm-[0-9a-f]{10}$/),
      expect.stringContaining('(ReconcileLoop/main)'),
    ]);
    expect(Tags).toEqual(found['Alarm']!['Tags']);
    expect(errors).toEqual({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: found['Loop']!['FunctionName'] }],
      Statistic: 'Sum',
      Period: 60,
      // The longest invocation, a minute to collect, one to arrive, and the one in which it began.
      EvaluationPeriods: 18,
      DatapointsToAlarm: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
      ActionsEnabled: true,
      AlarmActions: [],
      OKActions: [],
    });
    expect(found['Rule']).toMatchObject({
      ScheduleExpression: 'rate(30 minutes)',
      Targets: [{ Input: '{"action":"run","document":"ReconcileLoop/main"}' }],
    });
  });

  it('tell the function its document, and the hash of its own code', async () => {
    const { document, estate } = await loaded([S3_SOURCE, SIGNED, 'mode: apply']);
    const { properties } = compile(document, estate).find(({ id }) => id === 'Loop')!;
    const { Variables } = properties['Environment'] as { readonly Variables: Readonly<Record<string, string>> };
    expect(decodeFunctionDocument(Variables['TRUEUP_DOCUMENT']!)).toEqual(loopDocument(document, estate));
    expect(Variables['TRUEUP_OWN_CODE']).toBe(installedHandlers().code('reconcile-loop').sha256);
    expect(loopDocument(document, estate)).toEqual({
      address: 'ReconcileLoop/main',
      place: { account: HOME, region: 'eu-west-1' },
      owner: 'acme-network',
      name: 'main',
      source: { s3: { bucket: 'acme-trueup', key: 'estate.tar.gz' } },
      approvals: { bucket: 'acme-trueup', key: 'estate.tar.gz.approval.json' },
      signingKey: KEY,
      mode: 'apply',
      selfUpdate: false,
      every: 'rate(30 minutes)',
      onlyKinds: [],
      store: { bucket: expect.stringMatching(/^trueup-lease-/) as string },
      functionName: expect.stringMatching(/^main-loop-[0-9a-f]{10}$/) as string,
    });
  });

  it('keep names and state of a renamed document, in an estate that had another owner', async () => {
    const estate = await createLoopEstate(undefined, ['formerly: [acme-net]', 'lease: { table: leases }']);
    estate.rewrite('main.yaml', (yaml) => yaml.replace('name: main', 'name: loop, formerly: [main]'));
    const project = await estate.load();
    expect(loopDocument(project.documents[0] as ReconcileLoop, project.estate)).toMatchObject({
      address: 'ReconcileLoop/loop',
      owner: 'acme-net',
      name: 'main',
      store: { table: 'leases' },
      functionName: expect.stringMatching(/^main-loop-/) as string,
    });
  });
});

describe('T62 what the function may do as itself', () => {
  it('T62 a report: read the bundle, verify, its state, itself, and the plan roles', async () => {
    const { Log, ...rights } = await rightsOf();
    expect(Log).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [expect.stringContaining(':log-group:/aws/lambda/main-loop-')],
    ]);
    expect(rights).toEqual({
      Source: [['s3:GetObject'], ['arn:aws:s3:::acme-trueup/estate.tar.gz']],
      Absence: [['s3:ListBucket'], ['arn:aws:s3:::acme-trueup', OWN_BUCKET]],
      Verify: [['kms:Verify'], [KEY]],
      State: [['s3:GetObject', 's3:PutObject'], [OWN_STATE]],
      GoOn: [['lambda:InvokeFunction'], [expect.stringContaining(FUNCTION)]],
      Taken: [['lambda:ListTags'], [expect.stringContaining(FUNCTION)]],
      Take: [
        ['lambda:TagResource'],
        [expect.stringContaining(FUNCTION)],
        { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['trueup:taken'] }, Null: { 'aws:TagKeys': 'false' } },
      ],
      Roles: [['sts:AssumeRole'], [roleArn(HOME, 'plan'), roleArn(PARTNER, 'plan')]],
    });
  });

  it.each(['heal', 'apply'])('T62 %s: the apply roles instead, and approvals only where they count', async (mode) => {
    const { Roles, Source } = await rightsOf([S3_SOURCE, SIGNED, `mode: ${mode}`, 'selfUpdate: true']);
    expect(Roles).toEqual([['sts:AssumeRole'], [roleArn(HOME, 'apply'), roleArn(PARTNER, 'apply')]]);
    const approval = mode === 'apply' ? ['arn:aws:s3:::acme-trueup/estate.tar.gz.approval.json'] : [];
    expect(Source).toEqual([['s3:GetObject'], ['arn:aws:s3:::acme-trueup/estate.tar.gz', ...approval]]);
  });

  it('T62 a branch: its token and that of the issue, and nothing in S3 but the state', async () => {
    const rights = await rightsOf([GITHUB_SOURCE, 'issue: { repository: acme/estate, token: "ssm:/issue" }']);
    expect(Object.keys(rights)).toEqual([
      'Absence',
      'SourceToken',
      'SourceTokenKey',
      'IssueToken',
      'IssueTokenKey',
      'State',
      'GoOn',
      'Taken',
      'Take',
      'Roles',
      'Log',
    ]);
    expect(rights['SourceToken']).toEqual([
      ['secretsmanager:GetSecretValue'],
      [`arn:aws:secretsmanager:eu-west-1:${HOME}:secret:source-??????`],
    ]);
    expect(rights['IssueToken']).toEqual([['ssm:GetParameter'], [`arn:aws:ssm:eu-west-1:${HOME}:parameter/issue`]]);
    expect(rights['Absence']).toEqual([['s3:ListBucket'], [OWN_BUCKET]]);
  });

  it('T62 one token for both is read by one right', async () => {
    const rights = await rightsOf([
      GITHUB_SOURCE,
      'issue: { repository: acme/estate, token: "secretsmanager:source" }',
    ]);
    expect(Object.keys(rights).filter((sid) => sid.includes('Token'))).toEqual(['SourceToken', 'SourceTokenKey']);
  });

  it('T62 of a table its own row alone', async () => {
    const { State, Table, Absence } = await rightsOf(undefined, ['lease: { table: leases }']);
    const table = `arn:aws:dynamodb:eu-west-1:${HOME}:table/leases`;
    expect(Table).toEqual([['dynamodb:DescribeTable'], [table]]);
    expect(State).toEqual([
      ['dynamodb:GetItem', 'dynamodb:PutItem'],
      [table],
      {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['trueup/acme-network/loop/main'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    ]);
    expect(Absence).toEqual([['s3:ListBucket'], ['arn:aws:s3:::acme-trueup']]);
  });
});

describe('two loops', () => {
  it.each<[string, readonly string[], readonly string[], string | undefined]>([
    ['that only report', ['mode: report'], ['mode: report'], undefined],
    ['of which one reports', ['mode: heal'], ['mode: report'], undefined],
    [
      'of different kinds',
      ['mode: heal', 'onlyKinds: [ZoneMirror]'],
      ['mode: apply', 'onlyKinds: [InstanceSchedule]'],
      undefined,
    ],
    ['of all kinds', ['mode: heal'], ['mode: apply'], 'writes to all kinds too'],
    ['of one kind and of all', ['mode: heal', 'onlyKinds: [ZoneMirror]'], ['mode: heal'], 'writes to ZoneMirror too'],
    [
      'that share a kind',
      ['mode: heal', 'onlyKinds: [ZoneMirror, ReconcileLoop]'],
      ['mode: heal', 'onlyKinds: [InstanceSchedule, ZoneMirror]'],
      'writes to ZoneMirror too',
    ],
  ])('%s', async (_what, first, second, expected) => {
    const estate = await createLoopEstate([S3_SOURCE, SIGNED, ...first]);
    estate.write('second.yaml', loopYaml([S3_SOURCE, SIGNED, ...second], 'second'));
    const project = await estate.load();
    const document = project.documents.find(({ name }) => name === 'main') as ReconcileLoop;
    const found = check(document, project.estate, project.documents);
    expect(found.map(({ code, severity, message }) => [code, severity, message])).toEqual(
      expected === undefined ? [] : [['kinds-claimed-twice', 'warning', expect.stringContaining(expected)]],
    );
  });
});
