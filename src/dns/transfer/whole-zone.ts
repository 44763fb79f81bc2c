import { formatName, isAtOrBelow } from '../name.ts';
import { foldRdata } from '../rdata.ts';
import { RR } from '../rr-types.ts';
import type { WireName, WireRecord, Zone, ZoneFinding } from '../types.ts';
import { ZoneBuilder } from '../zone.ts';
import { TransferFault, truncated } from './errors.ts';

/** The records of one answer, put together to what they mean. */
export interface Assembly {
  /** Records taken, the opening SOA included and the closing one not. */
  readonly records: number;
  /** The closing SOA is there. */
  readonly hasEnded: boolean;
  /** @throws TransferFault for a record that cannot stand where it does. */
  take(records: readonly WireRecord[]): void;
}

/** A zone as a full transfer sends it (RFC 5936 §2.2): opening SOA, records, the same SOA again. */
export class WholeZone implements Assembly {
  readonly #zone: WireName;
  readonly #builder = new ZoneBuilder();
  #records = 0;
  #opening: WireRecord | undefined;
  #closing: WireRecord | undefined;

  constructor(zone: WireName) {
    this.#zone = zone;
  }

  get records(): number {
    return this.#records;
  }

  get hasEnded(): boolean {
    return this.#closing !== undefined;
  }

  take(records: readonly WireRecord[]): void {
    for (const record of records) this.#check(record);
  }

  /**
   * The zone, once it has ended.
   *
   * @throws TransferFault `zone-changed-during-transfer` when the two SOAs differ.
   */
  finish(findings: readonly ZoneFinding[]): Zone {
    if (this.#opening === undefined || this.#closing === undefined) throw truncated();
    if (foldRdata(RR.SOA, this.#opening.rdata) !== foldRdata(RR.SOA, this.#closing.rdata)) {
      throw new TransferFault('zone-changed-during-transfer', 'its SOA at the end is not the one at the beginning', {
        hints: ['The zone was changed on the primary while it was sent: try again in a moment.'],
      });
    }
    return this.#builder.build(this.#zone, findings);
  }

  #check(record: WireRecord): void {
    if (this.#closing !== undefined) throw afterTheEnd();
    if (this.#opening === undefined) {
      if (!isSoaOf(this.#zone, record)) {
        throw new TransferFault('protocol', "the first record is not the zone's SOA");
      }
      this.#opening = record;
    } else if (record.type === RR.SOA) {
      if (record.name !== this.#zone) throw misplaced(record, 'a SOA stands below the top of the zone');
      this.#closing = record;
      return;
    }
    if (!isAtOrBelow(record.name, this.#zone)) throw misplaced(record, 'a record lies outside the zone');
    this.#builder.add(record);
    this.#records += 1;
  }
}

export function isSoaOf(zone: WireName, record: WireRecord): boolean {
  return record.type === RR.SOA && record.name === zone;
}

export function afterTheEnd(): TransferFault {
  return new TransferFault('protocol', "records follow the zone's second SOA");
}

export function misplaced(record: WireRecord, what: string): TransferFault {
  return new TransferFault('protocol', `${what}: ${formatName(record.name, 'decimal')}`, {
    hints: ['The primary serves data that does not belong to the zone: look at its zone file.'],
  });
}
