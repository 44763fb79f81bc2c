import type { Functions, Host } from '../host.ts';
import { liveMessages, messagesOf } from '../sqs/messages.ts';
import type { StoredMessage } from '../sqs/messages.ts';
import { noteMinutes } from '../sqs/metrics.ts';
import { findQueue } from '../sqs/model.ts';
import { numberOf } from '../sqs/queue-numbers.ts';
import { receive } from '../sqs/receive.ts';
import type { Received } from '../sqs/receive.ts';
import { remove } from '../sqs/received.ts';
import type { RowChange, Transaction } from '../store/database.ts';
import { mappingKey, mappings, putMapping, sourceOf } from './event-sources.ts';
import type { Source, StoredMapping } from './event-sources.ts';
import { functionArn } from './model.ts';
import { doneOf, queueEvent } from './queue-event.ts';

/** Developer Guide: a standard queue is read by five pollers at first. */
const POLLERS = 5;
/** "Lambda invokes your function when … the payload … reaches 6 MB". */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;
/** Beside the body: names, handles and attributes of one record in the event. */
const RECORD_BYTES = 2048;

const OK = 'OK';
const FAILED = 'PROBLEM: Function call failed';

/** Reads queues for functions, as their event source mappings say. */
export interface Pollers {
  /** Hears what was committed: messages that may be received are polled in the background. */
  notice(changes: readonly RowChange[]): void;
  /** When a message may be received next; it may be past. Undefined: none waits. */
  due(): number | undefined;
  /** Polls until nothing can be received. */
  strike(): Promise<void>;
  isBusy(): boolean;
  settled(): Promise<void>;
  close(): void;
}

/** @param isAtOnce whether messages are polled as soon as they are there; else by the clock alone. */
export function openPollers(host: Omit<Host, 'functions'>, functions: Functions, isAtOnce: boolean): Pollers {
  const tasks = new Set<Promise<void>>();
  /** Pollers at work, by the mapping's key. */
  const running = new Map<string, number>();
  let fresh = new Set<string>();
  let isOpen = true;

  function track(task: Promise<void>): void {
    const tracked = task.finally(() => tasks.delete(tracked));
    tasks.add(tracked);
  }

  /** Later: whoever committed goes on first. */
  async function drain(): Promise<void> {
    await Promise.resolve();
    const names = fresh;
    fresh = new Set();
    await pollAll((mapping) => names.has(tableOf(mapping)));
  }

  async function pollAll(isWanted: (mapping: StoredMapping) => boolean): Promise<void> {
    if (!isOpen) return;
    const wanted = host.read((data) => [...data.entries(mappings)].map(([, mapping]) => mapping).filter(isWanted));
    await Promise.all(wanted.flatMap((mapping) => startPollers(mapping)));
  }

  function startPollers(mapping: StoredMapping): readonly Promise<void>[] {
    const key = mappingKey(mapping);
    const most = Math.min(mapping.concurrency ?? POLLERS, POLLERS);
    return Array.from({ length: Math.max(0, most - (running.get(key) ?? 0)) }, () => poll(key));
  }

  /** One poller: batch after batch, until there is none. In that moment it is gone: the next message needs another. */
  async function poll(key: string): Promise<void> {
    running.set(key, (running.get(key) ?? 0) + 1);
    try {
      for (let batch = next(key); batch !== undefined; batch = next(key)) await work(key, batch);
    } finally {
      running.set(key, (running.get(key) ?? 1) - 1);
    }
  }

  function next(key: string): Batch | undefined {
    if (!isOpen || !host.read((data, now) => isReady(key, data, now))) return undefined;
    return host.change((data, now) => take(key, data, now));
  }

  async function work(key: string, batch: Batch): Promise<void> {
    const done = await run(batch);
    if (isOpen) host.change((data, now) => finish(key, batch, done, data, now));
  }

  async function run({ source, messages }: Batch): Promise<readonly Received[]> {
    const { found, mapping } = source;
    const trace = messages.find((message) => message.trace !== undefined)?.trace;
    try {
      const result = await functions.invoke(functionArn(found), queueEvent(mapping.queue, messages), trace);
      if (result.functionError !== undefined) return [];
      return mapping.reportsFailures ? doneOf(messages, result.payload) : messages;
    } catch (error) {
      // Throttled, gone or in a loop: the messages come into sight again.
      if (error instanceof Error && '$fault' in error) return [];
      throw error;
    }
  }

  async function settled(): Promise<void> {
    while (tasks.size > 0) await Promise.all(tasks);
  }

  return {
    notice(changes) {
      if (!isAtOnce || !isOpen) return;
      const isScheduled = fresh.size > 0;
      for (const change of changes) {
        const [name, , value] = change;
        if (name.startsWith(MESSAGES) && change.length === 3 && (value as StoredMessage).visibleFrom <= host.now()) {
          fresh.add(name);
        }
      }
      if (!isScheduled && fresh.size > 0) track(drain());
    },
    due: () => (isOpen ? host.read(firstReady) : undefined),
    async strike() {
      track(pollAll(() => true));
      await settled();
    },
    isBusy: () => tasks.size > 0,
    settled,
    close() {
      isOpen = false;
    },
  };
}

const MESSAGES = 'sqs/messages ';

function tableOf({ queue }: StoredMapping): string {
  const [, , , region = '', account = '', name = ''] = queue.split(':');
  return messagesOf({ account, region, name }).name;
}

interface Batch {
  readonly source: Source;
  readonly messages: readonly Received[];
}

function isReady(key: string, data: Transaction, now: number): boolean {
  const mapping = data.get(mappings, key);
  const source = mapping && sourceOf(mapping, data, now);
  const moment = source && readyFrom(source, data, now);
  return moment !== undefined && moment <= now;
}

/** Receives a batch, once it is full or its window is over; undefined: there is none. */
function take(key: string, data: Transaction, now: number): Batch | undefined {
  const mapping = data.get(mappings, key);
  const source = mapping && sourceOf(mapping, data, now);
  const ready = source && readyFrom(source, data, now);
  if (source === undefined || ready === undefined || ready > now) return undefined;
  const { queue } = source;
  const timeout = Math.max(1, numberOf(queue, 'VisibilityTimeout'));
  const octets = MAX_EVENT_BYTES;
  const messages = receive(queue, { most: source.mapping.batchSize, timeout, octets, beside: RECORD_BYTES }, data, now);
  return messages.length === 0 ? undefined : { source, messages };
}

/** What is done is deleted; the rest comes into sight again by itself. */
function finish(key: string, { source }: Batch, done: readonly Received[], data: Transaction, now: number): void {
  const queue = findQueue(source.queue, data);
  if (queue !== undefined) noteMinutes(queue, data, now);
  for (const { receipt } of done) remove(source.queue, receipt, data);
  const mapping = data.get(mappings, key);
  const lastResult = done.length === 0 ? FAILED : OK;
  if (mapping !== undefined && mapping.lastResult !== lastResult) putMapping({ ...mapping, lastResult }, data);
}

function firstReady(data: Transaction, now: number): number | undefined {
  const moments = [...data.entries(mappings)].flatMap(([, mapping]) => {
    const source = sourceOf(mapping, data, now);
    return (source && readyFrom(source, data, now)) ?? [];
  });
  return moments.length === 0 ? undefined : Math.min(...moments);
}

/** From when a batch can be received; undefined: no message is there. It looks no further than at a batch that is in sight. */
function readyFrom({ mapping, queue, from }: Source, data: Transaction, now: number): number | undefined {
  const { batchSize, window } = mapping;
  const enough = window === 0 ? 1 : batchSize;
  const moments: number[] = [];
  let inSight = 0;
  for (const [, { visibleFrom }] of liveMessages(queue, data, now)) {
    if (visibleFrom <= now) inSight += 1;
    if (inSight >= enough) return Math.max(from, visibleFrom);
    moments.push(visibleFrom);
  }
  if (moments.length === 0) return undefined;
  moments.sort((left, right) => left - right);
  const first = moments[0] ?? 0;
  // The window ends at the size of a batch, or after its seconds.
  const full = moments[batchSize - 1] ?? Number.POSITIVE_INFINITY;
  return Math.max(from, Math.min(full, first + window * 1000));
}
