import { describeError, isReplyLost } from '../../aws/errors.ts';
import { UnmarkableError } from '../../fan-out/bring.ts';
import type { Buckets, CopyJob, CopyResult, SourceObject } from '../../fan-out/buckets.ts';
import { UnheardCopyError } from '../../fan-out/conclude.ts';
import { copyPlan, MAX_SINGLE_COPY } from '../../fan-out/copy-plan.ts';
import type { Named } from '../../fan-out/ledger.ts';
import type { LedgerKey } from '../../fan-out/ledger-keys.ts';
import { isPlainEtag, MARKER } from '../../fan-out/loop-marker.ts';
import type { FanOutDocument } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import { fitHeader, multipartCopy } from '../../resources/object-copy/multipart-copy.ts';
import type { CopyClients, CopyInParts } from '../../resources/object-copy/multipart-copy.ts';
import { deleteCurrent, lookAtCopy } from '../../resources/object-copy/open.ts';
import { copySingle } from '../../resources/object-copy/single-copy.ts';
import { listObjects } from '../../resources/object-listing.ts';
import { CustomerKeyError, lookAtSource, tagsOfSource } from '../../resources/object-copy/source-object.ts';
import type { SourceObject as S3Object } from '../../resources/object-copy/source-object.ts';
import { copyLarge } from './large-copy.ts';
import type { LargeCopyWorld } from './large-copy.ts';
import type { UploadRow } from './upload-state.ts';

/** An object of the source with all that S3 tells of it. */
export interface FoundObject extends SourceObject {
  readonly object: S3Object;
}

export interface BucketsWorld {
  readonly clients: CopyClients;
  /** The upload that a row remembers. */
  uploadRow(row: LedgerKey): UploadRow;
  readonly time: LargeCopyWorld['time'];
  readonly turn: LargeCopyWorld['turn'];
  /** At its signal the answer is due, and nothing is waited for. */
  readonly end: AbortSignal;
  /** Starts the invocation that goes on with a row. */
  goOn(row: LedgerKey): Promise<void>;
}

/** Parts of one large copy at once: S3 copies them, the function only waits. */
const PARTS_AT_ONCE = 16;

/** Source and destination of one function, in S3. */
export function s3Buckets(document: FanOutDocument, world: BucketsWorld): Buckets<FoundObject> {
  const { source, destination } = document;
  const { clients } = world;

  async function look(key: string, versionId?: string): Promise<FoundObject | undefined> {
    const place = { bucket: source.bucket, account: source.account, key };
    const object = await lookAtSource(clients.source, {
      ...place,
      ...(versionId !== undefined && { versionId }),
    }).catch((error: unknown) => {
      if (error instanceof CustomerKeyError) return error;
      throw error;
    });
    if (!object) return undefined;
    if (object instanceof CustomerKeyError) return underCustomerKey(key, versionId);
    const { size, metadata, modified, encryption, checksum } = object;
    const etag = bare(object.etag);
    return {
      size,
      etag,
      isPlain: isPlainEtag(etag, encryption),
      ...(checksum && { checksum }),
      ...(object.versionId !== undefined && { versionId: object.versionId }),
      metadata,
      modified,
      ...(object.isPartial && size <= MAX_SINGLE_COPY && { keepsMetadata: true }),
      ...(object.isArchived && { barred: 'archived' }),
      object,
    };
  }

  /** Size and ETag are listed: of the current version, which is what is asked for without an event. */
  async function underCustomerKey(key: string, versionId?: string): Promise<FoundObject> {
    const listing = { bucket: source.bucket, owner: source.account, prefix: key, most: 1 };
    const pages = versionId === undefined ? listObjects(clients.source, listing) : [];
    const unknown = { size: 0, etag: '', modified: world.time.clock.now() };
    let found = unknown;
    for await (const { objects } of pages) {
      const [first] = objects;
      if (first?.key === key) found = { ...unknown, size: first.size, etag: bare(first.etag) };
    }
    const object = { ...found, headers: {}, metadata: {}, storageClass: 'STANDARD' };
    return { ...found, isPlain: false, metadata: {}, barred: 'customer-key', object };
  }

  function copyOf(
    named: Named,
    object: S3Object,
    { metadata, tags }: Pick<CopyJob<FoundObject>, 'metadata' | 'tags'>,
  ): CopyInParts {
    const { storageClass, kmsKey, acl } = destination;
    const versionId = named.versionId ?? object.versionId;
    return {
      source: {
        bucket: source.bucket,
        account: source.account,
        key: named.sourceKey,
        ...(versionId !== undefined && { versionId }),
      },
      object,
      destination: { bucket: destination.bucket, account: destination.account, key: named.destinationKey },
      wishes: {
        metadata,
        ...(tags && { tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
        ...(storageClass !== undefined && { storageClass }),
        ...(kmsKey !== undefined && { kmsKey }),
        ...(acl !== undefined && { acl }),
      },
    };
  }

  async function inParts(copy: CopyInParts, row: LedgerKey): Promise<CopyResult> {
    const marker = copy.wishes.metadata[MARKER];
    const result = await copyLarge(
      { size: copy.object.size, ...(marker !== undefined && { proof: { name: MARKER, value: marker } }) },
      {
        calls: multipartCopy(clients, copy),
        row: world.uploadRow(row),
        time: world.time,
        turn: world.turn,
        concurrency: PARTS_AT_ONCE,
      },
    );
    switch (result.outcome) {
      case 'copied':
        return landed(result);
      case 'goes on':
        await world.goOn(row);
        return { is: 'continues' };
      case 'elsewhere':
        return { is: 'busy' };
      case 'superseded':
        return { is: 'moved' };
    }
  }

  return {
    look,
    async tags(key, { object }) {
      const place = { bucket: source.bucket, account: source.account, key };
      const { versionId } = object;
      const tags = await tagsOfSource(clients.source, { ...place, ...(versionId !== undefined && { versionId }) });
      return tags?.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }));
    },
    async copy({ named, source: { object, keepsMetadata }, row, ...given }) {
      const copy = copyOf(named, object, given);
      // What comes behind the copy is too late: who hears of the copy looks at it at once.
      if (copy.wishes.tags && !fitHeader(copy.wishes.tags)) throw new UnmarkableError();
      // S3 copies what it does not tell, but only by the one call that copies everything.
      if (!keepsMetadata && copyPlan(object.size).kind === 'parts') {
        const result = await inParts(copy, row);
        return result.is === 'landed' && object.isPartial ? { ...result, isIncomplete: true } : result;
      }
      const copied = await heard(world.end, copySingle(clients.destination, copy, world.end));
      if (copied === 'gone') return { is: 'gone' };
      return landed(copied);
    },
    async standing(key) {
      const { bucket, account } = destination;
      const found = await lookAtCopy(clients.destination, { bucket, account, key });
      if (!found) return undefined;
      const { size, metadata, versionId = 'null' } = found;
      return { size, metadata, isVersion: versionId !== 'null' };
    },
    async remove(key) {
      const { bucket, account } = destination;
      await deleteCurrent(clients.destination, { bucket, account, key });
    },
    async abandon(named, row) {
      // The row's head has moved on: nothing is copied, and what is left of the upload is aborted.
      const { size = 0, etag = '', at } = named;
      const gone = { size, etag, modified: at, headers: {}, metadata: {}, storageClass: 'STANDARD' };
      await inParts(copyOf(named, gone, { metadata: {} }), row);
    },
  };
}

/** @throws UnheardCopyError at the signal, and where S3 gave no answer: it may copy it still */
async function heard<Result>(end: AbortSignal, work: Promise<Result>): Promise<Result> {
  let giveUp = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    giveUp = () => reject(new UnheardCopyError('the time of the function was over while S3 copied'));
  });
  end.addEventListener('abort', giveUp, { once: true });
  if (end.aborted) giveUp();
  try {
    return await Promise.race([ended, work]);
  } catch (error) {
    if (error instanceof UnheardCopyError || !isReplyLost(error)) throw error;
    throw new UnheardCopyError(describeError(error), { cause: error });
  } finally {
    end.removeEventListener('abort', giveUp);
  }
}

function landed({ etag, versionId }: { readonly etag: string; readonly versionId?: string }) {
  return { is: 'landed' as const, etag: bare(etag), ...(versionId !== undefined && { versionId }) };
}

function bare(etag: string): string {
  return etag.replaceAll('"', '').toLowerCase();
}
