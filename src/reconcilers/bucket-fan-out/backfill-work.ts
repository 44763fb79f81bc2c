import type { ListedObject } from '../../fan-out/comparison.ts';
import type { FanOutDocument } from './fan-out-document.ts';
import { destinationName } from './function-contract.ts';
import type { BackfillMessage } from './function-contract.ts';

/** Keys of one message, so that little comes again where one of them fails. */
const MOST_ITEMS = 20;
/**
 * Octets of the objects of one message, where it has several. An invocation takes ten messages and copies eight objects at
 * once: at 20 MB/s, as between far regions, that is half a minute. A larger object has a message for itself.
 */
const MOST_CONTENT = 512 * 2 ** 20;
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

/** What is to be copied, as a listing told of it. */
export type WorkItem = Pick<ListedObject, 'key' | 'size'>;

/** The work of copying what stands under these keys, in their order. */
export function* workBatches(
  { address, destination }: Pick<FanOutDocument, 'address' | 'destination'>,
  objects: Iterable<WorkItem>,
  run: string,
): Generator<WorkBatch> {
  let bodies: string[] = [];
  let items = 0;
  let last = '';
  for (const message of messagesOf(objects)) {
    const body: BackfillMessage = {
      trueup: 'fan-out',
      document: address,
      destination: destinationName(destination),
      run,
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

function* messagesOf(objects: Iterable<WorkItem>): Generator<readonly string[]> {
  let message: string[] = [];
  let octets = 0;
  let content = 0;
  for (const { key, size } of objects) {
    const length = Buffer.byteLength(sendable({ key })) + 1;
    const isFull = message.length === MOST_ITEMS || octets + length > MOST_OCTETS || content + size > MOST_CONTENT;
    if (message.length > 0 && isFull) {
      yield message;
      message = [];
      octets = 0;
      content = 0;
    }
    message.push(key);
    octets += length;
    content += size;
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
