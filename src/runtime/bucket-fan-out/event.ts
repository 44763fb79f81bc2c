import { readNotification, readSnsEvent } from '../../fan-out/envelope.ts';
import { fieldsOf, listOf, parseFields } from '../../fan-out/fields.ts';
import type { Fields } from '../../fan-out/fields.ts';
import { isCopySortKey } from '../../fan-out/ledger-keys.ts';
import type { LedgerKey } from '../../fan-out/ledger-keys.ts';
import { MAX_KEY_OCTETS } from '../../fan-out/object-key.ts';
import type { ReadRecord } from '../../fan-out/object-change.ts';
import {
  BACKFILL_ACTION,
  CONTINUE_ACTION,
  destinationName,
  MAX_ITEMS,
} from '../../reconcilers/bucket-fan-out/function-contract.ts';
import { isCalled } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import type { Configuration } from './configuration.ts';

/** Copies what stands at the source now; `run` is of the backfill. */
export interface Look {
  readonly is: 'look';
  readonly key: string;
  readonly run: string;
  /** It was begun before, or may have been. */
  readonly isAgain: boolean;
}

/** One thing to do, or not to. */
export type Work =
  | ReadRecord
  | Look
  | { readonly is: 'resume'; readonly row: LedgerKey; readonly token: string; readonly turn: number };

/** One message of the work queue. */
export interface Message {
  readonly id: string;
  readonly work: readonly Work[];
}

/** What an event asks for. `why` in fixed words, which repeat nothing of it. */
export type Request =
  | { readonly is: 'work'; readonly work: readonly Work[] }
  | { readonly is: 'backfill'; readonly work: readonly Work[] }
  | { readonly is: 'messages'; readonly messages: readonly Message[] }
  | { readonly is: 'refused'; readonly why: string };

const RUN = /^[\w-]{1,64}$/;

/**
 * An event selects what the function is configured for, and brings keys and versions only: whose bucket, topic, entry and
 * queue it is of is held against the configuration first (threats T71, T90).
 */
export function readEvent(event: unknown, configuration: Configuration): Request {
  const fields = fieldsOf(event);
  if (!fields) return refused('the event is no object');
  if ('action' in fields) return readDirect(fields, configuration);
  const records = listOf(fields['Records']);
  if (!records || records.length === 0) return refused('the event has no records');
  const isQueue = records.every((record) => fieldsOf(record)?.['eventSource'] === 'aws:sqs');
  if (isQueue) return { is: 'messages', messages: records.map((record) => readMessage(record, configuration)) };
  return { is: 'work', work: readSnsEvent(fields, configuration.origin) };
}

function readDirect(fields: Fields, { document: own }: Configuration): Request {
  const { action, document, ...rest } = fields;
  if (!isCalled(own, document)) return refused('the event names another document');
  if (action === BACKFILL_ACTION) {
    // What is asked for directly has been a message.
    const work = readItems(rest, true);
    return work ? { is: 'backfill', work } : refused('the items are none');
  }
  if (action !== CONTINUE_ACTION) return refused('the event asks for an action that there is not');
  const { pk, sk, token, turn = 0, ...others } = rest;
  const isRow = typeof pk === 'string' && typeof sk === 'string' && isCopySortKey(sk) && typeof token === 'string';
  const isTurn = typeof turn === 'number' && Number.isSafeInteger(turn) && turn >= 0;
  if (!isRow || !isTurn || Object.keys(others).length > 0) return refused('the event names no row');
  return { is: 'work', work: [{ is: 'resume', row: { pk, sk }, token, turn }] };
}

function readItems({ run, items, ...others }: Fields, isAgain: boolean): readonly Work[] | undefined {
  if (typeof run !== 'string' || !RUN.test(run)) return undefined;
  const list = listOf(items);
  if (!list || list.length === 0 || list.length > MAX_ITEMS || Object.keys(others).length > 0) return undefined;
  const keys = list.flatMap((item) => {
    const { key } = fieldsOf(item) ?? {};
    return typeof key === 'string' && key !== '' && Buffer.byteLength(key) <= MAX_KEY_OCTETS ? [key] : [];
  });
  return keys.length === list.length ? keys.map((key) => ({ is: 'look', key, run, isAgain })) : undefined;
}

function readMessage(record: unknown, configuration: Configuration): Message {
  const { messageId, eventSourceARN, body, attributes } = fieldsOf(record) ?? {};
  const id = typeof messageId === 'string' ? messageId : '';
  const isOurs = typeof eventSourceARN === 'string' && eventSourceARN.endsWith(configuration.workQueue);
  if (!isOurs) return { id, work: [{ is: 'refused', why: 'a message is of another queue' }] };
  // As SQS tells it (SQS API Reference, ReceiveMessage).
  const isAgain = fieldsOf(attributes)?.['ApproximateReceiveCount'] !== '1';
  return { id, work: readBody(parseFields(body), configuration, isAgain) };
}

/**
 * A backfill's batch; or what has been a dead letter: an event that Lambda gave up, in the envelope of its destination, a
 * notification that SNS could not deliver, or either event as it was. What is refused comes
 * again, and becomes a dead letter.
 */
function readBody(body: Fields | undefined, configuration: Configuration, isAgain: boolean): readonly Work[] {
  if (!body) return [{ is: 'refused', why: 'a message is no JSON' }];
  if (body['trueup'] === 'fan-out') return readBatch(body, configuration, isAgain);
  if (body['Type'] === 'Notification') return readNotification(body, configuration.origin);
  const event = fieldsOf(body['requestPayload']) ?? body;
  const request = readEvent(event, configuration);
  if (request.is === 'work' || request.is === 'backfill') return request.work;
  return [{ is: 'refused', why: request.is === 'refused' ? request.why : 'a message holds messages' }];
}

function readBatch(body: Fields, { document }: Configuration, isAgain: boolean): readonly Work[] {
  const { trueup: _, document: named, destination, ...rest } = body;
  if (!isCalled(document, named) || destination !== destinationName(document.destination)) {
    return [{ is: 'refused', why: 'a message is of another destination' }];
  }
  return readItems(rest, isAgain) ?? [{ is: 'refused', why: 'the items are none' }];
}

function refused(why: string): Request {
  return { is: 'refused', why };
}
