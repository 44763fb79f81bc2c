import { table } from '../store/database.ts';
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
  /** Who gets it when the target cannot have it. */
  readonly deadLetter?: { readonly queue: string; readonly message: string };
  /** The moment from which it may be handed over, milliseconds since the epoch. */
  readonly due: number;
}

/** By `pendingKey`: in the order in which they are due, those of one moment in the order in which they were staged. */
export const pendingDeliveries = table<PendingDelivery>('delivery/pending');

const DIGITS = 16;

export function pendingKey(due: number, turn: number): string {
  return [due, turn].map((part) => String(Math.floor(part)).padStart(DIGITS, '0')).join(' ');
}

/** Puts a delivery beside what the call writes: it exists if, and only if, the call succeeds. */
export function stage(delivery: PendingDelivery, data: Transaction): void {
  data.put(pendingDeliveries, pendingKey(delivery.due, data.next('delivery/pending')), delivery);
}
