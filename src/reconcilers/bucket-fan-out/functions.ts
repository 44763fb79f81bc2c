import { DOCUMENT_VARIABLE, encodeFunctionDocument } from '../../engine/function-document.ts';
import type { Desired, Estate } from '../../engine/types.ts';
import { tagList } from '../../resources/marker.ts';
import { queueArn } from '../../resources/queue-address.ts';
import { nameOf } from '../function/names.ts';
import { functionArn } from '../function/policy.ts';
import { functionResources, policyId } from '../function/resources.ts';
import { destinationAlarms } from './alarms.ts';
import { SUBSCRIPTION_FILTER } from './event-filters.ts';
import { fanOutDocument } from './function-document.ts';
import { shortName, homeOf, topicArn } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';
import { copyStatements } from './policy.ts';
import { queueResources } from './queues.ts';

/** Name of the handler under src/runtime. */
export const HANDLER = 'bucket-fan-out';

/** Lambda's longest: what was throttled for hours is copied still (API reference, MaximumEventAgeInSeconds). */
const MAX_EVENT_AGE_SECONDS = 21_600;
const RETRIES = 2;
/** Messages of one invocation. Each holds many keys. */
const BATCH = 10;

/** All that serves one destination, each after what it needs. */
export function destinationResources(document: BucketFanOut, estate: Estate, target: Target): readonly Desired[] {
  const { destination, ids } = target;
  const { spec } = document;
  const place = homeOf(document, estate);
  const told = fanOutDocument(document, estate, target);
  const topic = topicArn(document, estate);
  const own = functionArn(told.functionName, place);
  const queues = {
    work: queueArn(place, nameOf(document, estate, ids.work)),
    deadLetters: queueArn(place, nameOf(document, estate, ids.deadLetters)),
  };
  return [
    ...queueResources({ document, estate, place, ids, queues, topic }),
    ...functionResources({
      document,
      estate,
      place,
      id: ids.copy,
      handler: HANDLER,
      description: `${spec.source.bucket} → ${shortName(destination)}`,
      roleDescription: `copies from ${spec.source.bucket} to ${destination.bucket}`,
      // A large copy is handed from one invocation to the next; `mostTurns` of the function ends it.
      startsItself: true,
      settings: { ...spec.function, reservedConcurrency: spec.concurrency },
      environment: { [DOCUMENT_VARIABLE]: encodeFunctionDocument(told) },
      statements: copyStatements(told, { queues, functionArn: own }),
    }),
    {
      id: ids.invoke,
      type: 'AWS::Lambda::EventInvokeConfig',
      place,
      properties: {
        FunctionName: told.functionName,
        Qualifier: '$LATEST',
        MaximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
        MaximumRetryAttempts: RETRIES,
        DestinationConfig: { OnFailure: { Destination: queues.deadLetters } },
      },
      // Lambda asks whether the function's role may send there.
      after: [ids.copy, policyId(ids.copy), ids.deadLetters],
    },
    {
      id: ids.mapping,
      type: 'AWS::Lambda::EventSourceMapping',
      place,
      properties: {
        FunctionName: told.functionName,
        EventSourceArn: queues.work,
        BatchSize: BATCH,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        Enabled: true,
        // Half of what is reserved: a backfill does not hold up new objects. Schemas admit no concurrency below four, nor
        // Lambda a limit below two.
        ScalingConfig: { MaximumConcurrency: Math.floor(spec.concurrency / 2) },
        Tags: tagList(estate.tags),
      },
      // Lambda asks whether the function's role may receive there.
      after: [ids.copy, policyId(ids.copy), ids.work],
    },
    {
      id: ids.permission,
      type: 'AWS::Lambda::Permission',
      place,
      properties: {
        FunctionName: told.functionName,
        Action: 'lambda:InvokeFunction',
        Principal: 'sns.amazonaws.com',
        SourceArn: topic,
      },
      after: [ids.copy],
    },
    {
      id: ids.subscription,
      type: 'AWS::SNS::Subscription',
      place,
      properties: {
        TopicArn: topic,
        Protocol: 'lambda',
        Endpoint: own,
        FilterPolicyScope: 'MessageBody',
        FilterPolicy: SUBSCRIPTION_FILTER,
        RedrivePolicy: { deadLetterTargetArn: queues.deadLetters },
      },
      after: [TOPIC, ids.permission, ids.invoke, ids.deadLetterPolicy],
    },
    ...destinationAlarms({ document, estate, place, target, told }),
  ];
}

/** Logical id of the topic. */
export const TOPIC = 'Topic';
