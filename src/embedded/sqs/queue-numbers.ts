import type { StoredQueue } from './model.ts';

/** Attributes of queues with a number: default, least, most (CreateQueue, Attributes); times in seconds, sizes in bytes. */
export const NUMBERS = {
  DelaySeconds: [0, 0, 900],
  MaximumMessageSize: [1_048_576, 1024, 1_048_576],
  MessageRetentionPeriod: [345_600, 60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
  VisibilityTimeout: [30, 0, 43_200],
} as const satisfies Readonly<Record<string, readonly [usual: number, least: number, most: number]>>;

type NumberName = keyof typeof NUMBERS;

export function isNumberName(name: string): name is NumberName {
  return Object.hasOwn(NUMBERS, name);
}

/** The value of an attribute with a number, its default where none was set. */
export function numberOf({ attributes }: Pick<StoredQueue, 'attributes'>, name: NumberName): number {
  return Number(attributes[name] ?? NUMBERS[name][0]);
}

/** May a number of a call stand in the place of a queue's attribute? */
export function isWithin(value: number, name: NumberName): boolean {
  const [, least, most] = NUMBERS[name];
  return Number.isInteger(value) && value >= least && value <= most;
}
