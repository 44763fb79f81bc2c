import { formatName } from '../name.ts';
import { RR, typeName } from '../rr-types.ts';
import { RRsetDraft } from '../rrset-draft.ts';
import type { RRset, WireRecord, ZoneFinding } from '../types.ts';
import { TransferFault } from './errors.ts';

/**
 * One RRset of the base that differences touch.
 *
 * The base has one TTL a set, the primary may have one a record (RFC 2181 §5.2 forbids it, and it happens): the lowest
 * was taken. Where that may be so, the TTL of records that stay is not known, and the set cannot be worked out.
 */
export class TouchedSet {
  readonly draft: RRsetDraft;
  readonly #kept: Set<object>;
  /** Records of the base may have other TTLs at the primary. */
  #isDoubtful: boolean;
  /** A record with the base's TTL was deleted: perhaps the one that made it the lowest. */
  #lostLowest = false;

  /** @param isMerged what the base says of the set is not what was sent. */
  constructor(place: Pick<RRset, 'name' | 'type'>, base: RRset | undefined, isMerged: boolean) {
    this.draft = new RRsetDraft(place);
    this.#isDoubtful = isMerged;
    const known = (base?.rdata ?? []).map((rdata) => ({ rdata, ttl: base?.ttl ?? 0 }));
    this.#kept = new Set(known.filter((entry) => this.draft.add(entry)));
  }

  /** @throws TransferFault for a record that is not there. */
  delete(record: WireRecord): void {
    const entry = this.draft.remove(record);
    if (entry === undefined) throw unfit(record, 'deletes a record that the base does not hold');
    if (!this.#kept.delete(entry)) return;
    if (record.ttl <= entry.ttl) this.#lostLowest = true;
    if (record.ttl !== entry.ttl && record.type !== RR.RRSIG) this.#isDoubtful = true;
  }

  /** @throws TransferFault for a record that is there. */
  add(record: WireRecord): void {
    if (!this.draft.add(record)) throw unfit(record, 'adds a record that the base holds already');
  }

  /**
   * The set as a full transfer would give it, and what a full transfer would find.
   *
   * @throws TransferFault where its TTL cannot be told.
   */
  finish(): { readonly set: RRset | undefined; readonly finding?: ZoneFinding } {
    const set = this.draft.build();
    if (set === undefined) return { set };
    const { name, type, ttl } = set;
    if (!this.#isCertain(ttl)) throw unfit(set, 'leaves records whose TTL is not known');
    const highest = this.draft.entries().reduce((most, entry) => Math.max(most, entry.ttl), 0);
    if (highest === ttl || type === RR.RRSIG) return { set };
    const detail = `The records have TTLs from ${ttl} to ${highest}; the lowest is taken.`;
    return { set, finding: { code: 'ttl-mismatch', name, type, detail } };
  }

  /** Is this the lowest TTL of the set at the primary? */
  #isCertain(ttl: number): boolean {
    if (this.#kept.size === 0) return true;
    if (this.#isDoubtful) return false;
    // Signatures of one owner are no set: each has the TTL of what it signs (RFC 4034 §3).
    if (this.draft.type !== RR.RRSIG || !this.#lostLowest) return true;
    return this.draft.entries().some((entry) => entry.ttl === ttl && !this.#kept.has(entry));
  }
}

function unfit({ name, type }: Pick<RRset, 'name' | 'type'>, what: string): TransferFault {
  return new TransferFault('protocol', `the difference ${what}: ${formatName(name, 'decimal')} ${typeName(type)}`);
}
