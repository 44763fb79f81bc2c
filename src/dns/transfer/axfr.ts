import { formatName, isAtOrBelow } from '../name.ts';
import { foldRdata } from '../rdata.ts';
import { RR } from '../rr-types.ts';
import type { WireRecord, Zone } from '../types.ts';
import { ZoneBuilder } from '../zone.ts';
import { AnswerReader, type AnswerSink, type Asked, type Next } from './answer.ts';
import { TransferFault, truncated } from './errors.ts';

/**
 * Puts the messages of a full transfer together (RFC 5936 §2.2): opening SOA, records, the same SOA again. Pure: it is
 * fed whole messages and knows no socket.
 */
export class AxfrReader implements AnswerSink<Zone> {
  readonly #answers: AnswerReader;
  readonly #asked: Asked;
  readonly #zone = new ZoneBuilder();
  #records = 0;
  #opening: WireRecord | undefined;
  #closing: WireRecord | undefined;

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#answers = new AnswerReader(asked);
  }

  /** Records received, the opening SOA included and the closing one not. */
  get records(): number {
    return this.#records;
  }

  /** @throws TransferFault */
  take(bytes: Buffer): Next {
    if (this.#closing !== undefined) throw afterTheEnd();
    const { message, verified } = this.#answers.read(bytes);
    if (this.#opening === undefined && message.answers.length === 0) {
      throw new TransferFault('protocol', 'the answer holds no records', {
        hints: ['Does this server hold the zone itself? A resolver answers like that.'],
      });
    }
    for (const record of message.answers) this.#check(record);
    if (this.#closing === undefined) return 'more';
    if (!verified) {
      throw new TransferFault('tsig', 'the last message is not signed', {
        tsigError: 'UNSIGNED',
        hints: ['RFC 8945 §5.3.1 wants the last message of a signed stream signed: look at the primary.'],
      });
    }
    return 'done';
  }

  /**
   * The zone, once `take` has answered `done` and nothing came after it.
   *
   * @throws TransferFault `zone-changed-during-transfer` when the two SOAs differ.
   */
  finish(): Zone {
    if (this.#opening === undefined || this.#closing === undefined) throw truncated();
    if (foldRdata(RR.SOA, this.#opening.rdata) !== foldRdata(RR.SOA, this.#closing.rdata)) {
      throw new TransferFault('zone-changed-during-transfer', 'its SOA at the end is not the one at the beginning', {
        hints: ['The zone was changed on the primary while it was sent: try again in a moment.'],
      });
    }
    return this.#zone.build(this.#asked.zone, this.#answers.findings);
  }

  #check(record: WireRecord): void {
    const { zone } = this.#asked;
    if (this.#closing !== undefined) throw afterTheEnd();
    if (this.#opening === undefined) {
      if (record.type !== RR.SOA || record.name !== zone) {
        throw new TransferFault('protocol', "the first record is not the zone's SOA");
      }
      this.#opening = record;
    } else if (record.type === RR.SOA) {
      if (record.name !== zone) throw misplaced(record, 'a SOA stands below the top of the zone');
      this.#closing = record;
      return;
    }
    if (!isAtOrBelow(record.name, zone)) throw misplaced(record, 'a record lies outside the zone');
    this.#zone.add(record);
    this.#records += 1;
  }
}

function afterTheEnd(): TransferFault {
  return new TransferFault('protocol', "records follow the zone's second SOA");
}

function misplaced(record: WireRecord, what: string): TransferFault {
  return new TransferFault('protocol', `${what}: ${formatName(record.name, 'decimal')}`, {
    hints: ['The primary serves data that does not belong to the zone: look at its zone file.'],
  });
}
