import type {
  CancelKeyDeletionRequest,
  CancelKeyDeletionResponse,
  KeyState,
  ScheduleKeyDeletionRequest,
  ScheduleKeyDeletionResponse,
} from '@aws-sdk/client-kms';
import type { CallContext } from '../service.ts';
import { disabled, invalid, invalidState } from './errors.ts';
import { needKey } from './key-id.ts';
import type { KeyReference } from './key-id.ts';
import { keyArn, putKey } from './model.ts';
import type { StoredKey } from './model.ts';

/** ScheduleKeyDeletion, PendingWindowInDays. */
const MIN_DAYS = 7;
export const MAX_DAYS = 30;
const DAY_MS = 86_400_000;

export function stateOf({ enabled, deletion }: StoredKey): KeyState {
  if (deletion !== undefined) return 'PendingDeletion';
  return enabled ? 'Enabled' : 'Disabled';
}

/** What a key of each state may be used for: developer guide, "Key states of AWS KMS keys". */
export function checkUsable(key: StoredKey): void {
  checkStays(key);
  if (!key.enabled) throw disabled(keyArn(key));
}

/** @throws KMSInvalidStateException for a key that waits for its deletion. */
export function checkStays(key: StoredKey): void {
  if (key.deletion !== undefined) throw invalidState(`${keyArn(key)} is pending deletion.`);
}

export function enableKey(input: KeyReference, context: CallContext): object {
  return setEnabled(input, true, context);
}

export function disableKey(input: KeyReference, context: CallContext): object {
  return setEnabled(input, false, context);
}

function setEnabled(input: KeyReference, enabled: boolean, context: CallContext): object {
  const key = needKey(input, context);
  checkStays(key);
  putKey({ ...key, enabled }, context.data);
  return {};
}

export function scheduleKeyDeletion(
  input: ScheduleKeyDeletionRequest,
  context: CallContext,
): ScheduleKeyDeletionResponse {
  const key = needKey(input, context);
  const { PendingWindowInDays: days = MAX_DAYS } = input;
  if (!Number.isInteger(days) || days < MIN_DAYS || days > MAX_DAYS) {
    throw invalid(`PendingWindowInDays must be from ${MIN_DAYS} to ${MAX_DAYS}: ${days}`);
  }
  checkStays(key);
  const deletion = context.now + days * DAY_MS;
  putKey({ ...key, enabled: false, deletion }, context.data);
  return {
    KeyId: keyArn(key),
    DeletionDate: new Date(deletion),
    KeyState: 'PendingDeletion',
    PendingWindowInDays: days,
  };
}

/** "If this operation is successful, the key state of the KMS key is set to Disabled." */
export function cancelKeyDeletion(input: CancelKeyDeletionRequest, context: CallContext): CancelKeyDeletionResponse {
  const key = needKey(input, context);
  const { deletion, ...kept } = key;
  if (deletion === undefined) throw invalidState(`${keyArn(key)} is not pending deletion.`);
  putKey({ ...kept, enabled: false }, context.data);
  return { KeyId: keyArn(key) };
}
