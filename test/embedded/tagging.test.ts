import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand, UntagResourceCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateSecurityGroupCommand, CreateTagsCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetResourcesCommand,
  InvalidParameterException,
  ResourceGroupsTaggingAPIClient,
  ThrottledException,
  paginateGetResources,
} from '@aws-sdk/client-resource-groups-tagging-api';
import type { GetResourcesInput } from '@aws-sdk/client-resource-groups-tagging-api';
import { ChangeTagsForResourceCommand, CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';
import { ACCOUNT, allow, createIamBench, trust } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';

const REGION = 'eu-west-1';
const OTHER_ACCOUNT = '444455556666';
const Tags = [{ Key: 'owner', Value: 'acme' }];

function open(options: EmbeddedOptions = {}) {
  const account = openEmbedded('memory', options);
  return { account, ...groupsOf(account) };
}

/** Log groups with tags, which are the cheapest resources, and the list of what has tags. */
function groupsOf(account: EmbeddedAccount, place: { region: string; account?: string } = { region: REGION }) {
  const logs = account.client(CloudWatchLogsClient, place);
  const client = account.client(ResourceGroupsTaggingAPIClient, place);
  return {
    logs,
    client,
    group: (logGroupName: string, tags: Record<string, string>) =>
      logs.send(new CreateLogGroupCommand({ logGroupName, tags })),
    async names(input: GetResourcesInput = {}) {
      const { ResourceTagMappingList: list } = await client.send(new GetResourcesCommand(input));
      return list!.map(({ ResourceARN: arn }) => arn!.split(/[:/]/).at(-1));
    },
  };
}

/** One of everything that has tags, in one region; the zone and the role are everywhere. */
async function createOfEverything(account: EmbeddedAccount, region: string) {
  const place = { region };
  const role = await account.client(IAMClient, place).send(
    new CreateRoleCommand({
      RoleName: 'fn',
      AssumeRolePolicyDocument: trust({ Service: 'lambda.amazonaws.com' }),
      Tags,
    }),
  );
  await account.client(LambdaClient, place).send(
    new CreateFunctionCommand({
      FunctionName: 'fn',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: role.Role!.Arn,
      Code: { ZipFile: zipSync({ 'index.mjs': new TextEncoder().encode('export const handler = () => 1') }) },
      Tags: { owner: 'acme' },
    }),
  );
  await account
    .client(CloudWatchLogsClient, place)
    .send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/fn', tags: { owner: 'acme' } }));
  await account
    .client(EventBridgeClient, place)
    .send(new PutRuleCommand({ Name: 'rule', ScheduleExpression: 'rate(1 day)', Tags }));
  await account.client(CloudWatchClient, place).send(
    new PutMetricAlarmCommand({
      AlarmName: 'alarm',
      Namespace: 'n',
      MetricName: 'm',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      Tags,
    }),
  );
  const ec2 = account.client(EC2Client, place);
  const { Vpc: vpc } = await ec2.send(
    new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', TagSpecifications: [{ ResourceType: 'vpc', Tags }] }),
  );
  const group = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId: vpc!.VpcId, GroupName: 'group', Description: 'a test' }),
  );
  await ec2.send(new CreateTagsCommand({ Resources: [group.GroupId!], Tags }));
  const route53 = account.client(Route53Client, place);
  const { HostedZone: zone } = await route53.send(
    new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: region }),
  );
  const ResourceId = zone!.Id!.replace('/hostedzone/', '');
  await route53.send(new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId, AddTags: Tags }));
  const own = (service: string, resource: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
  return {
    zone: `arn:aws:route53:::hostedzone/${ResourceId}`,
    regional: {
      'cloudwatch:alarm': own('cloudwatch', 'alarm:alarm'),
      'ec2:security-group': own('ec2', `security-group/${group.GroupId}`),
      'ec2:vpc': own('ec2', `vpc/${vpc!.VpcId}`),
      'events:rule': own('events', 'rule/rule'),
      'lambda:function': own('lambda', 'function:fn'),
      'logs:log-group': own('logs', 'log-group:/aws/lambda/fn'),
    },
  };
}

describe('GetResources lists what has tags', () => {
  it('of every service but IAM, by its ARN', async () => {
    const { account, client } = open();
    const { regional } = await createOfEverything(account, REGION);

    const answer = await client.send(new GetResourcesCommand({}));

    expect(answer.PaginationToken).toBe('');
    expect(answer.ResourceTagMappingList).toEqual(
      Object.values(regional).map((ResourceARN) => ({ ResourceARN, Tags })),
    );
  });

  it('of global services in us-east-1 only', async () => {
    const { account } = open();
    const { regional, zone } = await createOfEverything(account, 'us-east-1');
    const east = account.client(ResourceGroupsTaggingAPIClient, { region: 'us-east-1' });

    const { ResourceTagMappingList: list } = await east.send(new GetResourcesCommand({}));

    expect(list!.map(({ ResourceARN }) => ResourceARN)).toEqual([...Object.values(regional), zone]);
  });

  it.each<[string[], number]>([
    [['cloudwatch:alarm'], 1],
    [['ec2'], 2],
    [['ec2:vpc'], 1],
    [['events:rule', 'lambda:function'], 2],
    [['logs'], 1],
    [['logs:log-group'], 1],
    [['route53:hostedzone'], 0],
    [['ec2:vp'], 0],
    [['iam:role'], 0],
    [['s3'], 0],
  ])('of the types %j', async (ResourceTypeFilters, count) => {
    const { account, client } = open();
    const { regional } = await createOfEverything(account, REGION);

    const { ResourceTagMappingList: list } = await client.send(new GetResourcesCommand({ ResourceTypeFilters }));

    const wanted = Object.entries(regional)
      .filter(([type]) => ResourceTypeFilters.includes(type) || ResourceTypeFilters.includes(type.split(':')[0]!))
      .map(([, arn]) => arn);
    expect(list!.map(({ ResourceARN }) => ResourceARN)).toEqual(wanted);
    expect(wanted).toHaveLength(count);
  });

  it('in one account and region', async () => {
    const { account, group, names } = open();
    const elsewhere = groupsOf(account, { region: 'eu-central-1' });
    const foreign = groupsOf(account, { region: REGION, account: OTHER_ACCOUNT });
    await group('here', { a: '1' });
    await elsewhere.group('elsewhere', { a: '1' });
    await foreign.group('foreign', { a: '1' });

    expect(await names()).toEqual(['here']);
    expect(await elsewhere.names()).toEqual(['elsewhere']);
    const { ResourceTagMappingList: list } = await foreign.client.send(new GetResourcesCommand({}));
    expect(list).toEqual([
      {
        ResourceARN: `arn:aws:logs:${REGION}:${OTHER_ACCOUNT}:log-group:foreign`,
        Tags: [{ Key: 'a', Value: '1' }],
      },
    ]);
  });

  it('now, not what had tags or never had any', async () => {
    const { logs, group, names } = open();
    await group('bare', {});
    await group('lost', { a: '1' });
    const resourceArn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:lost`;
    expect(await names()).toEqual(['lost']);
    await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));

    expect(await names()).toEqual([]);
  });

  it.each<[string, GetResourcesInput['TagFilters'], string[]]>([
    ['no filter', [], ['one', 'three', 'two']],
    ['a key', [{ Key: 'team' }], ['three', 'two']],
    ['a key and no values', [{ Key: 'team', Values: [] }], ['three', 'two']],
    ['a value', [{ Key: 'owner', Values: ['acme'] }], ['one', 'two']],
    ['values, each of which will do', [{ Key: 'team', Values: ['a', 'b', 'c'] }], ['three', 'two']],
    ['an empty value', [{ Key: 'empty', Values: [''] }], ['one']],
    ['several keys, all of which must be there', [{ Key: 'owner', Values: ['acme'] }, { Key: 'team' }], ['two']],
    ['another case', [{ Key: 'Owner' }], []],
    ['a part of a value', [{ Key: 'owner', Values: ['acm'] }], []],
    ['a key that every object has', [{ Key: 'constructor' }], []],
  ])('by %s', async (_what, TagFilters, found) => {
    const { group, names } = open();
    await group('one', { owner: 'acme', empty: '' });
    await group('two', { owner: 'acme', team: 'a' });
    await group('three', { owner: 'other', team: 'b' });

    expect(await names({ TagFilters })).toEqual(found);
  });
});

describe('pages of GetResources', () => {
  it('hold up to 100 resources and follow each other by their tokens', async () => {
    const { client, group } = open();
    for (let index = 0; index < 230; index += 1) await group(`g${index}`, { n: String(index) });

    const sizes: number[] = [];
    const arns = new Set<string>();
    const input = { TagFilters: [{ Key: 'n' }], ResourcesPerPage: 100 };
    for await (const { ResourceTagMappingList: list } of paginateGetResources({ client, pageSize: 100 }, input)) {
      sizes.push(list!.length);
      for (const { ResourceARN: arn } of list!) arns.add(arn!);
    }

    expect(sizes).toEqual([100, 100, 30]);
    expect(arns.size).toBe(230);
  });

  it('neither repeat nor hide what is made or goes between them', async () => {
    const { client, group } = open();
    for (const name of ['b', 'c', 'd']) await group(name, { n: '1' });
    const page = async (input: GetResourcesInput) => client.send(new GetResourcesCommand(input));

    const first = await page({ ResourcesPerPage: 2 });
    await group('a', { n: '1' });
    await group('e', { n: '1' });
    const second = await page({ ResourcesPerPage: 2, PaginationToken: first.PaginationToken });

    expect(second.ResourceTagMappingList!.map(({ ResourceARN: arn }) => arn!.at(-1))).toEqual(['d', 'e']);
    expect(second.PaginationToken).toBe('');
    expect((await page({ PaginationToken: '' })).ResourceTagMappingList).toHaveLength(5);
  });
});

describe('GetResources refuses', () => {
  it.each<[string, GetResourcesInput]>([
    ['an empty page', { ResourcesPerPage: 0 }],
    ['a page of 101', { ResourcesPerPage: 101 }],
    ['a token that nobody gave out', { PaginationToken: 'x' }],
    ['51 tag filters', { TagFilters: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}` })) }],
    ['21 values', { TagFilters: [{ Key: 'k', Values: Array.from({ length: 21 }, String) }] }],
    ['a filter without a key', { TagFilters: [{ Values: ['v'] }] }],
    ['101 types', { ResourceTypeFilters: Array.from({ length: 101 }, () => 's3') }],
  ])('%s', async (_what, input) => {
    const { client } = open();
    expect(await errorOf(client.send(new GetResourcesCommand(input)))).toBeInstanceOf(InvalidParameterException);
  });

  it.each<GetResourcesInput>([{ ResourceARNList: [] }, { TagsPerPage: 100 }, { IncludeComplianceDetails: true }])(
    'what is not embedded: %j',
    async (input) => {
      const { client } = open();
      expect((await errorOf(client.send(new GetResourcesCommand(input)))).name).toBe('NotEmbedded');
    },
  );

  it('a role that may not, whatever it may elsewhere', async () => {
    const { role, grant, assume } = createIamBench();
    const arn = await role('reader');
    const client = (await assume(arn)).client(ResourceGroupsTaggingAPIClient);
    const list = () => client.send(new GetResourcesCommand({}));
    await grant('reader', allow('resource-groups:*'));

    const refused = await errorOf(list());

    expect(refused.name).toBe('AccessDeniedException');
    expect(refused.message).toContain('is not authorized to perform: tag:GetResources');
    await grant('reader', allow('tag:GetResources', 'arn:aws:logs:*:*:*'));
    expect((await errorOf(list())).name).toBe('AccessDeniedException');
    await grant('reader', allow('tag:GetResources'));
    expect((await list()).ResourceTagMappingList).toEqual([]);
  });

  it('too many requests, which the client repeats', async () => {
    const throttle = { service: 'resource-groups-tagging-api', command: 'GetResources', fault: 'throttle' } as const;
    const { client, account } = open({ faults: [throttle] });

    expect((await client.send(new GetResourcesCommand({}))).ResourceTagMappingList).toEqual([]);
    expect(account.calls()).toEqual({ 'resource-groups-tagging-api': { reads: 2, writes: 0 } });
  });

  it('too many requests for good', async () => {
    const throttle = { service: 'resource-groups-tagging-api', command: '*', fault: 'throttle', times: 100 } as const;
    const { client, account } = open({ faults: [throttle] });

    expect(await errorOf(client.send(new GetResourcesCommand({})))).toBeInstanceOf(ThrottledException);
    expect(account.events().at(-1)).toMatchObject({
      eventSource: 'tagging.amazonaws.com',
      eventName: 'GetResources',
      errorCode: 'ThrottledException',
      readOnly: true,
    });
  });
});
