import { distribute } from '../sns/distribute.ts';
import { topicAnywhere } from '../sns/model.ts';
import { topicAdmits } from '../sns/policy.ts';
import { sendForService } from '../sqs/deliver.ts';
import type { Transaction } from '../store/database.ts';
import { stage } from './pending.ts';
import type { PendingDelivery } from './pending.ts';

/** Does it run something, so that it takes a while? */
export function isForFunction({ target }: PendingDelivery): boolean {
  return target.startsWith('arn:aws:lambda:');
}

/** Hands a message to a topic or a queue in one transaction; what they do not take is a dead letter. */
export function handOver(delivery: PendingDelivery, data: Transaction, now: number): void {
  if (!isTaken(delivery, data, now)) bury(delivery, data, now);
}

function isTaken(delivery: PendingDelivery, data: Transaction, now: number): boolean {
  const { target, message, subject, attributes = {}, trace } = delivery;
  const topic = topicAnywhere(target, data);
  if (topic !== undefined) {
    if (!topicAdmits(target, delivery, data)) return false;
    distribute(topic, { message, attributes, ...(subject !== undefined && { subject }) }, { data, now, trace });
    return true;
  }
  const ofQueue = Object.entries(attributes).map(([name, value]) => [name, { type: 'String', value }] as const);
  const sent = { ...delivery, queue: target, body: message, attributes: Object.fromEntries(ofQueue) };
  return sendForService(sent, data, now) === 'sent';
}

/** Without a queue for dead letters it is lost, as at AWS. */
export function bury({ deadLetter, target: _target, ...rest }: PendingDelivery, data: Transaction, now: number): void {
  if (deadLetter === undefined) return;
  stage({ ...rest, target: deadLetter.queue, message: deadLetter.message, due: now }, data);
}
