import { describe, expect, it } from 'vitest';
import { draftOf } from '../../src/engine/observe.ts';
import type { Desired, Document } from '../../src/engine/types.ts';
import { renderResource } from '../../src/render/resource.ts';
import type { RenderedResource } from '../../src/render/resource.ts';
import type { Template } from '../../src/render/types.ts';
import { describeWith } from '../support/counterparts.ts';
import { lint } from '../support/cfn-lint.ts';
import { resourceSpec, templateProblems } from '../support/cloudformation-spec.ts';
import { HERE, createFakeWorld, fakeDocument } from '../support/fake-world.ts';

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/111122223333/corp-work';
const FUNCTION_NAME = 'corp-copy';

const DEAD_LETTERS = { $get: ['Dead', 'Arn'] } as const;

/** Every property of each type; what refers comes after what it refers to. */
const RESOURCES: readonly Desired[] = [
  desired('Dead', 'AWS::SQS::Queue', { QueueName: 'corp-dead', MessageRetentionPeriod: 1_209_600 }),
  desired('Work', 'AWS::SQS::Queue', {
    QueueName: 'corp-work',
    DelaySeconds: 0,
    MaximumMessageSize: 65_536,
    MessageRetentionPeriod: 345_600,
    ReceiveMessageWaitTimeSeconds: 20,
    VisibilityTimeout: 1_800,
    RedrivePolicy: { deadLetterTargetArn: DEAD_LETTERS, maxReceiveCount: 5 },
    SqsManagedSseEnabled: true,
    Tags: [{ Key: 'team', Value: 'network' }],
  }),
  desired('WorkPolicy', 'AWS::SQS::QueueInlinePolicy', {
    Queue: QUEUE_URL,
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: { $get: ['Work', 'Arn'] },
        },
      ],
    },
  }),
  desired('Ledger', 'AWS::DynamoDB::Table', {
    TableName: 'corp-ledger',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    DeletionProtectionEnabled: true,
    Tags: [{ Key: 'team', Value: 'network' }],
  }),
  desired('CopySource', 'AWS::Lambda::EventSourceMapping', {
    FunctionName: FUNCTION_NAME,
    EventSourceArn: { $get: ['Work', 'Arn'] },
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 1,
    Enabled: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 10 },
    Tags: [{ Key: 'team', Value: 'network' }],
  }),
  desired('CopyFailures', 'AWS::Lambda::EventInvokeConfig', {
    FunctionName: FUNCTION_NAME,
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 3_600,
    DestinationConfig: { OnFailure: { Destination: DEAD_LETTERS } },
  }),
];

function desired(id: string, type: string, properties: Desired['properties']): Desired {
  return { id, type, place: HERE, properties };
}

function rendered(metadata: Partial<Document> = {}): readonly RenderedResource[] {
  const document = fakeDocument('app', RESOURCES, metadata);
  const { world } = createFakeWorld(() => [document]);
  const done = new Map<string, RenderedResource>();
  const others = {
    rendered: (address: string) => done.get(address),
    predicted: () => undefined,
    handlerName: () => 'code',
  };
  for (const one of RESOURCES) {
    const draft = draftOf(world, document, one);
    const resource = renderResource({ document, desired: one, draft, attributes: {} }, others);
    if ('why' in resource) throw new Error(resource.why);
    done.set(resource.address, resource);
  }
  return [...done.values()];
}

function templateOf(resources: readonly RenderedResource[]): Template {
  const Resources = Object.fromEntries(resources.map(({ logicalId, template }) => [logicalId, template]));
  return { AWSTemplateFormatVersion: '2010-09-09', Description: 'queues', Resources };
}

describe('queues, tables and what starts functions, as CloudFormation', () => {
  it('have types, properties and references that exist', () => {
    expect(templateProblems(templateOf(rendered()))).toEqual([]);
  });

  it('are imported by the identifier of their type, which only Lambda knows of a mapping', () => {
    const entries = rendered().map(({ import: entry }) => entry);

    for (const { ResourceType, ResourceIdentifier } of entries) {
      expect(Object.keys(ResourceIdentifier).toSorted()).toEqual(
        resourceSpec(ResourceType)!.primaryIdentifier!.toSorted(),
      );
    }
    expect(entries.map(({ ResourceIdentifier }) => Object.values(ResourceIdentifier))).toEqual([
      ['https://sqs.eu-west-1.amazonaws.com/111122223333/corp-dead'],
      [QUEUE_URL],
      [QUEUE_URL],
      ['corp-ledger'],
      ['Id of Fake/app/CopySource'],
      [FUNCTION_NAME, '$LATEST'],
    ]);
  });

  it('have every property that is declared', () => {
    expect(rendered().map(({ template }) => Object.keys(template.Properties))).toEqual(
      RESOURCES.map(({ properties }) => Object.keys(properties)),
    );
  });

  it.each([
    [{}, ['Retain', 'Retain', 'Delete', 'Retain', 'Delete', 'Delete']],
    [{ onRemove: 'delete' }, RESOURCES.map(() => 'Delete')],
  ] as const)('stay after their stack where they hold what cannot be made again: %j', (metadata, policies) => {
    expect(rendered(metadata).map(({ template }) => template.DeletionPolicy)).toEqual(policies);
  });
});

describeWith('cfn-lint', 'by cfn-lint', () => {
  it('have nothing to complain of', () => {
    expect(lint([templateOf(rendered())])).toEqual([]);
  });
});
