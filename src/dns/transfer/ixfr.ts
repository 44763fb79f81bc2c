import { foldRdata, readSoa } from '../rdata.ts';
import { RR } from '../rr-types.ts';
import { compareSerial } from '../serial.ts';
import type { WireRecord, Zone } from '../types.ts';
import { AnswerReader, type AnswerSink, type Asked, type Next } from './answer.ts';
import { applyDeltas } from './apply-deltas.ts';
import { atTheEnd, nothing } from './axfr.ts';
import { DeltaChain } from './delta-chain.ts';
import { TransferFault, truncated } from './errors.ts';
import type { TransferMode } from './options.ts';
import { afterTheEnd, isSoaOf, WholeZone } from './whole-zone.ts';

export interface Increment {
  readonly mode: TransferMode;
  readonly zone: Zone;
}

/**
 * Puts the answer to an incremental transfer together (RFC 1995 §4): one SOA, differences, or a whole zone. The base is
 * not trusted: what does not fit it is a fault. Pure, and nothing is applied before the last message is verified.
 */
export class IxfrReader implements AnswerSink<Increment> {
  readonly #answers: AnswerReader;
  readonly #asked: Asked;
  readonly #base: Zone;
  readonly #baseSoa: WireRecord;
  #opening: WireRecord | undefined;
  #assembly: WholeZone | DeltaChain | undefined;
  #isCurrent = false;

  /** @param baseSoa of the base, as it was sent with the query. */
  constructor(asked: Asked, base: Zone, baseSoa: WireRecord) {
    this.#asked = asked;
    this.#answers = new AnswerReader(asked);
    this.#base = base;
    this.#baseSoa = baseSoa;
  }

  /** Records received, the opening SOA included and the closing one not. */
  get records(): number {
    return this.#assembly?.records ?? (this.#opening === undefined ? 0 : 1);
  }

  /** @throws TransferFault */
  take(bytes: Buffer): Next {
    if (this.#isCurrent || this.#assembly?.hasEnded) throw afterTheEnd();
    const { message, verified } = this.#answers.read(bytes);
    const records = this.#withOpening(message.answers);
    if (records !== undefined) {
      this.#assembly ??= this.#assemblyFor(records[1]);
      this.#assembly.take(records);
    }
    return atTheEnd(this.#isCurrent || this.#assembly?.hasEnded === true, verified);
  }

  /**
   * @throws TransferFault also where the differences do not fit the base, and where the one SOA that came is not the
   * base's: the primary has another version and says no more.
   */
  finish(): Increment {
    if (this.#isCurrent) return { mode: 'unchanged', zone: this.#base };
    if (this.#assembly instanceof WholeZone) {
      return { mode: 'axfr', zone: this.#assembly.finish(this.#answers.findings) };
    }
    const chain = this.#assembly?.finish();
    if (chain === undefined) throw truncated();
    if (this.#answers.findings.length > 0) {
      // Which record it was is not known any more: what a full transfer would find cannot be told.
      throw new TransferFault('protocol', 'the differences hold a TTL that is out of range');
    }
    return { mode: 'ixfr', zone: applyDeltas(this.#base, chain.steps, chain.soa) };
  }

  /** The answers with the opening SOA before them, until the second record has told what they are; then as they came. */
  #withOpening(answers: readonly WireRecord[]): readonly WireRecord[] | undefined {
    if (this.#assembly !== undefined) return answers;
    const [opening, ...others] = this.#opening === undefined ? answers : [this.#opening, ...answers];
    if (opening === undefined) throw nothing();
    if (!isSoaOf(this.#asked.zone, opening)) {
      throw new TransferFault('protocol', "the first record is not the zone's SOA");
    }
    if (others.length > 0) return [opening, ...others];
    if (this.#opening === undefined) this.#judgeAlone(opening);
    this.#opening = opening;
    return undefined;
  }

  /**
   * A SOA alone in the first message. Where it is newer than the base, more follows: some send one record a message.
   */
  #judgeAlone(opening: WireRecord): void {
    const { serial } = readSoa(opening.rdata);
    const ours = readSoa(this.#baseSoa.rdata).serial;
    const order = compareSerial(serial, ours);
    if (order === 1) return;
    if (order !== 0) {
      throw new TransferFault('protocol', `the primary is at serial ${serial}, the base at ${ours}`);
    }
    if (foldRdata(RR.SOA, opening.rdata) !== foldRdata(RR.SOA, this.#baseSoa.rdata)) {
      throw new TransferFault('protocol', `the base has serial ${ours} with another SOA`);
    }
    this.#isCurrent = true;
  }

  #assemblyFor(second: WireRecord | undefined): WholeZone | DeltaChain {
    const { zone } = this.#asked;
    const isDifference = second !== undefined && isSoaOf(zone, second);
    return isDifference ? new DeltaChain(zone, this.#baseSoa.rdata) : new WholeZone(zone);
  }
}
