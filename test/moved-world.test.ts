import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetHostedZoneCommand,
  ListTagsForResourceCommand as ListZoneTagsCommand,
  UpdateHostedZoneCommentCommand,
} from '@aws-sdk/client-route-53';
import type { ChangeAction } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { exitOfApply } from '../src/cli/exit-codes.ts';
import { readPlanFile } from '../src/cli/plan-file.ts';
import type { Fault } from '../src/embedded/index.ts';
import type { ApplyResult, HandlerCode, Plan } from '../src/engine/types.ts';
import { apply } from '../src/operations/apply.ts';
import { listRecordSets } from '../src/resources/record-sets/listing.ts';
import type { TestEstate } from './support/estate.ts';
import { BODY, reviewedWorlds, writesSince } from './support/moved-world.ts';
import type { ReviewedWorld } from './support/moved-world.ts';

/** What moves between the review and the merge, and what an apply of the review does then. */
interface Row {
  readonly moved: string;
  /** Strike the apply of the review. */
  readonly faults?: readonly Fault[];
  move?(world: ReviewedWorld): unknown;
  /** Default: applies the reviewed plan to the configuration as it is. */
  apply?(world: ReviewedWorld): Promise<ApplyResult>;
  readonly outcome: ApplyResult['outcome'];
  readonly exit: number;
  /** Logical ids of the document that this apply brings to where they were reviewed. */
  readonly done?: readonly string[];
  /** Those that need nothing any more. */
  readonly alreadyDone?: readonly string[];
  /** What is said of the document where it is refused: parts of single differences. */
  readonly differences?: readonly object[];
  /** Default: what was reviewed of the other document is done. */
  readonly other?: 'refused' | 'already done' | 'stopped' | 'like this one';
}

const ALREADY_DONE = 'already done';
const OTHER = 'ZoneMirror/other';

async function expectRow(world: ReviewedWorld, row: Row, name = 'corp'): Promise<void> {
  const { estate, reviewed } = world;
  await row.move?.(world);
  const zone = await world.zoneId();
  const seen = estate.account.events().length;
  const leases = leaseWrites(estate);

  const result = await (row.apply ? row.apply(world) : estate.apply(reviewed));

  const { done = [], alreadyDone = [], differences = [], other } = row;
  const document = `ZoneMirror/${name}`;
  const skipped = result.skipped.filter(({ why }) => why === ALREADY_DONE).map(({ id }) => id);
  const refusals = result.refused.find((one) => one.document === document)?.differences ?? [];
  const writes = writesSince(world, seen, zone);
  const others = idsOf(OTHER, result.done);
  const planned = idsOf(
    OTHER,
    reviewed.actions.map(({ id }) => id),
  );
  expect({
    outcome: result.outcome,
    exit: exitOfApply(result, undefined),
    done: idsOf(document, result.done),
    alreadyDone: idsOf(document, skipped),
    refusals,
    isWritten: writes.corp > 0,
    others,
    isOtherWritten: writes.other > 0,
    // Taken right before the first write, and not for nothing.
    isLeaseTaken: leaseWrites(estate) > leases,
  }).toEqual({
    outcome: row.outcome,
    exit: row.exit,
    done: done.toSorted(),
    alreadyDone: alreadyDone.toSorted(),
    refusals: differences.length > 0 ? expect.any(Array) : [],
    isWritten: done.length > 0,
    others: other === 'like this one' ? planned.filter((id) => !alreadyDone.includes(id)) : other ? [] : planned,
    isOtherWritten: others.length > 0,
    isLeaseTaken: done.length + others.length > 0,
  });
  for (const difference of differences) expect(refusals).toContainEqual(expect.objectContaining(difference));
}

function idsOf(document: string, ids: readonly string[]): readonly string[] {
  return ids.flatMap((id) => (id.startsWith(`${document}/`) ? [id.slice(document.length + 1)] : [])).toSorted();
}

function leaseWrites({ account }: TestEstate): number {
  return account.calls()['s3']?.writes ?? 0;
}

/** An apply of the review in another process, which the faults keep from its end. */
async function applyInPart({ beside, reviewed }: ReviewedWorld, ...faults: readonly Fault[]): Promise<void> {
  const estate = await beside(faults);
  expect((await estate.apply(reviewed)).outcome).toBe(faults.length > 0 ? 'partial' : 'applied');
}

const denied = (service: string, command: string): Fault => ({ service, command, times: 99, fault: 'access-denied' });

async function functionArn({ lambda, name }: ReviewedWorld): Promise<string> {
  const { FunctionArn = '' } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name('Mirror') }));
  return FunctionArn;
}

async function tag(world: ReviewedWorld, Tags: Record<string, string>): Promise<void> {
  await world.lambda.send(new TagResourceCommand({ Resource: await functionArn(world), Tags }));
}

async function changeRecord(world: ReviewedWorld, Action: ChangeAction, name: string, value: string): Promise<void> {
  const set = { Name: `${name}.corp.test`, Type: 'A' as const, TTL: 300, ResourceRecords: [{ Value: value }] };
  const ChangeBatch = { Changes: [{ Action, ResourceRecordSet: set }] };
  const HostedZoneId = await world.zoneId();
  await world.estate.client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
}

/** With other code of the functions than the review saw, as another trueup ships it. */
async function applyWith(world: ReviewedWorld, change: (code: HandlerCode) => HandlerCode): Promise<ApplyResult> {
  const { estate, reviewed } = world;
  const project = await estate.load();
  const handler = (name: string): HandlerCode => change(project.estate.handler(name));
  const changed = { ...project, estate: { ...project.estate, handler } };
  const { result } = await apply(changed, { endpoint: { kind: 'embedded', account: estate.account }, reviewed });
  if (!result) throw new Error('it was not asked whether to apply');
  return result;
}

const NEXT_RECORDS = `${BODY}\nnew A 10.0.0.9`;
const refused = { outcome: 'stale', exit: 3 } as const;
const OTHER_DOCUMENT = { message: 'the document, or a setting it uses, is another than the reviewed one' };

describe('a change of what is deployed was reviewed, and then', () => {
  /** A function's memory, how long its log is kept, the comment of the zone. */
  const open = reviewedWorlds({
    edit: (estate) =>
      estate.rewrite('corp.yaml', (yaml) =>
        yaml.replace('comment: mirror', 'comment: office').concat('  function: { memory: 512, logRetention: 14d }\n'),
      ),
  });
  const ALL = ['Mirror', 'MirrorLogs', 'Plan', 'PlanLogs', 'Zone'];
  const applied = { outcome: 'applied', exit: 0, done: ALL } as const;
  const logGroup = ({ name }: ReviewedWorld): { logGroupName: string } => ({
    logGroupName: `/aws/lambda/${name('Mirror')}`,
  });

  /** The zone goes, and somebody makes it anew with our tags and our caller reference. */
  async function remakeZone(world: ReviewedWorld): Promise<void> {
    const { client } = world.estate;
    const HostedZoneId = await world.zoneId();
    const { HostedZone, VPCs } = await client.send(new GetHostedZoneCommand({ Id: HostedZoneId }));
    const { ResourceTagSet } = await client.send(
      new ListZoneTagsCommand({ ResourceType: 'hostedzone', ResourceId: HostedZoneId }),
    );
    const sets = await listRecordSets(client, HostedZoneId);
    const going = sets.filter(({ Name, Type }) => Name !== 'corp.test.' || (Type !== 'NS' && Type !== 'SOA'));
    const Changes = going.map((set) => ({ Action: 'DELETE' as const, ResourceRecordSet: set }));
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
    await client.send(new DeleteHostedZoneCommand({ Id: HostedZoneId }));
    const { HostedZone: made } = await client.send(
      new CreateHostedZoneCommand({
        Name: 'corp.test',
        CallerReference: `${HostedZone?.CallerReference?.split('.')[0]}.again`,
        HostedZoneConfig: { Comment: 'mirror', PrivateZone: true },
        VPC: VPCs?.[0],
      }),
    );
    const again = { ResourceType: 'hostedzone', ResourceId: made?.Id?.replace('/hostedzone/', '') } as const;
    await client.send(new ChangeTagsForResourceCommand({ ...again, AddTags: ResourceTagSet?.Tags }));
  }

  it.each<Row>([
    { moved: 'nothing moves', ...applied },
    {
      moved: 'a part of it is done by an apply that does not come to its end',
      move: (world) => applyInPart(world, denied('lambda', 'UpdateFunctionConfiguration')),
      outcome: 'applied',
      exit: 0,
      done: ['Mirror', 'Plan'],
      alreadyDone: ['MirrorLogs', 'PlanLogs', 'Zone'],
      other: 'like this one',
    },
    {
      moved: 'all of it is done',
      move: (world) => applyInPart(world),
      outcome: 'nothing',
      exit: 0,
      alreadyDone: ALL,
      other: 'already done',
    },
    {
      moved: 'a field is where it was to be',
      move: (world) => world.logs.send(new PutRetentionPolicyCommand({ ...logGroup(world), retentionInDays: 14 })),
      outcome: 'applied',
      exit: 0,
      done: ALL.filter((id) => id !== 'MirrorLogs'),
      alreadyDone: ['MirrorLogs'],
    },
    {
      moved: 'one of two fields of an object is where it was to be',
      move: ({ lambda, name }) =>
        lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name('Mirror'), MemorySize: 512 })),
      ...applied,
    },
    {
      moved: 'a field is at a third value',
      move: (world) => world.logs.send(new PutRetentionPolicyCommand({ ...logGroup(world), retentionInDays: 7 })),
      ...refused,
      differences: [{ id: 'ZoneMirror/corp/MirrorLogs', path: 'RetentionInDays', reviewed: 30, now: 7 }],
    },
    {
      moved: 'the same field of the zone is at a third value',
      move: async ({ estate, zoneId }) =>
        estate.client.send(new UpdateHostedZoneCommentCommand({ Id: await zoneId(), Comment: 'hands off' })),
      ...refused,
      differences: [{ path: 'HostedZoneConfig', reviewed: { Comment: 'mirror' }, now: { Comment: 'hands off' } }],
    },
    {
      moved: 'a sibling field drifts',
      move: ({ lambda, name }) =>
        lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name('Mirror'), Timeout: 3 })),
      ...refused,
      differences: [{ path: 'Timeout', message: 'Timeout was not to change', now: 3 }],
    },
    {
      moved: 'another object of the document drifts',
      move: ({ rules, name }) =>
        rules.send(new PutRuleCommand({ Name: name('Rule'), ScheduleExpression: 'rate(1 minute)' })),
      ...refused,
      differences: [{ id: 'ZoneMirror/corp/Rule', message: expect.stringContaining('was not reviewed') }],
    },
    {
      moved: 'a role trusts somebody else',
      move: ({ iam, name }) =>
        iam.send(
          new UpdateAssumeRolePolicyCommand({
            RoleName: name('MirrorRole'),
            PolicyDocument: JSON.stringify({
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
            }),
          }),
        ),
      ...refused,
      differences: [{ id: 'ZoneMirror/corp/MirrorRole' }],
    },
    {
      moved: 'an object is made anew under another id, and what refers to it follows',
      move: remakeZone,
      ...refused,
      differences: [
        { id: 'ZoneMirror/corp/Zone', message: 'the object is another, or riskier, than the reviewed one' },
        { id: 'ZoneMirror/corp/Mirror', path: 'Zone.Id', message: 'Zone.Id is another' },
      ],
    },
    {
      moved: 'an object of the same name is made by somebody else',
      async move(world) {
        await world.logs.send(new DeleteLogGroupCommand(logGroup(world)));
        await world.logs.send(new CreateLogGroupCommand(logGroup(world)));
      },
      ...refused,
      differences: [{ message: expect.stringContaining('it is not ours') }],
    },
    {
      moved: 'an object of the same name is made with our tags',
      async move(world) {
        const { logGroups = [] } = await world.logs.send(new DescribeLogGroupsCommand({}));
        const { logGroupArn = '' } = logGroups.find((one) => one.logGroupName === logGroup(world).logGroupName) ?? {};
        const { tags = {} } = await world.logs.send(new ListTagsForResourceCommand({ resourceArn: logGroupArn }));
        await world.logs.send(new DeleteLogGroupCommand(logGroup(world)));
        await world.logs.send(new CreateLogGroupCommand({ ...logGroup(world), tags }));
      },
      ...refused,
      differences: [{ path: 'RetentionInDays', reviewed: 30, now: null }],
    },
    {
      moved: 'an object is gone',
      move: (world) => world.logs.send(new DeleteLogGroupCommand(logGroup(world))),
      ...refused,
      differences: [{ message: 'update was reviewed, create is what is needed now' }],
    },
    {
      moved: 'the owner tag is removed',
      move: async (world) =>
        world.lambda.send(new UntagResourceCommand({ Resource: await functionArn(world), TagKeys: ['trueup:owner'] })),
      ...refused,
      differences: [{ message: expect.stringContaining('it is not ours') }],
    },
    {
      moved: 'the owner tag is another owner’s',
      move: (world) => tag(world, { 'trueup:owner': 'someone/ZoneMirror/corp/Mirror' }),
      ...refused,
      differences: [{ message: expect.stringContaining('belongs to the owner someone') }],
    },
    {
      moved: 'the owner tag is another document’s',
      move: (world) => tag(world, { 'trueup:owner': 'acme-network/ZoneMirror/other/Mirror' }),
      ...refused,
      differences: [{ message: expect.stringContaining('belongs to ZoneMirror/other/Mirror') }],
    },
    {
      moved: 'protection is set by hand',
      move: (world) => tag(world, { 'trueup:protect': 'true' }),
      ...refused,
      differences: [
        { message: 'the object is another, or riskier, than the reviewed one' },
        { path: 'trueup:protect', now: 'true' },
      ],
    },
    {
      moved: 'trueup:applied is scrawled over',
      move: (world) => tag(world, { 'trueup:applied': 'x'.repeat(60) }),
      ...applied,
    },
    {
      moved: 'the document is edited',
      move: ({ estate }) => estate.rewrite('corp.yaml', (yaml) => yaml.replace('memory: 512', 'memory: 1024')),
      ...refused,
      differences: [OTHER_DOCUMENT, { path: 'MemorySize', reviewed: 512, now: 1024 }],
    },
    {
      moved: 'the document is edited back to what is deployed',
      move: ({ estate }) => estate.rewrite('corp.yaml', (yaml) => yaml.replace('comment: office', 'comment: mirror')),
      ...refused,
      differences: [OTHER_DOCUMENT],
    },
    {
      moved: 'the document goes',
      move: ({ estate }) => rmSync(join(estate.directory, 'config', 'corp.yaml')),
      ...refused,
      differences: [{ message: 'the document is gone from the configuration' }],
    },
    {
      moved: 'tags of Settings, which all of them use, are edited',
      move: ({ estate }) => estate.rewrite('settings.yaml', (yaml) => yaml.replace('team: network', 'team: hosts')),
      ...refused,
      differences: [OTHER_DOCUMENT],
      other: 'refused',
    },
    {
      moved: 'the permissions boundary of Settings, which all of them use, is edited',
      move: ({ estate }) =>
        estate.rewrite('settings.yaml', (yaml) => yaml.replace('Boundary: trueup-boundary', 'Boundary: none')),
      ...refused,
      differences: [OTHER_DOCUMENT],
      other: 'refused',
    },
    {
      moved: 'something of Settings that none of them uses is edited',
      move: ({ estate }) => estate.rewrite('settings.yaml', (yaml) => yaml.replace('partner:', 'friend:')),
      ...applied,
    },
    {
      moved: 'another document is edited',
      move: ({ estate }) => estate.rewrite('other.yaml', (yaml) => yaml.replace('comment: other', 'comment: third')),
      outcome: 'stale',
      exit: 3,
      done: ALL,
      other: 'refused',
    },
    {
      moved: 'another document is merged, and this one lies in another file',
      move({ estate }) {
        const yaml = readFileSync(join(estate.directory, 'config', 'corp.yaml'), 'utf8');
        rmSync(join(estate.directory, 'config', 'corp.yaml'));
        estate.write('moved.yaml', `\n${yaml}`);
        const other = readFileSync(join(estate.directory, 'config', 'other.yaml'), 'utf8');
        estate.write('third.yaml', other.replace('name: other', 'name: third').replace('other.test', 'third.test'));
        estate.serve('third.test', 5, BODY);
      },
      ...applied,
    },
    {
      moved: 'a new finding blocks',
      move: ({ estate }) => estate.serve('corp.test', 6, ''),
      ...refused,
      differences: [{ message: expect.stringContaining('corp.test') }],
    },
    {
      moved: 'something cannot be looked at any more',
      faults: [denied('cloudwatch', 'DescribeAlarms')],
      ...refused,
      differences: [{ message: expect.stringContaining('could not be looked at (denied)') }],
      other: 'refused',
    },
    {
      moved: 'a newer trueup has other code for the functions',
      apply: (world) => applyWith(world, ({ sha256, version }) => ({ sha256: `${sha256.slice(0, -4)}AAA=`, version })),
      ...refused,
      differences: [OTHER_DOCUMENT],
      other: 'refused',
    },
    {
      moved: 'a newer trueup has the same code for the functions',
      apply: (world) => applyWith(world, ({ sha256 }) => ({ sha256, version: '99.0.0' })),
      ...applied,
    },
    {
      moved: 'the estate belongs to another owner',
      move: ({ estate }) =>
        estate.rewrite('settings.yaml', (yaml) => yaml.replace('owner: acme-network', 'owner: acme-other')),
      ...refused,
      differences: [{ path: 'owner', reviewed: 'acme-network', now: 'acme-other' }],
      other: 'refused',
    },
    {
      moved: 'the plan is one of another estate, which names nothing that is here',
      apply: ({ estate, reviewed }) =>
        estate.apply({
          ...reviewed,
          owner: 'acme-other',
          actions: [],
          documents: reviewed.documents.map((document) => ({ ...document, name: `their-${document.name}` })),
        }),
      ...refused,
      other: 'refused',
    },
    {
      moved: 'the plan was sealed by an older rule',
      apply: ({ estate, reviewed }) =>
        estate.apply({
          ...reviewed,
          documents: reviewed.documents.map((document) => ({ ...document, seal: 'f'.repeat(64) })),
        }),
      ...refused,
      differences: [OTHER_DOCUMENT],
      other: 'refused',
    },
  ])('$moved: $outcome', async (row) => expectRow(await open(row.faults), row));

  it.each<{ what: string; edit: (plan: Plan) => object }>([
    { what: 'edited', edit: (plan) => ({ ...plan, actions: plan.actions.slice(1) }) },
    { what: 'another owner’s by its own word', edit: (plan) => ({ ...plan, owner: 'acme-other' }) },
    { what: 'of another version', edit: (plan) => ({ ...plan, format: 'trueup/plan@2' }) },
    { what: 'half a plan', edit: (plan) => ({ ...plan, documents: undefined }) },
  ])('a plan file that is $what is refused before anything is asked', async ({ edit }) => {
    const { estate, reviewed } = await open();
    const file = join(estate.directory, 'plan.json');
    writeFileSync(file, JSON.stringify(reviewed));
    expect((await readPlanFile(file)).digest).toBe(reviewed.digest);

    writeFileSync(file, JSON.stringify(edit(reviewed)));

    await expect(readPlanFile(file)).rejects.toMatchObject({ code: 'TU3001', exitCode: 3 });
  });
});

describe('a new mirror was reviewed, and then', () => {
  const open = reviewedWorlds({ undeployed: true });
  const made = (id: string): readonly string[] => [`${id}Logs`, `${id}Role`, `${id}Policy`, id];
  const ALL = ['Zone', 'Records', ...made('Mirror'), ...made('Plan'), 'Rule', 'Permission', 'Alarm'];
  const withFunctions = ['Mirror', 'Plan', 'Records', 'Rule', 'Permission'];

  it.each<Row>([
    { moved: 'nothing moves', outcome: 'applied', exit: 0, done: ALL },
    {
      moved: 'a part of it is made, and the zone’s id is known now',
      move: (world) => applyInPart(world, denied('lambda', 'CreateFunction')),
      outcome: 'applied',
      exit: 0,
      done: withFunctions,
      alreadyDone: ALL.filter((id) => !withFunctions.includes(id)),
      other: 'like this one',
    },
    {
      moved: 'objects are left half made',
      move: (world) => applyInPart(world, denied('iam', 'TagRole'), denied('route-53', 'ChangeTagsForResource')),
      outcome: 'applied',
      exit: 0,
      done: ALL.filter((id) => !['MirrorLogs', 'PlanLogs', 'Alarm'].includes(id)),
      alreadyDone: ['MirrorLogs', 'PlanLogs', 'Alarm'],
      other: 'like this one',
    },
    {
      moved: 'all of it is made',
      move: (world) => applyInPart(world),
      outcome: 'nothing',
      exit: 0,
      alreadyDone: ALL,
      other: 'already done',
    },
    {
      moved: 'it is made, and drifts',
      async move(world) {
        await applyInPart(world);
        await world.rules.send(new PutRuleCommand({ Name: world.name('Rule'), ScheduleExpression: 'rate(1 minute)' }));
      },
      ...refused,
      differences: [{ message: 'create was reviewed, update is what is needed now' }],
      other: 'already done',
    },
    {
      moved: 'somebody else makes an object of that name',
      move: ({ logs, name }) => logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${name('Mirror')}` })),
      ...refused,
      differences: [{ message: expect.stringContaining('it is not ours') }],
    },
  ])('$moved: $outcome', async (row) => expectRow(await open(row.faults), row));
});

describe('the records of a mirror moved at the review, and then', () => {
  describe('of a live mirror', () => {
    const guard = 'guards: { deletes: { percent: 20, count: 1, from: 1 } }';
    const open = reviewedWorlds({ spec: [guard], moves: NEXT_RECORDS });

    it.each<Row>([
      { moved: 'nothing moves', outcome: 'applied', exit: 0, done: ['Records'] },
      {
        moved: 'the source moves on',
        move: ({ estate }) => estate.serve('corp.test', 7, `${NEXT_RECORDS}\nnewer A 10.0.0.10`),
        outcome: 'applied',
        exit: 0,
        done: ['Records'],
      },
      {
        moved: 'a record is changed by hand',
        move: (world) => changeRecord(world, 'UPSERT', 'vpn', '10.9.9.9'),
        outcome: 'applied',
        exit: 0,
        done: ['Records'],
      },
      {
        moved: 'the source loses more than the guard lets go, which stops the whole apply',
        move: ({ estate }) => estate.serve('corp.test', 7, 'ns1 A 10.0.0.1'),
        outcome: 'refused',
        exit: 4,
        other: 'stopped',
      },
      {
        moved: 'the source is empty',
        move: ({ estate }) => estate.serve('corp.test', 7, ''),
        ...refused,
        differences: [{ message: expect.stringContaining('corp.test') }],
      },
      {
        moved: 'the zone they are in is not ours any more',
        move: async ({ estate, zoneId }) =>
          estate.client.send(
            new ChangeTagsForResourceCommand({
              ResourceType: 'hostedzone',
              ResourceId: await zoneId(),
              RemoveTagKeys: ['trueup:owner'],
            }),
          ),
        ...refused,
        differences: [{ message: expect.stringContaining('it is not ours') }],
      },
    ])('$moved: $outcome', async (row) => expectRow(await open(row.faults), row));
  });

  describe('of a reviewed mirror', () => {
    const moves = 'ns1 A 10.0.0.1\nwww A 10.0.0.22\nvpn A 10.0.0.33';
    const open = reviewedWorlds({ spec: ['records: reviewed'], moves });

    it.each<Row>([
      { moved: 'nothing moves', outcome: 'applied', exit: 0, done: ['Records'] },
      {
        moved: 'a part of them is there',
        move: (world) => changeRecord(world, 'UPSERT', 'vpn', '10.0.0.33'),
        outcome: 'applied',
        exit: 0,
        done: ['Records'],
      },
      {
        moved: 'all of them are written',
        move: (world) => applyInPart(world),
        outcome: 'nothing',
        exit: 0,
        alreadyDone: ['Records'],
        other: 'already done',
      },
      {
        moved: 'a record is at a third value',
        move: (world) => changeRecord(world, 'UPSERT', 'vpn', '10.9.9.9'),
        ...refused,
        differences: [{ message: '1 change in ResourceRecordSets were not reviewed' }],
      },
      {
        moved: 'a record that was not to change is changed by hand',
        move: (world) => changeRecord(world, 'UPSERT', 'ns1', '10.9.9.9'),
        ...refused,
        differences: [{ message: '1 change in ResourceRecordSets were not reviewed' }],
      },
      {
        moved: 'the source moves on',
        move: ({ estate }) => estate.serve('corp.test', 7, moves),
        ...refused,
        differences: [
          {
            path: 'ResourceRecordSets',
            reviewed: expect.objectContaining({ serial: 6 }),
            now: expect.objectContaining({ serial: 7 }),
          },
        ],
      },
      {
        moved: 'the source shrinks and says no other serial',
        move: ({ estate }) => estate.serve('corp.test', 6, 'ns1 A 10.0.0.1\nwww A 10.0.0.22'),
        ...refused,
        differences: [{ path: 'ResourceRecordSets' }],
      },
    ])('$moved: $outcome', async (row) => expectRow(await open(row.faults), row));
  });
});

describe('the removal of a mirror was reviewed, and then', () => {
  const open = reviewedWorlds({ edit: ({ directory }) => rmSync(join(directory, 'config', 'corp.yaml')) });
  const GONE = ['Alarm', 'Mirror', 'MirrorLogs', 'MirrorRole', 'Plan', 'PlanLogs', 'PlanRole', 'Rule', 'Zone'];
  const zoneTags = async (
    { estate, zoneId }: ReviewedWorld,
    change: { AddTags?: { Key: string; Value: string }[]; RemoveTagKeys?: string[] },
  ): Promise<unknown> =>
    estate.client.send(
      new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: await zoneId(), ...change }),
    );

  it.each<Row>([
    { moved: 'nothing moves', outcome: 'applied', exit: 0, done: GONE },
    {
      moved: 'a part of it is gone, records of the zone among it',
      move: (world) => applyInPart(world, denied('route-53', 'DeleteHostedZone')),
      outcome: 'applied',
      exit: 0,
      done: ['Zone'],
      alreadyDone: GONE.filter((id) => id !== 'Zone'),
      other: 'already done',
    },
    {
      moved: 'all of it is gone',
      move: (world) => applyInPart(world),
      outcome: 'nothing',
      exit: 0,
      alreadyDone: GONE,
      other: 'already done',
    },
    {
      moved: 'the zone has fewer records',
      move: (world) => changeRecord(world, 'DELETE', 'vpn', '10.0.0.3'),
      outcome: 'applied',
      exit: 0,
      done: GONE,
    },
    {
      moved: 'the zone has more records: more would be lost',
      move: (world) => changeRecord(world, 'CREATE', 'new', '10.0.0.9'),
      ...refused,
      differences: [
        {
          id: 'ZoneMirror/corp/Zone',
          path: 'RecordSets',
          message: 'more of RecordSets would change than was reviewed',
        },
      ],
    },
    {
      moved: 'protection is set by hand',
      move: (world) => zoneTags(world, { AddTags: [{ Key: 'trueup:protect', Value: 'true' }] }),
      ...refused,
      differences: [{ message: 'the object is another, or riskier, than the reviewed one' }],
    },
    {
      moved: 'it is to be let go instead',
      move: (world) => zoneTags(world, { AddTags: [{ Key: 'trueup:on-remove', Value: 'release' }] }),
      ...refused,
      differences: [{ message: 'delete was reviewed, release is what is needed now' }],
    },
    {
      moved: 'the document is declared again',
      move: ({ estate }) =>
        estate.rewrite('other.yaml', (yaml) =>
          [yaml, yaml.replace('name: other', 'name: corp').replace('other.test', 'corp.test')].join('---\n'),
        ),
      ...refused,
      differences: [{ message: 'the document is declared again; its removal was reviewed' }],
    },
    {
      moved: 'not everything can be looked at, and what hides may be what the rest hangs on',
      faults: [denied('resource-groups-tagging-api', 'GetResources')],
      outcome: 'partial',
      exit: 5,
    },
  ])('$moved: $outcome', async (row) => expectRow(await open(row.faults), row));
});

describe('a new name was reviewed, and then', () => {
  const open = reviewedWorlds({
    edit: (estate) =>
      estate.rewrite('corp.yaml', (yaml) => yaml.replace('name: corp', 'name: office, formerly: [corp]')),
  });
  const functions = ['Mirror', 'Plan'];
  const marked = ['Alarm', 'MirrorLogs', 'MirrorRole', 'PlanLogs', 'PlanRole', 'Zone'];

  it.each<Row>([
    { moved: 'nothing moves', outcome: 'applied', exit: 0, done: [...functions, ...marked, 'Rule'] },
    {
      moved: 'functions are marked, and not yet what they are to become',
      move: (world) => applyInPart(world, denied('lambda', 'UpdateFunctionConfiguration')),
      outcome: 'applied',
      exit: 0,
      done: functions,
      alreadyDone: [...marked, 'Rule'],
      other: 'like this one',
    },
  ])('$moved: $outcome', async (row) => expectRow(await open(row.faults), row, 'office'));
});
