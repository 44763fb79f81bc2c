import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { CopyRow, CopyState, Head, Ledger, Named, Standing } from '../../fan-out/ledger.ts';
import type { Content } from '../../fan-out/loop-marker.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

/** Attributes of a ledger's rows beside `pk` and `sk`; the last are of copies only. */
export const ATTRIBUTES = {
  source: 'source',
  destination: 'destination',
  sequencer: 'sequencer',
  version: 'version',
  etag: 'etag',
  size: 'size',
  at: 'at',
  deleted: 'deleted',
  /** Of a head: sort key of the copy's row that it names. */
  row: 'row',
  nonce: 'nonce',
  /** Of a backfill. */
  run: 'run',
  turn: 'turn',
  copied: 'copied',
  /** A map: of the copy that was seen to stand. */
  stands: 'stands',
  state: 'state',
  plain: 'plain',
  /** A map: of the source's octets. */
  checksum: 'checksum',
  /** A set of texts: attempts that have not ended. */
  attempts: 'attempts',
  /** Those of them that have failed: they write no more. */
  failures: 'failures',
  copyEtag: 'copyEtag',
  copyVersion: 'copyVersion',
  /** When it was finished, in milliseconds since the epoch. */
  finished: 'finished',
  /** Why it failed the last time, and when, in milliseconds since the epoch; not of what is finished. */
  error: 'error',
  failed: 'failed',
  upload: 'upload',
  leaseToken: 'leaseToken',
  leaseUntil: 'leaseUntil',
  /** TTL, in seconds since the epoch. */
  expires: 'expires',
} as const;

export type Attribute = keyof typeof ATTRIBUTES;

/** What names a state of a key; undefined: the attribute is not there. */
export function namedAttributes(named: Named): Readonly<Partial<Record<Attribute, AttributeValue | undefined>>> {
  return {
    source: text(named.sourceKey),
    destination: text(named.destinationKey),
    sequencer: named.sequencer === undefined ? undefined : text(named.sequencer),
    version: named.versionId === undefined ? undefined : text(named.versionId),
    etag: named.etag === undefined ? undefined : text(named.etag),
    size: named.size === undefined ? undefined : number(named.size),
    at: number(named.at),
    deleted: { BOOL: named.isDeleted },
    nonce: text(named.nonce),
    run: named.run === undefined ? undefined : text(named.run),
  };
}

export function contentAttributes({ etag, size, isPlain, checksum }: Content) {
  const sum = checksum && {
    M: { algorithm: text(checksum.algorithm), type: text(checksum.type), value: text(checksum.value) },
  };
  return { etag: text(etag), size: number(size), plain: { BOOL: isPlain }, ...(sum && { checksum: sum }) };
}

function readChecksum({ checksum }: Item): Content['checksum'] {
  const { algorithm, type, value } = checksum?.M ?? {};
  if (algorithm?.S === undefined || value?.S === undefined) return undefined;
  return { algorithm: algorithm.S, type: type?.S === 'COMPOSITE' ? 'COMPOSITE' : 'FULL_OBJECT', value: value.S };
}

export function standingAttributes(standing: Parameters<Ledger['confirm']>[2]) {
  if (standing === 'unchanged') return {};
  if (standing === 'nothing') return { stands: undefined };
  const { sk, nonce, sourceKey } = standing;
  return { stands: { M: { row: text(sk), nonce: text(nonce), source: text(sourceKey) } } };
}

function readStanding({ stands }: Item): Standing | undefined {
  const { row, nonce, source } = stands?.M ?? {};
  if (row?.S === undefined || nonce?.S === undefined || source?.S === undefined) return undefined;
  return { sk: row.S, nonce: nonce.S, sourceKey: source.S };
}

function readNamed(item: Item, sk: string): Named {
  const { sequencer, version, etag, size, run } = item;
  return {
    sourceKey: textOf(item, 'source'),
    destinationKey: textOf(item, 'destination'),
    ...(sequencer?.S !== undefined && { sequencer: sequencer.S }),
    ...(version?.S !== undefined && { versionId: version.S }),
    ...(etag?.S !== undefined && { etag: etag.S }),
    ...(size?.N !== undefined && { size: Number(size.N) }),
    at: Number(item['at']?.N ?? 0),
    isDeleted: item['deleted']?.BOOL ?? false,
    sk,
    nonce: textOf(item, 'nonce'),
    ...(run?.S !== undefined && { run: run.S }),
  };
}

export function readHead(item: Item): Head {
  const { turn, copied } = item;
  const stands = readStanding(item);
  return {
    ...readNamed(item, textOf(item, 'row')),
    turn: Number(turn?.N ?? 0),
    isCopied: copied?.BOOL ?? false,
    ...(stands && { stands }),
  };
}

/** A row of a copy, with what became of it. */
export interface StoredCopy extends CopyRow {
  /** Of the copy at the destination. */
  readonly copyEtag?: string;
  readonly finished?: number;
  /** Why it failed the last time, and when, in milliseconds since the epoch. */
  readonly error?: string;
  readonly failed?: number;
}

export function readCopy(item: Item): StoredCopy {
  const { plain, upload, attempts, copyEtag, finished, error, failed } = item;
  const checksum = readChecksum(item);
  return {
    ...readNamed(item, textOf(item, 'sk')),
    state: textOf(item, 'state') as CopyState,
    isPlain: plain?.BOOL ?? false,
    ...(checksum && { checksum }),
    hasUpload: upload !== undefined,
    openAttempts: attempts?.SS?.length ?? 0,
    ...(copyEtag?.S !== undefined && { copyEtag: copyEtag.S }),
    ...(finished?.N !== undefined && { finished: Number(finished.N) }),
    ...(error?.S !== undefined && { error: error.S }),
    ...(failed?.N !== undefined && { failed: Number(failed.N) }),
  };
}

export function text(value: string): AttributeValue {
  return { S: value };
}

export function number(value: number): AttributeValue {
  return { N: String(value) };
}

/** @throws Error for a row that is none of ours */
function textOf(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new Error(`a row of the ledger has no ${name}`);
  return value;
}
