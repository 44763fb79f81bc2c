import type { GetKeyPolicyRequest, GetKeyPolicyResponse, PutKeyPolicyRequest } from '@aws-sdk/client-kms';
import { reasonToRefuse } from '../iam/authorize.ts';
import { PolicySyntaxError, parsePolicy } from '../iam/policy/parse.ts';
import type { PolicyDocument } from '../iam/policy/document.ts';
import type { CallContext } from '../service.ts';
import { limitExceeded, malformedPolicy, notFound } from './errors.ts';
import { needKey } from './key-id.ts';
import { keyArn, putKey } from './model.ts';
import type { KeyPlace } from './model.ts';

/** "The only valid value is default." */
const POLICY_NAME = 'default';
/** Developer guide, "Key policy format". */
const MAX_POLICY_BYTES = 32_768;

/** Developer guide, "Default key policy": lets IAM policies of the account speak. */
export function defaultPolicy(account: string): string {
  const statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [statement] });
}

/** A statement without a Resource has no effect (PutKeyPolicy, Policy). */
export function parseKeyPolicy(policy: string): PolicyDocument {
  const { version, statements } = parsePolicy(policy, 'resource');
  return { version, statements: statements.filter(({ resources }) => resources !== undefined) };
}

/**
 * A policy as it may hang on a key. Unlike KMS this refuses statements without actions too.
 *
 * @param bypass whether the caller may lock himself out ("BypassPolicyLockoutSafetyCheck").
 * @throws MalformedPolicyDocumentException, LimitExceededException
 */
export function checkPolicy(policy: string, place: KeyPlace, bypass: boolean, context: CallContext): string {
  if (Buffer.byteLength(policy) > MAX_POLICY_BYTES)
    throw limitExceeded(`A key policy has at most ${MAX_POLICY_BYTES} bytes.`);
  const document = readPolicy(policy);
  if (bypass) return policy;
  const question = {
    action: 'kms:PutKeyPolicy',
    resources: [keyArn(place)],
    conditions: {},
    policyOf: () => ({ account: place.account, document }),
  };
  if (reasonToRefuse(question, context) === undefined) return policy;
  throw malformedPolicy('The new key policy will not allow you to update the key policy in the future.');
}

function readPolicy(policy: string): PolicyDocument {
  try {
    return parseKeyPolicy(policy);
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw malformedPolicy(error.message);
    throw error;
  }
}

export function getKeyPolicy(input: GetKeyPolicyRequest, context: CallContext): GetKeyPolicyResponse {
  const { policy } = needKey(input, context);
  checkName(input.PolicyName);
  return { Policy: policy, PolicyName: POLICY_NAME };
}

export function putKeyPolicy(input: PutKeyPolicyRequest, context: CallContext): object {
  const key = needKey(input, context);
  checkName(input.PolicyName);
  const policy = checkPolicy(input.Policy ?? '', key, input.BypassPolicyLockoutSafetyCheck ?? false, context);
  putKey({ ...key, policy }, context.data);
  return {};
}

function checkName(name: string | undefined): void {
  if (name !== undefined && name !== POLICY_NAME) throw notFound(`No such policy exists: ${name}`);
}
