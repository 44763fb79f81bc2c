import type { Host } from '../host.ts';
import { table } from '../store/database.ts';
import { logGroupOf } from './model.ts';
import type { StoredFunction } from './model.ts';
import type { RoleSession } from './role.ts';

/** One line, or one call of `console`, of a function. */
export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

interface StoredLogEvent extends LogEvent {
  readonly group: string;
  readonly stream: string;
}

export const logEvents = table<StoredLogEvent>('lambda/log-events');

const KEPT_EVENTS = 1_000;

/** Writes what one invocation said into the function's log group, with the rights of its role. */
export function writeLog(
  host: Pick<Host, 'change'>,
  found: StoredFunction,
  _session: RoleSession,
  stream: string,
  events: readonly LogEvent[],
): void {
  host.change((data) => {
    for (const event of events) {
      const number = data.next('lambda/log-events');
      data.put(logEvents, eventKey(number), { ...event, group: logGroupOf(found), stream });
      data.delete(logEvents, eventKey(number - KEPT_EVENTS));
    }
  });
}

function eventKey(number: number): string {
  return String(number).padStart(12, '0');
}
