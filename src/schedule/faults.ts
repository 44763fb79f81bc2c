import type { ScheduleFault, ScheduleFaultCode, ScheduleFaults } from './types.ts';

/** Characters of a token that a message quotes. */
const QUOTED = 32;

export function fault(code: ScheduleFaultCode, message: string, column = 1, path = ''): ScheduleFault {
  return { code, message, column, path };
}

export function faults(first: ScheduleFault, others: readonly ScheduleFault[] = []): ScheduleFaults {
  return { error: first, errors: [first, ...others] };
}

/** A token in quotes, its end left out where it is long. Whoever prints it escapes it. */
export function quote(token: string): string {
  return token.length <= QUOTED ? `"${token}"` : `"${token.slice(0, QUOTED)}…"`;
}

/**
 * A value that should have been another, as a message names it. Whatever it is: nothing of an object or a list is read,
 * which may be of any depth and have a `toString` of its own.
 */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (value === undefined) return 'nothing';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return Array.isArray(value) ? 'a list' : 'an object';
}
