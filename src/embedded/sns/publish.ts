import type { MessageAttributeValue, PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { distribute } from './distribute.ts';
import { invalidParameter } from './errors.ts';
import { needTopic } from './model.ts';

/** Publish, Message: "at most 256 KB in size (262,144 bytes, not 262,144 characters)"; attributes count. */
const MAX_BYTES = 262_144;
/** Publish, Subject: "no line breaks or control characters, and less than 100 characters long". */
const MAX_SUBJECT = 99;
const CONTROL = /\p{Cc}/u;
/** Developer guide, "Message attributes": letters, digits, underscores, hyphens and single full stops within. */
const ATTRIBUTE_NAME = /^(?!AWS\.|Amazon\.)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/i;
const MAX_ATTRIBUTE_NAME = 256;

export function publish(input: PublishInput, context: CallContext): PublishResponse {
  const foreign = (['TargetArn', 'PhoneNumber', 'MessageStructure'] as const).find((one) => input[one] !== undefined);
  if (foreign !== undefined) throw notEmbedded(`${foreign} of what is published`);
  const topic = needTopic(input.TopicArn, 'TopicArn', context);
  const { Message: message = '', Subject: subject } = input;
  const attributes = attributesOf(input.MessageAttributes ?? {});
  checkMessage(message, attributes);
  if (subject !== undefined) checkSubject(subject);
  const said = { message, attributes, ...(subject !== undefined && { subject }) };
  return { MessageId: distribute(topic, said, context) };
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
