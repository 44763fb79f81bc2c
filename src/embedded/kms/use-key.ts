import { denied, reasonToRefuse } from '../iam/authorize.ts';
import type { CallContext } from '../service.ts';
import { keysOfKey, policyOf } from './access.ts';
import { invalidKeyUsage } from './errors.ts';
import { needKey } from './key-id.ts';
import { checkUsable } from './key-states.ts';
import { keyArn } from './model.ts';

/** What a service does with a key on behalf of its own caller. */
export interface KeyUse {
  readonly action: 'Decrypt' | 'GenerateDataKey';
  /** Id or ARN. */
  readonly keyId: string;
  /** `s3`. */
  readonly service: string;
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/**
 * Checks that a symmetric key can be used by the caller's own rights (developer guide, "kms:ViaService",
 * "kms:EncryptionContext:context-key"). Nothing is encrypted.
 *
 * @returns the ARN of the key.
 * @throws NotFoundException, DisabledException, KMSInvalidStateException, InvalidKeyUsageException, AccessDenied.
 */
export function useKey({ action, keyId, service, encryptionContext }: KeyUse, context: CallContext): string {
  const key = needKey({ KeyId: keyId }, context);
  const arn = keyArn(key);
  const named = Object.entries(encryptionContext).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
  const question = {
    action: `kms:${action}`,
    resources: [arn],
    conditions: {
      ...keysOfKey({ KeyId: arn }, context),
      ...(Object.fromEntries(named) as Record<string, string>),
      'kms:EncryptionContextKeys': Object.keys(encryptionContext),
      'kms:ViaService': `${service}.${context.region}.amazonaws.com`,
    },
    policyOf: () => policyOf(arn, context),
  };
  const why = reasonToRefuse(question, context);
  if (why !== undefined) throw denied('AccessDenied', context.caller, question.action, why);
  checkUsable(key);
  if (key.spec !== 'SYMMETRIC_DEFAULT')
    throw invalidKeyUsage(`${arn} key usage is SIGN_VERIFY, which does not encrypt.`);
  return arn;
}
