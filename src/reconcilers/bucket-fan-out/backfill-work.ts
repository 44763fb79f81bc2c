import type { FanOutDocument } from './fan-out-document.ts';
import { destinationName } from './function-contract.ts';
import type { BackfillMessage } from './function-contract.ts';

/** Keys of one message, so that one invocation with ten messages ends in its time, and little is done twice. */
const MOST_ITEMS = 20;
/** SendMessageBatch takes no more (SQS API Reference). */
const MOST_MESSAGES = 10;
/** Octets of a message: ten of them stay below 256 KiB, which any queue takes. */
const MOST_OCTETS = 26_000;

/** What is sent to a work queue by one call. */
export interface WorkBatch {
  /** Of messages, in JSON. */
  readonly bodies: readonly string[];
  readonly items: number;
  /** Its last key. */
  readonly last: string;
}

/** The work of copying what stands under these keys, in their order. */
export function* workBatches(
  { address, destination }: Pick<FanOutDocument, 'address' | 'destination'>,
  keys: Iterable<string>,
): Generator<WorkBatch> {
  let bodies: string[] = [];
  let items = 0;
  let last = '';
  for (const message of messagesOf(keys)) {
    const body: BackfillMessage = {
      trueup: 'fan-out',
      document: address,
      destination: destinationName(destination),
      items: message.map((key) => ({ key })),
    };
    bodies.push(sendable(body));
    items += message.length;
    last = message.at(-1) ?? last;
    if (bodies.length < MOST_MESSAGES) continue;
    yield { bodies, items, last };
    bodies = [];
    items = 0;
  }
  if (bodies.length > 0) yield { bodies, items, last };
}

function* messagesOf(keys: Iterable<string>): Generator<readonly string[]> {
  let message: string[] = [];
  let octets = 0;
  for (const key of keys) {
    const size = Buffer.byteLength(sendable({ key })) + 1;
    if (message.length === MOST_ITEMS || (message.length > 0 && octets + size > MOST_OCTETS)) {
      yield message;
      message = [];
      octets = 0;
    }
    message.push(key);
    octets += size;
  }
  if (message.length > 0) yield message;
}

/** JSON of characters that SQS takes: all of XML 1.0, which has no U+FFFE and U+FFFF (API Reference, SendMessage). */
function sendable(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}
