import { foldRdata } from './rdata.ts';
import type { Rdata, RRset, WireName, WireRecord } from './types.ts';

type Entry = Pick<WireRecord, 'rdata' | 'ttl'>;

/** One RRset while records come and go: each keeps its own TTL until the set is whole. */
export class RRsetDraft {
  readonly name: WireName;
  readonly type: number;
  /** By what records compare by (RFC 4034 §6.3). */
  readonly #entries = new Map<Rdata, Entry>();

  constructor({ name, type }: Pick<RRset, 'name' | 'type'>) {
    this.name = name;
    this.type = type;
  }

  /** False: it is there already, and stays as it is. */
  add(entry: Entry): boolean {
    const key = foldRdata(this.type, entry.rdata);
    if (this.#entries.has(key)) return false;
    this.#entries.set(key, entry);
    return true;
  }

  /** What was taken out: the very object that was added. TTLs are not compared. */
  remove({ rdata }: Entry): Entry | undefined {
    const key = foldRdata(this.type, rdata);
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    return entry;
  }

  entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** The set in canonical order with its lowest TTL; nothing where no record is left. */
  build(): RRset | undefined {
    if (this.#entries.size === 0) return undefined;
    const ordered = [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1));
    const ttl = ordered.reduce((lowest, [, entry]) => Math.min(lowest, entry.ttl), Infinity);
    return { name: this.name, type: this.type, ttl, rdata: ordered.map(([, { rdata }]) => rdata) };
  }
}
