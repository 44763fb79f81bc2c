import type { CreateKeyRequest, CreateKeyResponse, Tag } from '@aws-sdk/client-kms';
import { requireTagging } from '../iam/authorize.ts';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { withTags } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { invalid, limitExceeded, tagError } from './errors.ts';
import { checkPolicy, defaultPolicy } from './key-policy.ts';
import { checkSpec, traitsOf } from './key-specs.ts';
import { metadataOf } from './keys.ts';
import { IAM, keyArn, putKey } from './model.ts';
import type { StoredKey } from './model.ts';

const MAX_DESCRIPTION = 8192;

export function createKey(input: CreateKeyRequest, context: CallContext): CreateKeyResponse {
  refuseForeign(input);
  const { caller, region, now, data } = context;
  const spec = checkSpec(input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT', input.KeyUsage);
  const { Description: description = '' } = input;
  if (description.length > MAX_DESCRIPTION) throw invalid(`description has more than ${MAX_DESCRIPTION} characters`);
  const tags = withTags({}, tagsOf(input.Tags), tagError, limitExceeded);
  const place = { account: caller.account, region, id: crypto.randomUUID() };
  requireTagging(IAM, keyArn(place), tags, context);
  const policy =
    input.Policy === undefined
      ? defaultPolicy(caller.account)
      : checkPolicy(input.Policy, place, input.BypassPolicyLockoutSafetyCheck ?? false, context);
  const privateKey = traitsOf(spec).generate?.();
  const key: StoredKey = {
    ...place,
    spec,
    ...(privateKey !== undefined && { privateKey }),
    description,
    policy,
    created: now,
    enabled: true,
    tags,
  };
  putKey(key, data);
  return { KeyMetadata: metadataOf(key) };
}

export function tagsOf(list: readonly Tag[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ TagKey, TagValue }) => [TagKey ?? '', TagValue ?? '']));
}

function refuseForeign(input: CreateKeyRequest): void {
  if (input.MultiRegion === true) throw notEmbedded('multi-Region keys');
  if (input.CustomKeyStoreId !== undefined || input.XksKeyId !== undefined) throw notEmbedded('key stores');
  if (input.Origin !== undefined && input.Origin !== 'AWS_KMS') throw notEmbedded(`keys of the origin ${input.Origin}`);
}
