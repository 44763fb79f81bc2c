import type { Zone } from '../types.ts';
import { AnswerReader, type AnswerSink, type Asked, type Next } from './answer.ts';
import { TransferFault } from './errors.ts';
import { afterTheEnd, WholeZone } from './whole-zone.ts';

/**
 * Puts the messages of a full transfer together (RFC 5936 §2.2). Pure: it is fed whole messages and knows no socket.
 */
export class AxfrReader implements AnswerSink<Zone> {
  readonly #answers: AnswerReader;
  readonly #zone: WholeZone;

  constructor(asked: Asked) {
    this.#answers = new AnswerReader(asked);
    this.#zone = new WholeZone(asked.zone);
  }

  /** Records received, the opening SOA included and the closing one not. */
  get records(): number {
    return this.#zone.records;
  }

  /** @throws TransferFault */
  take(bytes: Buffer): Next {
    if (this.#zone.hasEnded) throw afterTheEnd();
    const { message, verified } = this.#answers.read(bytes);
    if (this.records === 0 && message.answers.length === 0) throw nothing();
    this.#zone.take(message.answers);
    return atTheEnd(this.#zone.hasEnded, verified);
  }

  /**
   * The zone, once `take` has answered `done` and nothing came after it.
   *
   * @throws TransferFault `zone-changed-during-transfer` when the two SOAs differ.
   */
  finish(): Zone {
    return this.#zone.finish(this.#answers.findings);
  }
}

/** The first message of a transfer without a record. */
export function nothing(): TransferFault {
  return new TransferFault('protocol', 'the answer holds no records', {
    hints: ['Does this server hold the zone itself? A resolver answers like that.'],
  });
}

/** @throws TransferFault where the message that ends a signed stream is not signed. */
export function atTheEnd(hasEnded: boolean, verified: boolean): Next {
  if (!hasEnded) return 'more';
  if (verified) return 'done';
  throw new TransferFault('tsig', 'the last message is not signed', {
    tsigError: 'UNSIGNED',
    hints: ['RFC 8945 §5.3.1 wants the last message of a signed stream signed: look at the primary.'],
  });
}
