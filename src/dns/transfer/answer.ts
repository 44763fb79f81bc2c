import { foldName } from '../name.ts';
import type { AnswerVerifier } from '../tsig/verify.ts';
import type { WireName, ZoneFinding } from '../types.ts';
import { type Message, readMessage } from '../wire/message.ts';
import { CLASS, OPCODE, RCODE, rcodeName } from '../wire/protocol.ts';
import { asFault, TransferFault } from './errors.ts';
import { rcodeHints } from './hints.ts';

/** The query whose answer is read. */
export interface Asked {
  readonly id: number;
  /** The name in the question, of a transfer the zone's; folded. */
  readonly zone: WireName;
  readonly type: number;
  /** Present when the query was signed. */
  readonly verifier?: AnswerVerifier | undefined;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** NXDOMAIN is an answer to this query: it says that there is nothing. */
  readonly mayBeNothing?: boolean;
}

/** What the reader of an answer wants next: more messages, or the end of the connection. */
export type Next = 'more' | 'done';

/** Takes the messages of one answer and makes something of them. */
export interface AnswerSink<Result> {
  /** Records taken so far. */
  readonly records: number;
  /** @throws TransferFault */
  take(message: Buffer): Next;
  /** @throws TransferFault */
  finish(): Result;
}

export interface Answer {
  readonly message: Message;
  /** Nothing of this message or of the ones before may be used while this is false. */
  readonly verified: boolean;
}

/** Reads the messages that answer one query and refuses what is not an answer to it. Pure: octets in. */
export class AnswerReader {
  readonly #asked: Asked;
  readonly findings: ZoneFinding[] = [];
  #first = true;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  /** @throws TransferFault */
  read(bytes: Buffer): Answer {
    const message = this.#decode(bytes);
    this.#checkHeader(message);
    this.#checkQuestion(message);
    const verified = this.#verify(bytes, message);
    if (this.#isRefusal(message)) throw this.#refused(message, []);
    this.#first = false;
    return { message, verified };
  }

  #decode(bytes: Buffer): Message {
    try {
      return readMessage(bytes, this.findings);
    } catch (error) {
      throw asFault(error);
    }
  }

  #checkHeader(message: Message): void {
    if (!message.response) throw new TransferFault('protocol', 'a query came where an answer belongs');
    if (message.id !== this.#asked.id) {
      throw new TransferFault('protocol', `the answer has id ${message.id}, the query ${this.#asked.id}`);
    }
    if (message.opcode !== OPCODE.QUERY) {
      throw new TransferFault('protocol', `the answer has opcode ${message.opcode}, the query ${OPCODE.QUERY}`);
    }
    if (message.truncated) throw new TransferFault('protocol', 'the answer is marked truncated (TC), though over TCP');
  }

  #checkQuestion(message: Message): void {
    const { question } = message;
    if (question === undefined) {
      // RFC 5936 §2.2.1: the first message repeats the question, later ones may; errors often do not.
      if (!this.#first || this.#isRefusal(message)) return;
      throw new TransferFault('protocol', 'the first message does not repeat the question');
    }
    const same =
      foldName(question.name) === this.#asked.zone && question.type === this.#asked.type && question.class === CLASS.IN;
    if (!same) throw new TransferFault('protocol', 'the answer is to another question');
  }

  #verify(bytes: Buffer, message: Message): boolean {
    const { verifier } = this.#asked;
    if (verifier === undefined) return true;
    const refused = this.#isRefusal(message);
    if (refused && message.tsig === undefined) {
      throw this.#refused(message, ['The answer is not signed though the query was: it may come from somebody else.']);
    }
    try {
      return verifier.verify(bytes, message, Math.floor(this.#asked.now() / 1000));
    } catch (error) {
      throw asFault(error, refused ? rcodeName(message.rcode) : undefined);
    }
  }

  #isRefusal({ rcode }: Message): boolean {
    return rcode !== RCODE.NOERROR && !(rcode === RCODE.NXDOMAIN && this.#asked.mayBeNothing === true);
  }

  #refused(message: Message, hints: readonly string[]): TransferFault {
    const signed = this.#asked.verifier !== undefined;
    const rcode = rcodeName(message.rcode);
    // A single answer is anybody's to give: a resolver's, a name server's.
    const who = this.#asked.mayBeNothing === true ? 'the server' : 'the primary';
    return new TransferFault('rcode', `${who} answers ${rcode}`, {
      rcode,
      tsigError: signed && message.tsig === undefined ? 'UNSIGNED' : undefined,
      hints: [...rcodeHints(message.rcode, this.#asked.type, signed), ...hints],
    });
  }
}
