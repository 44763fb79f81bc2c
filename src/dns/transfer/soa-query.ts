import { readSoa } from '../rdata.ts';
import { RR } from '../rr-types.ts';
import type { Soa } from '../types.ts';
import { AnswerReader, type AnswerSink, type Asked } from './answer.ts';
import { TransferFault, truncated } from './errors.ts';
import type { PrimaryOptions } from './options.ts';
import { inquire, openSession } from './session.ts';

/**
 * Asks a primary for a zone's SOA, over TCP as the transfer that may follow.
 *
 * @throws TransferError; DnsSyntaxError for a zone or key name that is none.
 */
export async function querySoa(options: PrimaryOptions): Promise<Soa> {
  const { result } = await inquire(openSession(options, options.zone), {
    type: RR.SOA,
    stage: 'soa',
    retries: { 'transfer-truncated': 1 },
    open: openSoaSink,
  });
  return result;
}

function openSoaSink(asked: Asked): AnswerSink<Soa> {
  const answers = new AnswerReader(asked);
  let soa: Soa | undefined;
  return {
    get records() {
      return soa === undefined ? 0 : 1;
    },
    take(bytes) {
      const { message } = answers.read(bytes);
      const record = message.answers.find(({ name, type }) => type === RR.SOA && name === asked.zone);
      if (record === undefined) {
        throw new TransferFault('protocol', "the answer does not hold the zone's SOA", {
          hints: ['Is this the name of the zone itself, and not of something in it or above it?'],
        });
      }
      soa = readSoa(record.rdata);
      return 'done';
    },
    finish() {
      if (soa === undefined) throw truncated();
      return soa;
    },
  };
}
