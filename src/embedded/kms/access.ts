import type { CreateKeyRequest } from '@aws-sdk/client-kms';
import type { Access, CallContext, ConditionKeys, ResourcePolicy } from '../service.ts';
import { requestTagKeys, resourceTagKeys } from '../tags.ts';
import { tagsOf } from './create-key.ts';
import { placeOf, placeOfKeyArn } from './key-id.ts';
import type { KeyReference } from './key-id.ts';
import { parseKeyPolicy } from './key-policy.ts';
import { traitsOf } from './key-specs.ts';
import { findKey, keyArn } from './model.ts';

/** Service Authorization Reference, "AWS Key Management Service"; developer guide, "Condition keys for AWS KMS". */

type More<Input> = (input: Input) => ConditionKeys;

/** An action on one key, of another account too ("Cross-account use: Yes"). */
export function onKey<Input extends KeyReference>(more: More<Input> = () => ({})): Access<Input> {
  return {
    resource(input, context) {
      const place = placeOf(input, context);
      return place === undefined ? (input.KeyId ?? '*') : keyArn(place);
    },
    conditions: (input, context) => ({ ...keysOfKey(input, context), ...more(input) }),
    resourcePolicy: (arn, _input, context) => policyOf(arn, context),
  };
}

/** An action that nobody but the key's own account can take, whatever its policy says ("Cross-account use: No"). */
export function onOwnKey<Input extends KeyReference>(more?: More<Input>): Access<Input> {
  return {
    ...onKey(more),
    resourcePolicy(arn, _input, context) {
      const policy = policyOf(arn, context);
      const isAbroad = policy !== undefined && policy.account !== context.caller.account;
      return isAbroad ? { ...policy, document: undefined } : policy;
    },
  };
}

/** Undefined: there is no such key in the caller's account, which the call itself will say. */
export function policyOf(arn: string, context: CallContext): ResourcePolicy | undefined {
  const place = placeOfKeyArn(arn);
  const key = place && findKey(place, context);
  if (key !== undefined) return { account: key.account, document: parseKeyPolicy(key.policy) };
  const isAbroad = place !== undefined && place.account !== context.caller.account;
  return isAbroad ? { account: place.account, document: undefined } : undefined;
}

export function keysOfKey(input: KeyReference, context: CallContext): ConditionKeys {
  const place = placeOf(input, context);
  const key = place && findKey(place, context);
  return {
    'kms:CallerAccount': context.caller.account,
    ...(key && {
      'aws:ResourceAccount': key.account,
      'kms:KeySpec': key.spec,
      'kms:KeyUsage': traitsOf(key.spec).usage,
      'kms:KeyOrigin': 'AWS_KMS',
      'kms:MultiRegion': 'false',
      ...resourceTagKeys(key.tags),
    }),
  };
}

export const toCreateKey: Access<CreateKeyRequest> = {
  conditions: (input, context) => ({
    'kms:CallerAccount': context.caller.account,
    'kms:KeySpec': input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT',
    'kms:KeyUsage': input.KeyUsage ?? 'ENCRYPT_DECRYPT',
    'kms:KeyOrigin': input.Origin ?? 'AWS_KMS',
    'kms:MultiRegion': String(input.MultiRegion ?? false),
    ...bypassKey(input),
    ...requestTagKeys(tagsOf(input.Tags)),
  }),
};

export function bypassKey({
  BypassPolicyLockoutSafetyCheck: bypass = false,
}: {
  readonly BypassPolicyLockoutSafetyCheck?: boolean | undefined;
}): ConditionKeys {
  return { 'kms:BypassPolicyLockoutSafetyCheck': String(bypass) };
}

export function signingKeys({
  MessageType: type = 'RAW',
  SigningAlgorithm: algorithm,
}: {
  readonly MessageType?: string | undefined;
  readonly SigningAlgorithm: string | undefined;
}): ConditionKeys {
  return { 'kms:MessageType': type, ...(algorithm !== undefined && { 'kms:SigningAlgorithm': algorithm }) };
}
