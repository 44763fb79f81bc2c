import { AwsError } from '../../aws/errors.ts';
import type { LeaseRecord } from '../../engine/lease.ts';

/**
 * A lease as it was read. What is unreadable is not overwritten: nobody knows whose it is.
 *
 * @throws AwsError TU3013
 */
export function parseLeaseRecord(text: string): LeaseRecord {
  const record = parse(text);
  if (record?.format === 'trueup/lease@1' && typeof record.token === 'string' && typeof record.ttlMs === 'number') {
    return {
      format: record.format,
      owner: record.owner ?? '',
      repository: record.repository ?? null,
      holder: record.holder ?? null,
      process: record.process ?? null,
      token: record.token,
      writes: record.writes ?? 0,
      ttlMs: record.ttlMs,
      expires: record.expires ?? null,
    };
  }
  throw new AwsError('TU3013', 'the lease cannot be read: it is none of this version of trueup', {
    hint: 'use the version that wrote it, or, when no apply can be running, delete it',
  });
}

function parse(text: string): Partial<LeaseRecord> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
