import type { Desired, Estate } from '../../engine/types.ts';
import { BUCKET_NOTIFICATION } from '../../resources/bucket-notification/types.ts';
import { tagList } from '../../resources/marker.ts';
import { bucketArn } from '../../resources/arns.ts';
import { documentAlarms } from './alarms.ts';
import { destinationResources, TOPIC } from './functions.ts';
import { eventsOf, notificationFilter } from './event-filters.ts';
import { filterOf } from './object-rules.ts';
import { homeOf, notificationLogicalId, sourceOf, tableName, targetsOf, topicArn, topicName } from './places.ts';
import type { BucketFanOut } from './places.ts';

const TOPIC_POLICY = 'TopicPolicy';
/** Logical id of the table. */
export const LEDGER = 'Ledger';

/** The ledger and the topic, what serves each destination, and last the entry by which the source bucket tells the topic. */
export function compile(document: BucketFanOut, estate: Estate): readonly Desired[] {
  const place = homeOf(document, estate);
  const source = sourceOf(document, estate);
  const topic = topicArn(document, estate);
  const targets = targetsOf(document, estate);
  const { prefix, suffix } = notificationFilter(filterOf(document.spec));
  return [
    {
      id: LEDGER,
      type: 'AWS::DynamoDB::Table',
      place,
      properties: {
        TableName: tableName(document, estate),
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
        // Without its rows nobody knows what was copied: the word for deleting it is in the document.
        DeletionProtectionEnabled: document.onRemove !== 'delete',
        Tags: tagList(estate.tags),
      },
    },
    {
      id: TOPIC,
      type: 'AWS::SNS::Topic',
      place,
      properties: { TopicName: topicName(document), Tags: tagList(estate.tags) },
    },
    {
      id: TOPIC_POLICY,
      type: 'AWS::SNS::TopicInlinePolicy',
      place,
      properties: {
        TopicArn: topic,
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Source',
              Effect: 'Allow',
              Principal: { Service: 's3.amazonaws.com' },
              Action: 'sns:Publish',
              Resource: topic,
              Condition: {
                StringEquals: { 'aws:SourceAccount': source.account },
                ArnEquals: { 'aws:SourceArn': bucketArn(source, source.bucket) },
              },
            },
          ],
        },
      },
      after: [TOPIC],
    },
    ...targets.flatMap((target) => destinationResources(document, estate, target)),
    ...documentAlarms(document, estate, place),
    {
      id: notificationLogicalId(document),
      type: BUCKET_NOTIFICATION,
      place,
      properties: {
        Bucket: source.bucket,
        TopicArn: topic,
        Events: eventsOf(document),
        ...(prefix !== undefined && { Prefix: prefix }),
        ...(suffix !== undefined && { Suffix: suffix }),
      },
      // S3 asks whether it may publish there; and no event comes before there is somebody to hear it.
      after: [TOPIC_POLICY, LEDGER, ...targets.map(({ ids }) => ids.subscription)],
    },
  ];
}
