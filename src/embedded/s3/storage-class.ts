import type { StorageClass } from '@aws-sdk/client-s3';
import { s3Error } from './errors.ts';

/** Classes of general purpose buckets (User Guide, "Understanding and managing Amazon S3 storage classes"). */
const CLASSES: readonly string[] = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
];

/** @returns undefined for the default. @throws InvalidStorageClass */
export function checkStorageClass(wanted: StorageClass | undefined): StorageClass | undefined {
  if (wanted !== undefined && !CLASSES.includes(wanted)) {
    throw s3Error('InvalidStorageClass', 'The storage class you specified is not valid', 400, {
      StorageClassRequested: wanted,
    });
  }
  return wanted === 'STANDARD' ? undefined : wanted;
}

/** Whether an object must be restored before it is read. Nothing is restored here. */
export function isArchived(storageClass: StorageClass | undefined): boolean {
  return storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';
}
