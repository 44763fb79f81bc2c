import { uniqueId } from '../caller.ts';
import type { Sender } from '../delivery/pending.ts';
import { evaluate } from '../iam/policy/evaluate.ts';
import type { ConditionKeys } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { addMessage } from './messages.ts';
import type { StoredAttribute } from './messages.ts';
import { noteMinutes } from './metrics.ts';
import { findQueue, placeOfQueueArn, queueArn } from './model.ts';
import type { StoredQueue } from './model.ts';
import { numberOf } from './queue-numbers.ts';
import { newMessage } from './send.ts';

/** A message that another service of the account puts into a queue, by its own principal. */
export interface ServiceMessage {
  /** ARN of the queue, in any account and region. */
  readonly queue: string;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, StoredAttribute>>;
  /** As the queue's policy names it: `sns.amazonaws.com`. */
  readonly principal: string;
  /** For what it sends: a topic's ARN, a bucket's. */
  readonly sourceArn: string;
  readonly sourceAccount: string;
  /** X-Ray's header of what led to it. */
  readonly trace?: string | undefined;
}

/** absent: there is no such queue · refused: its policy does not let the service in, or the message is none that it takes. */
export type ServiceSending = 'sent' | 'refused' | 'absent';

/**
 * Puts a message into a queue for a service: by the queue's policy alone, with `aws:SourceArn` and `aws:SourceAccount`
 * among the condition keys (developer guide, "Basic examples of Amazon SQS policies").
 */
export function sendForService(message: ServiceMessage, data: Transaction, now: number): ServiceSending {
  const place = placeOfQueueArn(message.queue);
  const queue = place && findQueue(place, data);
  if (queue === undefined) return 'absent';
  if (!admits(queue, message, now)) return 'refused';
  return enqueue(queue, { ...message, senderId: uniqueId('AIDA', message.principal) }, data, now);
}

/** What an asynchronous invocation, acting as a function's role, puts in: who may was asked before. */
export function enqueue(
  queue: StoredQueue,
  message: Pick<ServiceMessage, 'body' | 'attributes' | 'trace'> & { readonly senderId: string },
  data: Transaction,
  now: number,
): 'sent' | 'refused' {
  const { body, attributes = {}, senderId, trace } = message;
  try {
    const delay = numberOf(queue, 'DelaySeconds');
    const one = newMessage({ body, attributes, senderId, delay, trace }, queue, now);
    noteMinutes(queue, data, now);
    addMessage(queue, one, data);
    return 'sent';
  } catch (error) {
    if (error instanceof Error && '$fault' in error) return 'refused';
    throw error;
  }
}

/** Is there such a queue, and does its policy let the service send? */
export function queueAdmits(arn: string, sender: Sender, data: Transaction, now: number): boolean {
  const place = placeOfQueueArn(arn);
  const queue = place && findQueue(place, data);
  return queue !== undefined && admits(queue, sender, now);
}

function admits(queue: StoredQueue, message: Sender, now: number): boolean {
  const conditions: ConditionKeys = {
    'aws:SourceArn': message.sourceArn,
    'aws:SourceAccount': message.sourceAccount,
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': message.principal,
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:SecureTransport': 'true',
  };
  const action = 'sqs:SendMessage';
  const request = { action, resource: queueArn(queue), conditions, requester: { service: message.principal } };
  return evaluate(request, { resource: queue.attributes['Policy'] }).effect === 'allowed';
}
