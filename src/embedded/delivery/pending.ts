import { firstNotBefore, table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';

/** Who hands a message over, as the receiver's policy names it. */
export interface Sender {
  /** `s3.amazonaws.com`. */
  readonly principal: string;
  /** For `aws:SourceArn`. */
  readonly sourceArn: string;
  /** For `aws:SourceAccount`. */
  readonly sourceAccount: string;
}

/** A message on its way from one service to another. */
export interface PendingDelivery extends Sender {
  /** ARN of a topic, a queue or a function. */
  readonly target: string;
  readonly message: string;
  /** Of a message to a topic. */
  readonly subject?: string;
  /** Of a message to a queue; all of them are text. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** X-Ray's header of what led to it, where a function did. */
  readonly trace?: string | undefined;
  /** Who gets it when the target cannot have it. */
  readonly deadLetter?: { readonly queue: string; readonly message: string };
  /** The moment from which it may be handed over, milliseconds since the epoch. */
  readonly due: number;
}

/** By `pendingKey`: in the order in which they are due, those of one moment in the order in which they were staged. */
export const pendingDeliveries = table<PendingDelivery>('delivery/pending');

const DIGITS = 16;

/** @param order from 0 to 1, before `name`, among those of one moment */
export function pendingKey(due: number, order: number, name: string): string {
  return `${digits(due)} ${order.toFixed(DIGITS)} ${name}`;
}

function digits(number: number): string {
  return String(Math.floor(number)).padStart(DIGITS, '0');
}

/** Puts a delivery beside what the call writes: it exists if, and only if, the call succeeds. */
export function stage(delivery: PendingDelivery, data: Transaction): void {
  const name = digits(data.next('delivery/pending'));
  data.put(pendingDeliveries, pendingKey(delivery.due, 0, name), delivery);
}

/** When the first of them is due; undefined: none is on its way. */
export function firstDue(data: Transaction): number | undefined {
  const [key] = data.firstKeys(pendingDeliveries, 1);
  return key === undefined ? undefined : data.get(pendingDeliveries, key)?.due;
}

/** Keys of those that are due, in their order. */
export function dueKeys(now: number, data: Transaction): readonly string[] {
  const keys = data.keys(pendingDeliveries);
  return keys.slice(0, firstNotBefore(keys, digits(now + 1)));
}
