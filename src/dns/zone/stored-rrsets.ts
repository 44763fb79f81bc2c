import type { Rdata, RRset, RRsetList } from '../types.ts';
import type { RecordStore } from './record-store.ts';

/** RRsets that are made of stored records when they are asked for, each time anew. */
export class StoredRRsets implements RRsetList {
  readonly #store: RecordStore;
  /** Numbers of records, those of a set side by side. */
  readonly #order: Uint32Array;
  /** Where in `#order` each set begins, and where the last one ends. */
  readonly #starts: Uint32Array;

  constructor(store: RecordStore, order: Uint32Array, starts: Uint32Array) {
    this.#store = store;
    this.#order = order;
    this.#starts = starts;
  }

  get length(): number {
    return this.#starts.length - 1;
  }

  at(index: number): RRset | undefined {
    const start = this.#starts[index];
    const end = this.#starts[index + 1];
    if (start === undefined || end === undefined) return undefined;
    const first = this.#order[start] ?? 0;
    const rdata: Rdata[] = [];
    for (let at = start; at < end; at += 1) rdata.push(this.#store.rdata(this.#order[at] ?? 0));
    return { name: this.#store.name(first), type: this.#store.type(first), ttl: this.#store.ttl(first), rdata };
  }

  /** The same set octet for octet; sets that only mean the same are not. */
  isSame(index: number, other: StoredRRsets, otherIndex: number): boolean {
    const start = this.#starts[index] ?? 0;
    const otherStart = other.#starts[otherIndex] ?? 0;
    const count = (this.#starts[index + 1] ?? 0) - start;
    if (count !== (other.#starts[otherIndex + 1] ?? 0) - otherStart) return false;
    for (let at = 0; at < count; at += 1) {
      const record = this.#order[start + at] ?? 0;
      if (!this.#store.isSame(record, other.#store, other.#order[otherStart + at] ?? 0)) return false;
    }
    return true;
  }

  *[Symbol.iterator](): Generator<RRset, void, undefined> {
    for (let index = 0; index < this.length; index += 1) {
      const set = this.at(index);
      if (set !== undefined) yield set;
    }
  }

  map<Result>(make: (set: RRset, index: number) => Result): Result[] {
    const made: Result[] = [];
    for (const set of this) made.push(make(set, made.length));
    return made;
  }

  filter(keep: (set: RRset, index: number) => boolean): RRset[] {
    const kept: RRset[] = [];
    let index = 0;
    for (const set of this) {
      if (keep(set, index)) kept.push(set);
      index += 1;
    }
    return kept;
  }

  find(wanted: (set: RRset, index: number) => boolean): RRset | undefined {
    let index = 0;
    for (const set of this) {
      if (wanted(set, index)) return set;
      index += 1;
    }
    return undefined;
  }

  some(wanted: (set: RRset, index: number) => boolean): boolean {
    return this.find(wanted) !== undefined;
  }

  every(wanted: (set: RRset, index: number) => boolean): boolean {
    return !this.some((set, index) => !wanted(set, index));
  }
}
