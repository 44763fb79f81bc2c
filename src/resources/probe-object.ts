import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectVersion } from '@aws-sdk/client-s3';
import type { Aws } from '../aws/clients.ts';
import { isAwsError } from '../aws/errors.ts';
import { decodeEventKey } from '../fan-out/object-key.ts';
import type { BucketQuestion } from './bucket-view.ts';

/** One object that is put for a trial, or its copy, and nobody's but ours. */
export interface ProbeObject {
  readonly bucket: string;
  readonly key: string;
  /** So many octets. */
  put(size: number): Promise<void>;
  /** Is the probe what stands there? */
  isThere(): Promise<boolean>;
  /** Has there ever been anything of this key: a version, or a delete marker? */
  isTaken(): Promise<boolean>;
  /**
   * Deletes the probe's versions of the key, and the delete markers where no other version is there: a put that was sent
   * twice has made two. What comes after the listing stays.
   *
   * @returns how many versions are there that are not the probe's
   */
  removeAll(): Promise<number>;
}

/** What every name of a probe begins with: the right to delete objects is given for no others. */
export const PROBE = 'trueup-probe-';
const METADATA = 'trueup-probe';

/** @param id of the probe: its versions are told by it from others */
export async function probeObject(
  aws: Aws,
  { bucket, owner, from }: BucketQuestion,
  key: string,
  id: string,
): Promise<ProbeObject> {
  const client = await aws.client(S3Client, from);
  const where = { Bucket: bucket, ExpectedBucketOwner: owner };

  async function isProbe(version?: string): Promise<boolean> {
    const asked = { ...where, Key: key, ...(version !== undefined && { VersionId: version }) };
    try {
      const { Metadata = {} } = await client.send(new HeadObjectCommand(asked));
      return Metadata[METADATA] === id;
    } catch (error) {
      if (isAwsError(error, 'NotFound') || isAwsError(error, 'NoSuchKey')) return false;
      throw error;
    }
  }

  /** Keys that only begin so are others'. */
  async function listed(): Promise<{ readonly versions: readonly string[]; readonly markers: readonly string[] }> {
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ ...where, Prefix: key, EncodingType: 'url' }),
    );
    const own = (entries: readonly Pick<ObjectVersion, 'Key' | 'VersionId'>[]): readonly string[] =>
      entries.flatMap(({ Key = '', VersionId = 'null' }) => (decodeEventKey(Key) === key ? [VersionId] : []));
    return { versions: own(Versions), markers: own(DeleteMarkers) };
  }

  return {
    bucket,
    key,
    async put(size) {
      const Body = Buffer.alloc(size, '.');
      const rest = { Body, ContentType: 'text/plain', Metadata: { [METADATA]: id } };
      await client.send(new PutObjectCommand({ ...where, Key: key, ...rest }));
    },
    isThere: () => isProbe(),
    async isTaken() {
      const { versions, markers } = await listed();
      return versions.length + markers.length > 0;
    },
    async removeAll() {
      const { versions, markers } = await listed();
      const remove = async (VersionId: string): Promise<void> => {
        await client.send(new DeleteObjectCommand({ ...where, Key: key, VersionId }));
      };
      let others = 0;
      for (const version of versions) {
        if (await isProbe(version)) await remove(version);
        else others += 1;
      }
      // Beside somebody's version they may be his.
      if (others === 0) for (const marker of markers) await remove(marker);
      return others;
    },
  };
}
