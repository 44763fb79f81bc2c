import type {
  PutKeyPolicyRequest,
  ScheduleKeyDeletionRequest,
  SignRequest,
  TagResourceRequest,
  UntagResourceRequest,
  VerifyRequest,
} from '@aws-sdk/client-kms';
import { read, write } from '../service.ts';
import type { Operation, Service } from '../service.ts';
import { requestTagKeys } from '../tags.ts';
import { throttling } from '../throttling.ts';
import { bypassKey, onKey, onOwnKey, signingKeys, toCreateKey } from './access.ts';
import { createKey, tagsOf } from './create-key.ts';
import { getKeyPolicy, putKeyPolicy } from './key-policy.ts';
import { MAX_DAYS, cancelKeyDeletion, disableKey, enableKey, scheduleKeyDeletion } from './key-states.ts';
import { listResourceTags, tagResource, taggedKeys, untagResource } from './key-tags.ts';
import { describeKey, getPublicKey, listKeys } from './keys.ts';
import { IAM } from './model.ts';
import { sign, verify } from './signing.ts';

/**
 * Keys that sign, their states, policies and tags, as the API reference of KMS describes them. Symmetric keys can be
 * made, looked at, and used by S3 for whoever may (use-key.ts). Not modelled: encryption, MACs, key agreement, aliases, grants, rotation, other key
 * specifications and stores, multi-Region keys, and the seconds until a change is seen everywhere.
 */
export const kms: Service = {
  ...IAM,
  eventSource: 'kms.amazonaws.com',
  secretFields: [],
  throttled: throttling,
  operations: {
    CancelKeyDeletion: write(cancelKeyDeletion, onOwnKey()),
    CreateKey: write(createKey, toCreateKey),
    DescribeKey: read(describeKey, onKey()),
    DisableKey: write(disableKey, onOwnKey()),
    EnableKey: write(enableKey, onOwnKey()),
    GetKeyPolicy: read(getKeyPolicy, onOwnKey()),
    GetPublicKey: read(getPublicKey, onKey()),
    ListKeys: read(listKeys),
    ListResourceTags: read(listResourceTags, onOwnKey()),
    PutKeyPolicy: write(putKeyPolicy, onOwnKey<PutKeyPolicyRequest>(bypassKey)),
    ScheduleKeyDeletion: write(
      scheduleKeyDeletion,
      onOwnKey(({ PendingWindowInDays: days = MAX_DAYS }: ScheduleKeyDeletionRequest) => ({
        'kms:ScheduleKeyDeletionPendingWindowInDays': String(days),
      })),
    ),
    Sign: withoutMessage(read(sign, onKey<SignRequest>(signingKeys))),
    TagResource: write(
      tagResource,
      onOwnKey(({ Tags }: TagResourceRequest) => requestTagKeys(tagsOf(Tags))),
    ),
    UntagResource: write(
      untagResource,
      onOwnKey(({ TagKeys }: UntagResourceRequest) => requestTagKeys(TagKeys ?? [])),
    ),
    Verify: withoutMessage(read(verify, onKey<VerifyRequest>(signingKeys))),
  },
  tagged: taggedKeys,
};

/** CloudTrail has neither what is signed nor the signature (developer guide, "CloudTrail log entries": Sign, Verify). */
function withoutMessage<Input extends SignRequest, Output>(
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  return {
    ...operation,
    recorded({ KeyId: keyId, MessageType: messageType, SigningAlgorithm: signingAlgorithm }) {
      return { keyId, messageType: messageType ?? 'RAW', signingAlgorithm };
    },
  };
}
