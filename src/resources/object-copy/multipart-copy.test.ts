import type { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { multipartCopy } from './multipart-copy.ts';

const account = '111122223333';
const OBJECT = { size: 1, etag: '"e"', modified: 0, headers: {}, metadata: {}, storageClass: 'STANDARD' };

/** S3's list of uploads, a page for each, as it is read: XML has no text of blanks alone. */
function listing(keys: readonly string[]): S3Client {
  const send = ({ input }: ListMultipartUploadsCommand) => {
    const say = (key: string): string => {
      if (input.EncodingType !== 'url') return key.trim() === '' ? '' : key;
      return encodeURIComponent(key).replaceAll('%20', '+');
    };
    const at = Number(input.UploadIdMarker ?? -1) + 1;
    if (at > 0) expect(input.KeyMarker).toBe(keys[at - 1]);
    const Key = say(keys[at] ?? '');
    return Promise.resolve({
      Uploads: [{ Key, UploadId: String(at), Initiator: { ID: 'we' } }],
      IsTruncated: at < keys.length - 1,
      NextKeyMarker: Key,
      NextUploadIdMarker: String(at),
    });
  };
  return { send } as unknown as S3Client;
}

describe('other uploads of a key', () => {
  it.each(['a', '\n', ' ', 'a b+c%20/é', '\u0001', '\r'])(
    'are found, over pages, whatever it holds: %j',
    async (key) => {
      const client = listing([key, key, `${key}x`]);
      const place = { bucket: 'acme-invoices', account, key };
      const copy = { source: place, object: OBJECT, destination: place, wishes: { metadata: {} } };
      const calls = multipartCopy({ source: client, destination: client }, copy);
      expect(await calls.others('1', 'we')).toEqual(['0']);
      expect(await calls.others('0', 'we')).toEqual(['1']);
    },
  );
});
