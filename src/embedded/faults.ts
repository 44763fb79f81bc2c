import { EmbeddedError } from './errors.ts';

/**
 * What goes wrong: before the call has an effect, or (`lost-reply`, `crash-after`, `kill-after`) after it. `kill-*` ends
 * the execution environment of the function that calls, and strikes calls of functions only.
 */
export type FaultKind =
  | 'throttle'
  | 'server-error'
  | 'lost-reply'
  | 'access-denied'
  | 'error-in-body'
  | 'crash-before'
  | 'crash-after'
  | 'kill-before'
  | 'kill-after'
  | `latency:${number}`;

/** A fault that strikes matching calls number `nth` to `nth + times - 1` of this process. */
export interface Fault {
  /** `route-53`, compared without case and hyphens; `*`: every service. */
  readonly service: string;
  /** `ChangeResourceRecordSets`; `*`: every command. */
  readonly command: string;
  /** The first matching call that it strikes, from 1; default 1. */
  readonly nth?: number;
  /** How many calls in a row, default 1. */
  readonly times?: number;
  readonly fault: FaultKind;
}

const FIXED_KINDS: readonly string[] = [
  'throttle',
  'server-error',
  'lost-reply',
  'access-denied',
  'error-in-body',
  'crash-before',
  'crash-after',
  'kill-before',
  'kill-after',
] satisfies FaultKind[];

/** Calls of S3 whose answer begins before the work is done: an error can follow the status 200. */
const LATE_ERRORS: readonly string[] = ['CompleteMultipartUpload', 'CopyObject', 'UploadPartCopy'];

const LATENCY = /^latency:(\d{1,9})$/;
const FIELDS: readonly string[] = ['service', 'command', 'nth', 'times', 'fault'] satisfies (keyof Fault)[];

/**
 * Faults from JSON text, as `TRUEUP_FAULTS` carries them.
 *
 * @throws EmbeddedError TU4014 naming the entry and the field.
 */
export function parseFaults(json: string): Fault[] {
  let entries: unknown;
  try {
    entries = JSON.parse(json);
  } catch (cause) {
    throw badFaults('they are not JSON', cause);
  }
  if (!Array.isArray(entries)) throw badFaults('they must be a JSON array');
  return entries.map((entry: unknown, index) => checkFault(entry, `entry ${index}`));
}

/** @throws EmbeddedError TU4014 */
export function checkFault(entry: unknown, place: string): Fault {
  if (typeof entry !== 'object' || entry === null) throw badFaults(`${place} must be an object`);
  const unknownField = Object.keys(entry).find((field) => !FIELDS.includes(field));
  if (unknownField !== undefined) throw badFaults(`${place} has the unknown field ${JSON.stringify(unknownField)}`);
  const fields: Partial<Record<keyof Fault, unknown>> = entry;
  const { service, command, nth = 1, times = 1, fault } = fields;
  if (!isName(service)) throw badFaults(`${place}: service must be a name or "*"`);
  if (!isName(command)) throw badFaults(`${place}: command must be a name or "*"`);
  if (!isPositive(nth)) throw badFaults(`${place}: nth must be a whole number from 1`);
  if (!isPositive(times)) throw badFaults(`${place}: times must be a whole number from 1`);
  if (!isFaultKind(fault)) throw badFaults(`${place}: fault must be one of ${FIXED_KINDS.join(', ')}, latency:MS`);
  if (fault === 'error-in-body' && !(normalizeService(service) === 's3' && LATE_ERRORS.includes(command))) {
    throw badFaults(`${place}: error-in-body is known of s3 ${LATE_ERRORS.join(', ')} only`);
  }
  return { service, command, nth, times, fault };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function isFaultKind(value: unknown): value is FaultKind {
  return typeof value === 'string' && (FIXED_KINDS.includes(value) || LATENCY.test(value));
}

function badFaults(what: string, cause?: unknown): EmbeddedError {
  return new EmbeddedError(
    'TU4014',
    `The faults for the embedded account cannot be used: ${what}.`,
    'Example: [{ "service": "route-53", "command": "ChangeResourceRecordSets", "nth": 2, "fault": "throttle" }]',
    { cause },
  );
}

/** Milliseconds of a latency fault; undefined: another kind. */
export function latencyOf(fault: FaultKind): number | undefined {
  const milliseconds = LATENCY.exec(fault)?.[1];
  return milliseconds === undefined ? undefined : Number(milliseconds);
}

/** `route-53`, `Route53` and `route53` are one service. */
export function normalizeService(name: string): string {
  return name.toLowerCase().replaceAll('-', '');
}

function isKill(fault: FaultKind): boolean {
  return fault === 'kill-before' || fault === 'kill-after';
}

/** The execution environment from which a call came is killed: nobody hears the answer. */
export class EnvironmentKilled extends Error {
  override readonly name = 'EnvironmentKilled';
}

/** Counts the calls of this process and says which fault strikes. */
export class FaultPlan {
  readonly #faults: readonly { readonly fault: Fault; seen: number }[];

  constructor(faults: readonly Fault[]) {
    this.#faults = faults.map((fault) => ({ fault, seen: 0 }));
  }

  /** Every matching fault counts the call; the first in the list whose turn it is strikes. */
  strike(service: string, command: string, isOfFunction = false): FaultKind | undefined {
    let striking: FaultKind | undefined;
    for (const entry of this.#faults) {
      if (!matches(entry.fault, service, command) || (isKill(entry.fault.fault) && !isOfFunction)) continue;
      entry.seen += 1;
      const { nth = 1, times = 1, fault } = entry.fault;
      if (entry.seen >= nth && entry.seen < nth + times) striking ??= fault;
    }
    return striking;
  }
}

function matches(fault: Fault, service: string, command: string): boolean {
  const serviceMatches = fault.service === '*' || normalizeService(fault.service) === normalizeService(service);
  return serviceMatches && (fault.command === '*' || fault.command === command);
}
