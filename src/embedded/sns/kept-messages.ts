import { rowKeyIn } from '../row-key.ts';
import { table } from '../store/database.ts';
import type { Table, Transaction } from '../store/database.ts';
import type { PublishedMessage } from './message.ts';
import { topicArn } from './model.ts';
import type { StoredTopic } from './model.ts';

const KEPT = 100;
const KEY_DIGITS = 12;

/** The newest messages of one topic, by their number. */
function messagesIn(arn: string): Table<PublishedMessage> {
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  return table(`sns/messages ${rowKeyIn(name, { account, region })}`);
}

export function keepMessage(topic: StoredTopic, message: PublishedMessage, data: Transaction): void {
  const kept = messagesIn(topicArn(topic));
  const number = data.next(kept.name);
  data.put(kept, keyOf(number), message);
  if (number > KEPT) data.delete(kept, keyOf(number - KEPT));
}

/** The newest messages of a topic, oldest first. @param arn of any account and region */
export function messagesOf(arn: string, data: Transaction): readonly PublishedMessage[] {
  return [...data.entries(messagesIn(arn))].map(([, message]) => message);
}

function keyOf(number: number): string {
  return String(number).padStart(KEY_DIGITS, '0');
}
