import { isAtOrBelow } from '../name.ts';
import { foldRdata, readSoa } from '../rdata.ts';
import { RR } from '../rr-types.ts';
import { compareSerial } from '../serial.ts';
import type { Rdata, WireName, WireRecord } from '../types.ts';
import { TransferFault } from './errors.ts';
import { afterTheEnd, type Assembly, isSoaOf, misplaced } from './whole-zone.ts';

/** From one version of a zone to the next; the SOAs left out. */
export interface DeltaStep {
  readonly deletes: readonly WireRecord[];
  readonly adds: readonly WireRecord[];
}

/**
 * Differences as an incremental transfer sends them (RFC 1995 §4): SOA(new), {SOA(old) deletes SOA(next) adds}*,
 * SOA(new). Every step begins at the version where the one before ended, the first at the base.
 */
export class DeltaChain implements Assembly {
  readonly #zone: WireName;
  /** SOA of the version that is reached, as it compares. */
  #reached: Rdata;
  #opening: WireRecord | undefined;
  #part: 'opening' | 'step' | 'deletes' | 'adds' = 'opening';
  #hasEnded = false;
  #deletes: WireRecord[] = [];
  #adds: WireRecord[] = [];
  readonly #steps: DeltaStep[] = [];
  #records = 0;

  /** @param base RDATA of the base's SOA. */
  constructor(zone: WireName, base: Rdata) {
    this.#zone = zone;
    this.#reached = foldRdata(RR.SOA, base);
  }

  get records(): number {
    return this.#records;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  take(records: readonly WireRecord[]): void {
    for (const record of records) this.#take(record);
  }

  /** The steps and the SOA that they lead to; undefined before the end. */
  finish(): { readonly steps: readonly DeltaStep[]; readonly soa: WireRecord } | undefined {
    if (this.#opening === undefined || !this.#hasEnded) return undefined;
    return { steps: this.#steps, soa: this.#opening };
  }

  #take(record: WireRecord): void {
    if (this.#hasEnded) throw afterTheEnd();
    if (isSoaOf(this.#zone, record)) {
      this.#turn(record);
    } else {
      if (record.type === RR.SOA) throw misplaced(record, 'a SOA stands below the top of the zone');
      if (!isAtOrBelow(record.name, this.#zone)) throw misplaced(record, 'a record lies outside the zone');
      if (this.#part === 'deletes') this.#deletes.push(record);
      else if (this.#part === 'adds') this.#adds.push(record);
      else throw notLinked('a record stands where a SOA belongs');
    }
    if (!this.#hasEnded) this.#records += 1;
  }

  /** A SOA of the zone: it says where the next part begins. */
  #turn(record: WireRecord): void {
    const soa = foldRdata(RR.SOA, record.rdata);
    switch (this.#part) {
      case 'opening':
        this.#opening = record;
        this.#part = 'step';
        return;
      case 'step':
        if (soa !== this.#reached) throw notLinked('it does not begin at the version that is here');
        this.#part = 'deletes';
        return;
      case 'deletes':
        if (!isNewer(soa, this.#reached)) throw notLinked('a step does not lead to a newer version');
        this.#reached = soa;
        this.#part = 'adds';
        return;
      case 'adds':
        if (soa !== this.#reached) throw notLinked('a step does not begin where the one before ended');
        this.#steps.push({ deletes: this.#deletes, adds: this.#adds });
        this.#deletes = [];
        this.#adds = [];
        this.#part = 'deletes';
        this.#hasEnded = this.#opening !== undefined && sameSoa(record, this.#opening);
    }
  }
}

function sameSoa(a: WireRecord, b: WireRecord): boolean {
  return a.ttl === b.ttl && foldRdata(RR.SOA, a.rdata) === foldRdata(RR.SOA, b.rdata);
}

function isNewer(soa: Rdata, than: Rdata): boolean {
  return compareSerial(readSoa(soa).serial, readSoa(than).serial) === 1;
}

function notLinked(why: string): TransferFault {
  return new TransferFault('protocol', `the chain of differences is broken: ${why}`);
}
