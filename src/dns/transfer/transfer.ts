import { RR } from '../rr-types.ts';
import type { Zone } from '../types.ts';
import { AxfrReader } from './axfr.ts';
import type { TransferCounts } from './errors.ts';
import type { PrimaryOptions } from './options.ts';
import { inquire } from './session.ts';

export interface TransferOptions extends PrimaryOptions {
  /** Called after each message. */
  readonly onProgress?: (counts: Readonly<TransferCounts>) => void;
}

export interface TransferResult {
  readonly zone: Zone;
  readonly serial: number;
  /** The SOA counted once, after duplicates are merged. */
  readonly records: number;
  readonly messages: number;
  /** Octets over TCP, framing included. */
  readonly bytes: number;
  readonly seconds: number;
  readonly mode: 'axfr';
}

/**
 * Gets a whole zone by AXFR over TCP (RFC 5936), verified by TSIG when a key is given (RFC 8945). A transfer that ends
 * early is tried once more, a zone that changes meanwhile three times more.
 *
 * @throws TransferError for anything but a complete, verified zone; DnsSyntaxError for a zone or key name that is none.
 */
export async function transferZone(options: TransferOptions): Promise<TransferResult> {
  const {
    result: zone,
    messages,
    bytes,
    seconds,
  } = await inquire(options, {
    type: RR.AXFR,
    stage: 'axfr',
    open: (asked) => new AxfrReader(asked),
    onProgress: options.onProgress,
  });
  return { zone, serial: zone.soa.serial, records: zone.records, messages, bytes, seconds, mode: 'axfr' };
}
