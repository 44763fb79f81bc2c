import type { Event, NotificationConfigurationFilter } from '@aws-sdk/client-s3';
import { table } from '../store/database.ts';

/** One entry of a bucket's notification configuration, whatever it notifies. */
export interface NotificationEntry {
  readonly id: string;
  /** ARN of a topic, a queue or a function. */
  readonly target: string;
  readonly events: readonly Event[];
  /** As it was given, the names of its rules apart (see `shownFilter`). */
  readonly filter?: NotificationConfigurationFilter;
  /** What the form-encoded key of an object begins with; empty: anything. */
  readonly prefix: string;
  /** What the form-encoded key of an object ends with; empty: anything. */
  readonly suffix: string;
}

export interface StoredNotifications {
  readonly entries: readonly NotificationEntry[];
  /** Events go to EventBridge too, where no rule with a pattern takes them. */
  readonly eventBridge: boolean;
}

/** By the bucket's name; none: the configuration is empty. */
export const notifications = table<StoredNotifications>('s3/notifications');

/** Does `s3:ObjectCreated:*` or `s3:ObjectCreated:Put` take in the name? */
export function takesIn(event: string, name: string): boolean {
  return event.endsWith('*') ? name.startsWith(event.slice(0, -1)) : event === name;
}
