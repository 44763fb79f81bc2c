import { documentAddress } from '../../engine/address.ts';
import type { Desired, Estate, Place } from '../../engine/types.ts';
import { nameOf } from '../function/names.ts';
import { alarmResource } from '../function/alarm.ts';
import { errorsAlarm } from '../function/errors-alarm.ts';
import { METRIC_NAMESPACE, WAITING_METRIC } from './function-contract.ts';
import type { FanOutDocument } from './fan-out-document.ts';
import { pathOf } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';

/** An object that waits for longer is told of. */
const OLDEST_MS = 15 * 60_000;

/** The estate, with the topic that hears of this document's alarms. */
export function alarmEstate({ spec }: BucketFanOut, estate: Estate): Estate {
  const { sns } = spec.alarms;
  return sns === undefined ? estate : { ...estate, alarmTopic: sns };
}

/** What is not copied and is no dead letter, by the metric that counts it (runtime/bucket-fan-out/line.ts). */
const LEFT_OUT = [
  ['RefusedAlarm', 'RefusedEvents', 'an event of somebody else came, or one that a function no longer knows'],
  ['CollisionsAlarm', 'Collisions', 'an object was not copied, since another key has its place'],
  ['UnmappableAlarm', 'Unmappable', 'an object was not copied, since the rewrite leaves it no key'],
] as const;

/** Objects that were left out, or whose copy takes long, at any destination. Trying again copies none of the former. */
export function documentAlarms(document: BucketFanOut, estate: Estate, place: Place): readonly Desired[] {
  const where = `${document.spec.source.bucket} (${documentAddress(document)})`;
  const shared = { document, estate: alarmEstate(document, estate), place, namespace: METRIC_NAMESPACE };
  return [
    ...LEFT_OUT.map(([id, metric, what]) =>
      alarmResource({
        ...shared,
        id,
        metric,
        statistic: 'Sum',
        missing: 'notBreaching',
        description: `${what}: ${where}; the log says which`,
      }),
    ),
    // Each invocation of a copy in several is a young event: `AsyncEventAge` does not know for how long its object waits.
    alarmResource({
      ...shared,
      id: 'WaitingAlarm',
      metric: WAITING_METRIC,
      threshold: OLDEST_MS / 1_000,
      missing: 'notBreaching',
      description: `an object is being copied in parts, and has waited for longer than 15 minutes: ${where}; the log says which`,
    }),
  ];
}

interface AlarmsRequest {
  readonly document: BucketFanOut;
  readonly estate: Estate;
  readonly place: Place;
  readonly target: Target;
  readonly told: FanOutDocument;
}

/** Dead letters, objects that wait, throttles, errors. */
export function destinationAlarms({ document, estate, place, target, told }: AlarmsRequest): readonly Desired[] {
  const { alarms, deadLetters } = target.ids;
  const path = pathOf(document, target);
  const shared = { document, estate: alarmEstate(document, estate), place };
  const ofFunction = { namespace: 'AWS/Lambda', dimensions: { FunctionName: told.functionName } };
  return [
    alarmResource({
      ...shared,
      id: alarms.deadLetters,
      namespace: 'AWS/SQS',
      metric: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: nameOf(document, estate, deadLetters) },
      description: `objects were not copied: ${path}; trueup fan-out redrive ${document.name} tries them again`,
    }),
    alarmResource({
      ...shared,
      ...ofFunction,
      id: alarms.oldest,
      metric: 'AsyncEventAge',
      threshold: OLDEST_MS,
      missing: 'notBreaching',
      description: `an object waits for longer than 15 minutes to be copied: ${path}`,
    }),
    alarmResource({
      ...shared,
      ...ofFunction,
      id: alarms.throttles,
      metric: 'Throttles',
      statistic: 'Sum',
      missing: 'notBreaching',
      description: `more objects come than are copied at once: ${path}; spec.concurrency says how many`,
    }),
    errorsAlarm({
      ...shared,
      id: alarms.errors,
      functionId: target.ids.copy,
      description: `an invocation failed: ${path}; its log says why`,
    }),
  ];
}
