import { parseDuration } from '../../duration.ts';
import { parseSize } from '../../size.ts';
import type { ConfigCode } from '../codes.ts';
import { isReserved } from '../reserved.ts';
import { scheduleProblem } from './aws-schedule.ts';
import { domainProblem, hostAndPortProblem } from './network.ts';

/** A word of the schemas' `format`: each is checked in linear time. */
export interface TextFormat {
  /** Code of the refusal; TU1003 where it is not said. */
  readonly code?: ConfigCode;
  /** What is wrong with a text, for the hint: never repeats a secret. Empty: nothing to add to the schema's own words. */
  readonly problemOf: (text: string) => string | undefined;
}

/** Format of fields that name an account of Settings. */
export const ACCOUNT_REFERENCE = 'account-reference';
/** Format of fields that say where a secret lies. */
export const SECRET_REFERENCE = 'secret-reference';

function matches(pattern: RegExp): (text: string) => string | undefined {
  return (text) => (pattern.test(text) ? undefined : '');
}

function nameProblem(text: string): string | undefined {
  if (isReserved(text)) return `${text} is a reserved word`;
  return /^[a-z0-9-]{1,63}$/.test(text) ? undefined : '';
}

/** Why it is no day of the calendar, YYYY-MM-DD. */
export function dateProblem(text: string): string | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return 'write it as YYYY-MM-DD';
  const date = new Date(`${text}T00:00:00Z`);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  return isReal ? undefined : 'the calendar has no such day';
}

/** SSM: a parameter's name has at most 1,011 characters. Secrets Manager: a name has at most 512. */
const SECRET_PATTERN = /^(ssm:\/[A-Za-z0-9_./-]{1,1010}|secretsmanager:[A-Za-z0-9/_+=.@-]{1,512})$/;

export const TEXT_FORMATS: ReadonlyMap<string, TextFormat> = new Map<string, TextFormat>([
  [ACCOUNT_REFERENCE, { problemOf: matches(/^[A-Za-z0-9-]{1,63}$/) }],
  ['aws-account-id', { code: 'TU1017', problemOf: matches(/^[0-9]{12}$/) }],
  ['aws-schedule', { problemOf: scheduleProblem }],
  ['byte-size', { problemOf: (text) => (parseSize(text) === undefined ? '' : undefined) }],
  ['date', { problemOf: dateProblem }],
  ['document-name', { code: 'TU1008', problemOf: nameProblem }],
  ['domain-name', { problemOf: domainProblem }],
  ['duration-text', { problemOf: (text) => (parseDuration(text) === undefined ? '' : undefined) }],
  ['host-and-port', { problemOf: hostAndPortProblem }],
  [SECRET_REFERENCE, { code: 'TU1015', problemOf: matches(SECRET_PATTERN) }],
]);
