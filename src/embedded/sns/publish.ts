import { randomUUID } from 'node:crypto';
import type { MessageAttributeValue, PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import { notEmbedded } from '../not-embedded.ts';
import { rowKey, rowKeyIn } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { invalidParameter, notFound } from './errors.ts';
import type { PublishedMessage } from './message.ts';
import { checkTopicArn, ownTopic } from './model.ts';

/** By the topic's account, region and name: the newest ones, oldest first. */
const published = table<readonly PublishedMessage[]>('sns/messages');

const KEPT = 100;
/** Publish, Message: "at most 256 KB in size (262,144 bytes, not 262,144 characters)"; attributes count. */
const MAX_BYTES = 262_144;
/** Publish, Subject: "no line breaks or control characters, and less than 100 characters long". */
const MAX_SUBJECT = 99;
const CONTROL = /\p{Cc}/u;
/** Developer guide, "Message attributes": letters, digits, underscores, hyphens and single full stops within. */
const ATTRIBUTE_NAME = /^(?!AWS\.|Amazon\.)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/i;
const MAX_ATTRIBUTE_NAME = 256;

/** Keeps what is published: there is nobody who is told. */
export function publish(input: PublishInput, context: CallContext): PublishResponse {
  const foreign = (['TargetArn', 'PhoneNumber', 'MessageStructure'] as const).find((one) => input[one] !== undefined);
  if (foreign !== undefined) throw notEmbedded(`${foreign} of what is published`);
  const arn = checkTopicArn(input.TopicArn, 'TopicArn', 'sns:Publish', context);
  const topic = ownTopic(arn, context);
  if (topic === undefined) throw notFound();
  const { Message: message = '', Subject: subject } = input;
  const attributes = attributesOf(input.MessageAttributes ?? {});
  checkMessage(message, attributes);
  if (subject !== undefined) checkSubject(subject);
  const key = rowKey(topic.name, context);
  const messageId = randomUUID();
  const one = { messageId, at: context.now, message, attributes, ...(subject !== undefined && { subject }) };
  context.data.put(published, key, [...(context.data.get(published, key) ?? []), one].slice(-KEPT));
  return { MessageId: messageId };
}

/** The newest messages of a topic, oldest first. @param arn of any account and region */
export function messagesOf(arn: string, data: Transaction): readonly PublishedMessage[] {
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  return data.get(published, rowKeyIn(name, { account, region })) ?? [];
}

function checkMessage(message: string, attributes: Readonly<Record<string, string>>): void {
  if (message === '') throw invalidParameter('Message', 'Empty message');
  const size = Object.entries(attributes).flat().concat(message).join('');
  if (Buffer.byteLength(size) > MAX_BYTES) throw invalidParameter('Message', 'Message too long');
}

function checkSubject(subject: string): void {
  if (subject === '' || subject.length > MAX_SUBJECT || CONTROL.test(subject)) throw invalidParameter('Subject');
}

function attributesOf(given: Readonly<Record<string, MessageAttributeValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, { DataType: type, StringValue: value }]) => {
      if (name.length > MAX_ATTRIBUTE_NAME || !ATTRIBUTE_NAME.test(name)) throw invalidParameter('MessageAttributes');
      if (type !== 'String') throw notEmbedded(`attributes of messages of the type ${type ?? 'none'}`);
      if (value === undefined || value === '') {
        throw invalidParameter('MessageAttributes', `The message attribute '${name}' must contain a non-empty value`);
      }
      return [name, value];
    }),
  );
}
