import { identify } from '../caller.ts';
import type { Host } from '../host.ts';
import { appendLogLines } from '../logs/append.ts';
import { logGroupOf } from './model.ts';
import type { StoredFunction } from './model.ts';
import type { RoleSession } from './role.ts';

/** One line, or one call of `console`, of a function. */
export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Writes what one invocation said into the function's log group, with the rights of its role. */
export function writeLog(
  host: Pick<Host, 'change'>,
  found: StoredFunction,
  session: RoleSession,
  stream: string,
  lines: readonly LogEvent[],
): void {
  host.change((data, now) => {
    const caller = identify(session.accessKeyId, data, now);
    appendLogLines({ group: logGroupOf(found), stream, lines }, { caller, region: found.region, now, data });
  });
}
