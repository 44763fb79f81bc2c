import type { Tag } from '@aws-sdk/client-iam';
import { isReservedKey } from '../tags.ts';
import { constraintViolation, invalidInput, limitExceeded, malformedDocument } from './errors.ts';
import { PolicySyntaxError, parsePolicy } from './policy/parse.ts';
import type { DocumentKind } from './policy/parse.ts';

/** API model. */
const NAME = /^[\w+=,.@-]+$/;
const PATH = /^\/(?:[\x21-\x7f]+\/)?$/;
const MAX_PATH = 512;
const DESCRIPTION = /^[\t\n\r\x20-\x7e\xa1-\xff]*$/;
const MAX_DESCRIPTION = 1000;
const MAX_DOCUMENT = 131_072;
/** API reference, PutRolePolicy and others, PolicyDocument: Latin-1 without most control characters. */
const DOCUMENT = /^[\t\n\r\x20-\xff]+$/;
const BOUNDARY = /^arn:aws:iam::(?:\d{12}|aws):policy\/[\x21-\x7e]+$/;
const MIN_SESSION_SECONDS = 3600;
const MAX_SESSION_SECONDS = 43_200;
const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
/** IAM User Guide, "IAM and AWS STS quotas": tags that can be attached to a role. */
const MAX_TAGS = 50;

export function checkName(member: string, value: string | undefined, maxLength: number): string {
  if (value !== undefined && NAME.test(value) && value.length <= maxLength) return value;
  throw constraintViolation(
    member,
    value,
    `Member must satisfy regular expression pattern: [\\w+=,.@-]{1,${maxLength}}`,
  );
}

export function checkPath(path: string | undefined): string {
  if (path === undefined) return '/';
  if (path.length <= MAX_PATH && PATH.test(path)) return path;
  throw constraintViolation('path', path, 'Member must begin and end with / and have length up to 512');
}

export function checkDescription(text: string | undefined): string | undefined {
  if (text === undefined || (text.length <= MAX_DESCRIPTION && DESCRIPTION.test(text))) return text;
  throw constraintViolation(
    'description',
    text,
    `Member must have length up to ${MAX_DESCRIPTION} and no other characters`,
  );
}

export function checkSessionSeconds(seconds: number | undefined): number {
  const wanted = seconds ?? MIN_SESSION_SECONDS;
  if (wanted >= MIN_SESSION_SECONDS && wanted <= MAX_SESSION_SECONDS) return wanted;
  throw constraintViolation(
    'maxSessionDuration',
    seconds,
    `Member must be ${MIN_SESSION_SECONDS} to ${MAX_SESSION_SECONDS}`,
  );
}

/** The policy need not exist: then it restricts nothing (see rights.ts). */
export function checkBoundary(arn: string | undefined): string {
  if (arn !== undefined && BOUNDARY.test(arn)) return arn;
  throw constraintViolation('permissionsBoundary', arn, 'Member must be the ARN of a managed policy');
}

/** @throws MalformedPolicyDocument */
export function checkDocument(member: string, text: string | undefined, kind: DocumentKind): string {
  if (text === undefined || text === '' || text.length > MAX_DOCUMENT) {
    throw constraintViolation(member, text?.slice(0, 100), `Member must have length 1 to ${MAX_DOCUMENT}`);
  }
  if (!DOCUMENT.test(text)) {
    const pattern = String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+`;
    throw constraintViolation(member, text.slice(0, 100), `Member must satisfy regular expression pattern: ${pattern}`);
  }
  try {
    parsePolicy(text, kind);
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw malformedDocument(error.message);
    throw error;
  }
  return text;
}

/** White space does not count (IAM User Guide, "IAM and AWS STS quotas"). */
export function countedSize(document: string): number {
  return document.replaceAll(/\s/g, '').length;
}

/** Tags put on top of those that are there; keys are one without case. */
export function addTags(
  before: Readonly<Record<string, string>>,
  added: readonly Tag[] | undefined,
): Readonly<Record<string, string>> {
  const tags = new Map(Object.entries(before).map(([key, value]) => [key.toLowerCase(), [key, value] as const]));
  const seen = new Set<string>();
  for (const { Key: key = '', Value: value = '' } of added ?? []) {
    if (!TAG_KEY.test(key)) throw constraintViolation('tags.member.key', key, 'Member must have length 1 to 128');
    if (!TAG_VALUE.test(value))
      throw constraintViolation('tags.member.value', value, 'Member must have length up to 256');
    if (isReservedKey(key)) throw invalidInput(`Tag keys that begin with aws: are reserved: ${key}`);
    const folded = key.toLowerCase();
    if (seen.has(folded)) {
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(folded);
    tags.set(folded, [key, value]);
  }
  if (tags.size > MAX_TAGS) throw limitExceeded(`The number of tags has reached the maximum limit of ${MAX_TAGS}.`);
  return Object.fromEntries(tags.values());
}

export function removeTags(
  before: Readonly<Record<string, string>>,
  keys: readonly string[] | undefined,
): Readonly<Record<string, string>> {
  const unwanted = new Set((keys ?? []).map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(before).filter(([key]) => !unwanted.has(key.toLowerCase())));
}
