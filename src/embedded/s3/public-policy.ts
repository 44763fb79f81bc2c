import type { Condition, PolicyDocument, Statement } from '../iam/policy/document.ts';

/**
 * Keys that keep a policy for everybody from being public when their values have no wildcard (User Guide, "Blocking
 * public access to your Amazon S3 storage", "The meaning of public").
 */
const NARROWING: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
]);

/** Whether a policy lets in somebody whom it does not name. */
export function isPublic({ statements }: PolicyDocument): boolean {
  return statements.some(isOpen);
}

function isOpen({ effect, principals, conditions }: Statement): boolean {
  if (effect !== 'Allow' || principals === undefined) return false;
  return (principals.except || principals.aws.includes('*')) && !conditions.some(narrows);
}

function narrows({ key, values, operator }: Condition): boolean {
  if (operator.negated || operator.ifExists || operator.test === 'presence') return false;
  return NARROWING.has(key.toLowerCase()) && values.every((value) => !/[*?]/.test(value));
}
