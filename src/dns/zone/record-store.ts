import type { Rdata, WireName, WireRecord } from '../types.ts';
import { areEqual, compareNamesIn, endOfName } from './names-in-octets.ts';

/** What a new store has room for; room is doubled when it is used up. */
const FIRST_RECORDS = 64;
const FIRST_OCTETS = 4_096;

/** Records as octets and columns of numbers: 16 octets a record beside its owner and RDATA. Counted from 0 as they come. */
export class RecordStore {
  #octets = Buffer.allocUnsafeSlow(FIRST_OCTETS);
  #used = 0;
  #count = 0;
  /** Where the owner begins; neighbours with one owner share it. */
  #owners = new Uint32Array(FIRST_RECORDS);
  /** Where the RDATA begins. */
  #rdata = new Uint32Array(FIRST_RECORDS);
  #lengths = new Uint16Array(FIRST_RECORDS);
  #types = new Uint16Array(FIRST_RECORDS);
  #ttls = new Uint32Array(FIRST_RECORDS);
  /** Of the last record. */
  #name: WireName | undefined;
  #owner = 0;
  #sorted = true;

  add({ name, type, ttl, rdata }: WireRecord): void {
    if (this.#count === this.#types.length) this.#growColumns();
    const index = this.#count;
    this.#count += 1;
    if (name !== this.#name) {
      const last = this.#owner;
      this.#owner = this.#append(name);
      this.#name = name;
      if (index > 0 && compareNamesIn(this.#octets, last, this.#owner) > 0) this.#sorted = false;
    }
    this.#owners[index] = this.#owner;
    this.#rdata[index] = this.#append(rdata);
    this.#lengths[index] = rdata.length;
    this.#types[index] = type;
    this.#ttls[index] = ttl;
  }

  name(index: number): WireName {
    const start = this.#owners[index] ?? 0;
    return this.#octets.toString('latin1', start, endOfName(this.#octets, start));
  }

  rdata(index: number): Rdata {
    const start = this.#rdata[index] ?? 0;
    return this.#octets.toString('latin1', start, start + (this.#lengths[index] ?? 0));
  }

  type(index: number): number {
    return this.#types[index] ?? 0;
  }

  ttl(index: number): number {
    return this.#ttls[index] ?? 0;
  }

  setTtl(index: number, ttl: number): void {
    this.#ttls[index] = ttl;
  }

  /** Of records that `inOrder` has put side by side. */
  areOfOneSet(a: number, b: number): boolean {
    return this.#owners[a] === this.#owners[b] && this.#types[a] === this.#types[b];
  }

  /** The numbers of all records in canonical order of their owners, then by type, then as they came. */
  inOrder(): Uint32Array {
    const order = new Uint32Array(this.#count);
    for (let index = 0; index < order.length; index += 1) order[index] = index;
    if (!this.#sorted) this.#sortByOwner(order);
    for (let start = 0, end = 0; start < order.length; start = end) {
      const owner = this.#owners[order[start] ?? 0];
      end = start + 1;
      while (end < order.length && this.#owners[order[end] ?? 0] === owner) end += 1;
      if (end - start > 1) order.subarray(start, end).sort((a, b) => this.type(a) - this.type(b) || a - b);
    }
    return order;
  }

  /** The same owner, type, TTL and RDATA, octet for octet. */
  isSame(index: number, other: RecordStore, otherIndex: number): boolean {
    const [octets, otherOctets] = [this.#octets, other.#octets];
    const length = this.#lengths[index] ?? 0;
    const owner = this.#owners[index] ?? 0;
    return (
      length === other.#lengths[otherIndex] &&
      this.#types[index] === other.#types[otherIndex] &&
      this.#ttls[index] === other.#ttls[otherIndex] &&
      areEqual(octets, this.#rdata[index] ?? 0, otherOctets, other.#rdata[otherIndex] ?? 0, length) &&
      // Names end themselves: what is equal up to the end of one is the whole other.
      areEqual(octets, owner, otherOctets, other.#owners[otherIndex] ?? 0, endOfName(octets, owner) - owner)
    );
  }

  #sortByOwner(order: Uint32Array): void {
    const compare = (a: number, b: number): number =>
      compareNamesIn(this.#octets, this.#owners[a] ?? 0, this.#owners[b] ?? 0);
    // Array's sort, unlike that of typed arrays, makes use of what is in order already.
    order.set([...order].sort(compare));
    let last = order[0] ?? 0;
    for (const index of order) {
      if (compare(index, last) === 0) this.#owners[index] = this.#owners[last] ?? 0;
      last = index;
    }
  }

  #append(octets: string): number {
    const start = this.#used;
    this.#used += octets.length;
    if (this.#used > this.#octets.length) {
      const roomier = Buffer.allocUnsafeSlow(Math.max(this.#used, 2 * this.#octets.length));
      this.#octets.copy(roomier, 0, 0, start);
      this.#octets = roomier;
    }
    // In a loop: `write` costs more than the few dozen octets of most names and values do.
    for (let at = 0; at < octets.length; at += 1) this.#octets[start + at] = octets.charCodeAt(at);
    return start;
  }

  #growColumns(): void {
    const room = 2 * this.#count;
    this.#owners = copied(this.#owners, new Uint32Array(room));
    this.#rdata = copied(this.#rdata, new Uint32Array(room));
    this.#lengths = copied(this.#lengths, new Uint16Array(room));
    this.#types = copied(this.#types, new Uint16Array(room));
    this.#ttls = copied(this.#ttls, new Uint32Array(room));
  }
}

function copied<Column extends Uint16Array | Uint32Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
