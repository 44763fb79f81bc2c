import { RR } from '../../src/dns/rr-types.ts';
import { AxfrReader } from '../../src/dns/transfer/axfr.ts';
import type { AnswerSink } from '../../src/dns/transfer/answer.ts';
import { IxfrReader } from '../../src/dns/transfer/ixfr.ts';
import { openKey } from '../../src/dns/tsig/key.ts';
import { signQuery } from '../../src/dns/tsig/sign.ts';
import { AnswerVerifier } from '../../src/dns/tsig/verify.ts';
import type { WireRecord, Zone } from '../../src/dns/types.ts';
import { readMessage } from '../../src/dns/wire/message.ts';
import { writeQuery } from '../../src/dns/wire/writer.ts';
import { buildZone } from '../../src/dns/zone.ts';
import { sparseSigner } from './sparse-signer.ts';
import { record, reply, soa, ZONE } from './wire.ts';

const ID = 7;
const TIME = 1000;
const KEY = openKey({ name: 'xfr', algorithm: 'hmac-sha256', secret: Buffer.from('secret') });

const OLD = [record('@ 300 NS ns1'), record('ns1 300 A 192.0.2.1'), record('www 300 A 192.0.2.2')];
const NEW = [
  record('@ 300 NS ns1'),
  record('ns1 300 A 192.0.2.1'),
  record('www 60 A 192.0.2.3'),
  record('mx 300 MX 10 mail'),
  record('*.wild 300 TXT "a" "b"'),
];
const BASE = buildZone(ZONE, [soa(5), ...OLD]);
const WHOLE = [soa(6), ...NEW, soa(6)];
const DIFFERENCES = [soa(6), soa(5), ...OLD.slice(2), soa(6), ...NEW.slice(2), soa(6)];

/** The messages of one transfer, and what reads them. */
export interface Stream {
  readonly what: string;
  readonly messages: readonly Buffer[];
  /** Signed: whatever arrives unaltered must be exactly this, and what is altered must not arrive. */
  readonly zone: Zone | undefined;
  open(): AnswerSink<unknown>;
}

/** Whole zones and differences, signed, signed with gaps and not signed, three records a message and one. */
export function transferStreams(): Stream[] {
  const zone = buildZone(ZONE, [soa(6), ...NEW]);
  return [RR.AXFR, RR.IXFR].flatMap((type) =>
    [1, 3].flatMap((size) =>
      ['unsigned', 'signed', 'gaps'].flatMap((signing) => {
        const query = writeQuery(ID, ZONE, type);
        const request = signQuery(query, KEY, TIME);
        const isSigned = signing !== 'unsigned';
        const answers = type === RR.AXFR ? WHOLE : DIFFERENCES;
        const plain = inMessages(isSigned ? request.bytes : query, answers, size);
        const signer = sparseSigner(KEY, request.mac, TIME);
        const messages = plain.map((message, index) => {
          if (!isSigned) return message;
          const hasGap = signing === 'gaps' && index % 2 === 1 && index < plain.length - 1;
          return signer[hasGap ? 'skip' : 'sign'](message);
        });
        const open = (): AnswerSink<unknown> => {
          const verifier = isSigned ? new AnswerVerifier(KEY, request.mac) : undefined;
          const asked = { id: ID, zone: ZONE, type, now: () => TIME * 1000, verifier };
          return type === RR.AXFR ? new AxfrReader(asked) : new IxfrReader(asked, BASE, soa(5));
        };
        return { what: `${type} ${signing} by ${size}`, messages, zone: isSigned ? zone : undefined, open };
      }),
    ),
  );
}

function inMessages(query: Buffer, answers: readonly WireRecord[], size: number): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < answers.length; at += size) {
    messages.push(reply(readMessage(query), answers.slice(at, at + size)));
  }
  return messages;
}
