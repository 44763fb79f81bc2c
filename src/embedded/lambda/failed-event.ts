import type { InvocationResult } from '../host.ts';
import type { StoredAttribute } from '../sqs/messages.ts';
import { enqueue } from '../sqs/deliver.ts';
import { findQueue, placeOfQueueArn } from '../sqs/model.ts';
import type { Transaction } from '../store/database.ts';
import { eventRulesOf } from './event-invoke-config.ts';
import { MAX_ERROR_MESSAGE_BYTES } from './limits.ts';
import { countEvent } from './metrics.ts';
import { functionArn } from './model.ts';
import type { StoredFunction } from './model.ts';
import { reasonNotToUseQueue, senderIdOf } from './role-caller.ts';

/** Why an event is not tried any more, as the record of it says (`requestContext.condition`). */
export type FailureCondition =
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  | 'ZeroReservedConcurrency'
  | 'RecursiveInvocation';

/** An event that failed for good. */
export interface FailedEvent {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly condition: FailureCondition;
  /** How often the function was run for it. */
  readonly invocations: number;
  /** Of the last time; undefined: it never ran. */
  readonly result: InvocationResult | undefined;
  readonly trace?: string | undefined;
}

/**
 * Tells the function's on-failure destination and its dead-letter queue of an event: both, where it has both (Developer
 * Guide, "Capturing records of Lambda asynchronous invocations"). The function's role must be able to send there.
 */
export function tellOfFailure(found: StoredFunction, event: FailedEvent, data: Transaction, now: number): void {
  const { onFailure } = eventRulesOf(found, data);
  const { deadLetters } = found.settings;
  countEvent('AsyncEventsDropped', found, data, now);
  if (onFailure !== undefined) {
    const body = JSON.stringify(invocationRecord(found, event, now));
    if (!send(found, onFailure, { body, trace: event.trace }, data, now)) {
      countEvent('DestinationDeliveryFailures', found, data, now);
    }
  }
  if (deadLetters !== undefined) {
    const letter = { body: event.payload, attributes: attributesOf(event), trace: event.trace };
    if (!send(found, deadLetters, letter, data, now)) countEvent('DeadLetterErrors', found, data, now);
  }
}

interface Letter {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, StoredAttribute>>;
  readonly trace: string | undefined;
}

function send(found: StoredFunction, arn: string, letter: Letter, data: Transaction, now: number): boolean {
  const place = placeOfQueueArn(arn);
  const queue = place && findQueue(place, data);
  const { role } = found.settings;
  if (queue === undefined) return false;
  if (reasonNotToUseQueue(found, role, arn, ['sqs:SendMessage'], { data, now }) !== undefined) return false;
  return enqueue(queue, { ...letter, senderId: senderIdOf(found, role, { data, now }) }, data, now) === 'sent';
}

/** Developer Guide, the example of an invocation record; what never ran has no response. */
function invocationRecord(found: StoredFunction, event: FailedEvent, now: number): object {
  const { requestId, condition, invocations, payload, result } = event;
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${functionArn(found)}:$LATEST`,
      condition,
      approximateInvokeCount: invocations,
    },
    requestPayload: JSON.parse(payload) as unknown,
    ...(result !== undefined && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: result.functionError },
      responsePayload: JSON.parse(result.payload) as unknown,
    }),
  };
}

/** Developer Guide, "Adding a dead-letter queue": RequestID, ErrorCode and ErrorMessage. */
function attributesOf({ requestId, condition, result }: FailedEvent): Readonly<Record<string, StoredAttribute>> {
  const { errorMessage } = (result === undefined ? {} : JSON.parse(result.payload)) as { errorMessage?: unknown };
  const message = typeof errorMessage === 'string' ? cut(errorMessage) : '';
  return {
    RequestID: { type: 'String', value: requestId },
    ErrorCode: { type: 'Number', value: result === undefined ? '429' : '200' },
    ErrorMessage: { type: 'String', value: message === '' ? condition : message },
  };
}

function cut(text: string): string {
  return Buffer.from(text)
    .subarray(0, MAX_ERROR_MESSAGE_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
