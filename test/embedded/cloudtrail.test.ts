import {
  CloudTrailClient,
  InvalidLookupAttributesException,
  InvalidMaxResultsException,
  InvalidNextTokenException,
  InvalidTimeRangeException,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import type { LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { CreateLogGroupCommand, CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';
import { allow, createIamBench } from '../support/embedded-iam.ts';
import { createEmbeddedZone, errorOf } from '../support/embedded-zone.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const REGION = { region: 'eu-west-1' };
const GLOBAL = { region: 'us-east-1' };
const MINUTE = 60_000;
const DAY = 86_400_000;

function byName(AttributeValue: string): Partial<LookupEventsCommandInput> {
  return { LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue }] };
}

async function look(account: EmbeddedAccount, input: Partial<LookupEventsCommandInput> = {}, place = REGION) {
  const { Events = [], NextToken } = await account.client(CloudTrailClient, place).send(new LookupEventsCommand(input));
  return { events: Events, names: Events.map(({ EventName }) => EventName), NextToken };
}

async function withGroups(count: number, options: EmbeddedOptions = {}) {
  const account = openEmbedded('memory', { now: () => NOW, ...options });
  const logs = account.client(CloudWatchLogsClient, REGION);
  for (let index = 0; index < count; index += 1) {
    await logs.send(new CreateLogGroupCommand({ logGroupName: `group-${index}` }));
    account.elapse(1000);
  }
  return { account, logs };
}

describe('LookupEvents', () => {
  it('finds what was done to an object by its name, newest first, with the whole record', async () => {
    const { account, logs } = await withGroups(2);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: 'group-0' }));

    const { events, names } = await look(account, byName('group-0'));

    expect(names).toEqual(['DeleteLogGroup', 'CreateLogGroup']);
    expect(events[0]).toMatchObject({
      EventSource: 'logs.amazonaws.com',
      Username: 'administrator',
      ReadOnly: 'false',
      EventTime: new Date(NOW + 2000),
      Resources: [{ ResourceType: 'AWS::Logs::LogGroup', ResourceName: 'group-0' }],
    });
    expect(JSON.parse(events[0]!.CloudTrailEvent!)).toMatchObject({
      eventName: 'DeleteLogGroup',
      eventTime: '2026-11-24T10:00:02Z',
      awsRegion: 'eu-west-1',
      managementEvent: true,
      recipientAccountId: '111122223333',
      requestParameters: { logGroupName: 'group-0' },
      userAgent: expect.stringContaining('aws-sdk-js/'),
      userIdentity: { type: 'IAMUser', userName: 'administrator' },
      eventID: events[0]!.EventId,
    });
  });

  it('gives at most 50 a page, and goes on by its token with the same request only', async () => {
    const { account } = await withGroups(60);
    const created = { LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: 'CreateLogGroup' }] };

    const first = await look(account, created);
    const second = await look(account, { ...created, NextToken: first.NextToken });

    expect([first.names.length, second.names.length, second.NextToken]).toEqual([50, 10, undefined]);
    expect(new Set([...first.events, ...second.events].map(({ EventId }) => EventId)).size).toBe(60);
    const error = await errorOf(look(account, { NextToken: first.NextToken }));
    expect(error).toBeInstanceOf(InvalidNextTokenException);
  });

  it.each([
    [
      'two attributes',
      { LookupAttributes: ['a', 'b'].flatMap((name) => byName(name).LookupAttributes!) },
      InvalidLookupAttributesException,
    ],
    ['51 results', { MaxResults: 51 }, InvalidMaxResultsException],
    ['an end before the start', { StartTime: new Date(NOW), EndTime: new Date(NOW - 1) }, InvalidTimeRangeException],
  ])('refuses %s', async (_what, input, exception) => {
    const account = openEmbedded('memory', { now: () => NOW });

    expect(await errorOf(look(account, input))).toBeInstanceOf(exception);
  });

  it('looks into a window of time, and 90 days back', async () => {
    const { account } = await withGroups(3);

    const inside = await look(account, { StartTime: new Date(NOW + 1000), EndTime: new Date(NOW + 1999) });
    account.elapse(90 * DAY - 2000);
    const late = await look(account, { LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }] });

    expect(inside.events.map(({ Resources }) => Resources?.[0]?.ResourceName)).toEqual(['group-1']);
    expect(late.events.map(({ Resources }) => Resources?.[0]?.ResourceName)).toEqual(['group-2', 'group-1']);
  });

  it('shows an event after the delay, by the account’s clock', async () => {
    const { account } = await withGroups(1, { trail: { delay: 15 * MINUTE } });

    const before = await look(account, byName('group-0'));
    account.elapse(15 * MINUTE - 1000);
    const after = await look(account, byName('group-0'));

    expect([before.names, after.names]).toEqual([[], ['CreateLogGroup']]);
  });

  it('keeps events of global services in us-east-1, and of others where they were', async () => {
    const account = openEmbedded('memory');
    const role = {
      RoleName: 'reader',
      AssumeRolePolicyDocument:
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
    };
    await account.client(IAMClient, REGION).send(new CreateRoleCommand(role));

    expect((await look(account, byName('reader'), GLOBAL)).names).toEqual(['CreateRole']);
    expect((await look(account, byName('reader'), REGION)).names).toEqual([]);
  });

  it('names a hosted zone by its id, and a function by name and ARN and the version of the call', async () => {
    const { account, id, change } = await createEmbeddedZone();
    await change(['CREATE', 'www', 'A', ['192.0.2.1']]);
    const lambda = account.client(LambdaClient, REGION);
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:work';
    await errorOf(
      lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'work', ReservedConcurrentExecutions: 1 })),
    );

    const zone = await look(account, byName(id.replace('/hostedzone/', '')), GLOBAL);

    expect(zone.names).toEqual(['ChangeResourceRecordSets']);
    for (const name of ['work', arn]) {
      const { events } = await look(account, byName(name));
      expect(events.map(({ EventName }) => EventName)).toEqual(['PutFunctionConcurrency20171031']);
      expect(JSON.parse(events[0]!.CloudTrailEvent!)).toMatchObject({ errorCode: 'ResourceNotFoundException' });
    }
  });

  it('names instances, with EC2’s lists as items', async () => {
    const account = openEmbedded('memory');
    const [id = ''] = account.putInstances([{ type: 't3.micro', state: 'running' }], REGION);
    await account
      .client(EC2Client, REGION)
      .send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'team', Value: 'network' }] }));

    const { events } = await look(account, byName(id));

    expect(JSON.parse(events[0]!.CloudTrailEvent!)).toMatchObject({
      eventName: 'CreateTags',
      requestParameters: {
        resourcesSet: { items: [{ resourceId: id }] },
        tagSet: { items: [{ key: 'team', value: 'network' }] },
      },
    });
  });

  it('shows what is done to buckets, and never what is done to objects', async () => {
    const account = openEmbedded('memory');
    const s3 = account.client(S3Client, GLOBAL);
    await s3.send(new CreateBucketCommand({ Bucket: 'acme-data' }));
    await s3.send(new PutObjectCommand({ Bucket: 'acme-data', Key: 'a', Body: 'x' }));

    expect((await look(account, byName('acme-data'), GLOBAL)).names).toEqual(['CreateBucket']);
  });

  it('is throttled at two a second where that is asked for', async () => {
    const account = openEmbedded('memory', { now: () => NOW, trail: { lookupsPerSecond: 2 } });

    await look(account);
    await look(account);
    expect((await errorOf(look(account))).name).toBe('ThrottlingException');
    await look(account, {}, GLOBAL);
    account.elapse(1000);
    await look(account);
  });

  it('needs cloudtrail:LookupEvents on everything', async () => {
    const { role, grant, assume } = createIamBench();
    const client = (await assume(await role('reader'))).client(CloudTrailClient);
    const lookUp = () => client.send(new LookupEventsCommand({}));

    expect((await errorOf(lookUp())).message).toContain('is not authorized to perform: cloudtrail:LookupEvents');
    await grant('reader', allow('cloudtrail:LookupEvents', 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/all'));
    expect((await errorOf(lookUp())).name).toBe('AccessDeniedException');
    await grant('reader', allow('cloudtrail:LookupEvents'));
    expect((await lookUp()).Events?.map(({ EventName }) => EventName)).toContain('LookupEvents');
  });

  it('tells of a session by whom its role was issued', async () => {
    const { account, role, grant, assume } = createIamBench();
    const logs = (await assume(await role('ops'), { RoleSessionName: 'on-call' })).client(CloudWatchLogsClient);
    await grant('ops', allow('logs:CreateLogGroup'));
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'by-hand' }));

    const { events } = await look(account, byName('by-hand'));

    expect(events[0]!.Username).toBe('on-call');
    expect(JSON.parse(events[0]!.CloudTrailEvent!)).toMatchObject({
      userIdentity: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::111122223333:assumed-role/ops/on-call',
        sessionContext: { sessionIssuer: { type: 'Role', userName: 'ops' } },
      },
    });
  });
});
