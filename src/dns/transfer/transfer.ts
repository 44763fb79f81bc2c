import { formatName } from '../name.ts';
import { RR } from '../rr-types.ts';
import type { WireRecord, Zone } from '../types.ts';
import { AxfrReader } from './axfr.ts';
import { type TransferCounts, TransferError } from './errors.ts';
import { type Increment, IxfrReader } from './ixfr.ts';
import type { PrimaryOptions, TransferMode } from './options.ts';
import { inquire, openSession, type Reply, type Retries, type Session } from './session.ts';

export interface TransferOptions extends PrimaryOptions {
  /**
   * An earlier version of the zone: the primary is asked for what changed since (RFC 1995). It stays as it is, and is
   * not trusted: where it does not fit, the zone is transferred whole.
   */
  readonly base?: Zone | undefined;
  /** Called after each message. */
  readonly onProgress?: (counts: Readonly<TransferCounts>) => void;
}

export interface TransferResult {
  readonly zone: Zone;
  readonly serial: number;
  /** The SOA counted once, after duplicates are merged. */
  readonly records: number;
  /** Of the attempt that succeeded, as `bytes`. */
  readonly messages: number;
  /** Octets over TCP, framing included. */
  readonly bytes: number;
  /** For the whole, attempts that failed included. */
  readonly seconds: number;
  /** `unchanged`: the base is current, and `zone` is the base. */
  readonly mode: TransferMode;
  /** Why there is a whole zone though a base was given: a sentence. Absent where the primary chose to send it whole. */
  readonly ixfrFailed?: string;
}

/** Specification "Failure table". */
const AXFR_RETRIES: Retries = { 'transfer-truncated': 1, 'zone-changed-during-transfer': 3 };

type Progress = TransferOptions['onProgress'];

/**
 * Gets a zone over TCP, verified by TSIG when a key is given (RFC 8945): whole by AXFR (RFC 5936), or with a base what
 * changed since by IXFR (RFC 1995). Any trouble with the latter leads to a full transfer on a fresh connection at once.
 * A full transfer that ends early is tried once more, a zone that changes meanwhile three times more.
 *
 * @throws TransferError for anything but a complete, verified zone; DnsSyntaxError for a zone or key name that is none.
 */
export async function transferZone(options: TransferOptions): Promise<TransferResult> {
  const session = openSession(options, options.zone);
  const { base, onProgress } = options;
  if (base === undefined) return transferWhole(session, onProgress);
  const soa = soaOf(base, session);
  if (soa === undefined) {
    const ixfrFailed = `The base is of another zone: ${formatName(base.origin, 'decimal')}`;
    return { ...(await transferWhole(session, onProgress)), ixfrFailed };
  }
  try {
    return await transferSince(session, base, soa, onProgress);
  } catch (error) {
    if (!isTroubleWithBase(error)) throw error;
    return { ...(await transferWhole(session, onProgress)), ixfrFailed: error.message };
  }
}

async function transferWhole(session: Session, onProgress: Progress): Promise<TransferResult> {
  const reply = await inquire<Zone>(session, {
    type: RR.AXFR,
    stage: 'axfr',
    retries: AXFR_RETRIES,
    open: (asked) => new AxfrReader(asked),
    onProgress,
  });
  return resultOf({ ...reply, result: { mode: 'axfr', zone: reply.result } });
}

async function transferSince(
  session: Session,
  base: Zone,
  soa: WireRecord,
  onProgress: Progress,
): Promise<TransferResult> {
  const reply = await inquire<Increment>(session, {
    type: RR.IXFR,
    stage: 'ixfr',
    retries: {},
    extras: { authority: [soa] },
    open: (asked) => new IxfrReader(asked, base, soa),
    onProgress,
  });
  return resultOf(reply);
}

function resultOf({ result, messages, bytes, seconds }: Reply<Increment>): TransferResult {
  const { zone, mode } = result;
  return { zone, serial: zone.soa.serial, records: zone.records, messages, bytes, seconds, mode };
}

function soaOf(base: Zone, { name }: Session): WireRecord | undefined {
  const set = base.rrsets.find((one) => one.type === RR.SOA && one.name === name);
  const [rdata] = set?.rdata ?? [];
  return set === undefined || rdata === undefined ? undefined : { name, type: RR.SOA, ttl: set.ttl, rdata };
}

/** Where no connection stood, and where time is over, a full transfer would meet the same. */
function isTroubleWithBase(error: unknown): error is TransferError {
  if (!(error instanceof TransferError) || error.stage === 'connect') return false;
  return error.budget !== 'total' && error.budget !== 'out-of-time';
}
