import { describe, expect, it } from 'vitest';

import { capturedMessages, record, reply, soa, ZONE } from '../../../test/support/wire.ts';
import { parseName } from '../name.ts';
import { RR } from '../rr-types.ts';
import { openKey } from '../tsig/key.ts';
import { checkRequest } from '../tsig/serve.ts';
import { signQuery } from '../tsig/sign.ts';
import { AnswerVerifier } from '../tsig/verify.ts';
import type { WireRecord, Zone } from '../types.ts';
import { readMessage } from '../wire/message.ts';
import type { OutgoingMessage } from '../wire/writer.ts';
import { writeQuery } from '../wire/writer.ts';
import { AxfrReader } from './axfr.ts';
import { TransferFault } from './errors.ts';

const ID = 7;
const QUERY = readMessage(writeQuery(ID, ZONE, RR.AXFR));
const NS = record('@ 300 NS ns1');
const A = record('www 300 A 192.0.2.1');

function message(answers: readonly WireRecord[], changes: Partial<OutgoingMessage> = {}): Buffer {
  return reply(QUERY, answers, changes);
}

function read(messages: readonly Buffer[], verifier?: AnswerVerifier): Zone {
  const reader = new AxfrReader({ id: ID, zone: ZONE, type: RR.AXFR, now: () => 0, verifier });
  for (const bytes of messages) reader.take(bytes);
  return reader.finish();
}

function fault(messages: readonly Buffer[], verifier?: AnswerVerifier): Pick<TransferFault, 'code' | 'detail'> {
  try {
    read(messages, verifier);
  } catch (error) {
    if (error instanceof TransferFault) return error;
    throw error;
  }
  throw new Error('a fault was expected');
}

describe('AxfrReader', () => {
  it.each([
    { what: 'everything in one message', messages: [message([soa(1), NS, A, soa(1)])] },
    { what: 'one record a message', messages: [soa(1), NS, A, soa(1)].map((one) => message([one])) },
    {
      what: 'no question after the first message',
      messages: [message([soa(1), NS]), message([A, soa(1)], { question: undefined })],
    },
    { what: 'AA clear', messages: [message([soa(1), NS, A, soa(1)], { flags: 0x8000 })] },
    {
      what: 'the SOA alone in the first and last message',
      messages: [[soa(1)], [NS, A], [soa(1)]].map((all) => message(all)),
    },
    { what: 'duplicates', messages: [message([soa(1), NS, A, A, NS, soa(1)])] },
    { what: 'an empty message in between', messages: [message([soa(1), NS]), message([]), message([A, soa(1)])] },
    {
      what: 'a question in other letter case',
      messages: [
        message([soa(1), NS, A, soa(1)], {
          question: { name: parseName('Z.TEST.', 'decimal'), type: RR.AXFR, class: 1 },
        }),
      ],
    },
    {
      what: 'a closing SOA whose names differ in letter case',
      messages: [message([soa(1), NS, A, record('@ 300 SOA NS1 hostmaster 1 3600 600 1209600 300')])],
    },
  ])('accepts $what', ({ messages }) => {
    const zone = read(messages);

    expect(zone.soa.serial).toBe(1);
    expect(zone.records).toBe(3);
  });

  it('joins a set that is spread over messages', () => {
    const other = record('www 300 A 192.0.2.2');
    const zone = read([message([soa(1), A, NS]), message([other, soa(1)])]);

    expect(zone.rrsets.find(({ name }) => name === A.name)?.rdata).toEqual([A.rdata, other.rdata]);
  });

  it('accepts a zone of nothing but its SOA', () => {
    expect(read([message([soa(1), soa(1)])]).records).toBe(1);
  });

  it('hands on what was odd on the way', () => {
    const zone = read([message([soa(1), NS, { ...A, ttl: 2 ** 31 }, soa(1)])]);

    expect(zone.findings).toMatchObject([{ code: 'ttl-out-of-range', name: A.name, type: RR.A }]);
    expect(zone.rrsets.find(({ name }) => name === A.name)?.ttl).toBe(0);
  });

  const other = parseName('y.test.', 'decimal');
  it.each([
    { what: 'another id', messages: [message([soa(1), soa(1)], { id: ID + 1 })] },
    { what: 'a query', messages: [message([soa(1), soa(1)], { flags: 0x0400 })] },
    { what: 'another opcode', messages: [message([soa(1), soa(1)], { flags: 0xa400 })] },
    { what: 'TC', messages: [message([soa(1), soa(1)], { flags: 0x8600 })] },
    { what: 'TC in a later message', messages: [message([soa(1)]), message([soa(1)], { flags: 0x8600 })] },
    {
      what: 'another zone in the question',
      messages: [message([soa(1), soa(1)], { question: { name: other, type: RR.AXFR, class: 1 } })],
    },
    {
      what: 'another type in the question',
      messages: [message([soa(1), soa(1)], { question: { name: ZONE, type: RR.IXFR, class: 1 } })],
    },
    {
      what: 'another class in the question',
      messages: [message([soa(1), soa(1)], { question: { name: ZONE, type: RR.AXFR, class: 3 } })],
    },
    { what: 'no question in the first message', messages: [message([soa(1), soa(1)], { question: undefined })] },
    { what: 'no records', messages: [message([])] },
    { what: 'another record before the SOA', messages: [message([NS, soa(1), soa(1)])] },
    { what: 'the SOA of another zone first', messages: [message([{ ...soa(1), name: other }, soa(1)])] },
    { what: 'the SOA in the middle', messages: [message([soa(1), NS, soa(1), A, soa(1)])] },
    { what: 'another SOA in the middle', messages: [message([soa(1), NS, soa(2), A, soa(1)])] },
    { what: 'records after the end, same message', messages: [message([soa(1), NS, soa(1), A])] },
    { what: 'records after the end, next message', messages: [message([soa(1), NS, soa(1)]), message([A])] },
    { what: 'a second closing SOA', messages: [message([soa(1), NS, soa(1), soa(1)])] },
    { what: 'a SOA below the top', messages: [message([soa(1), { ...soa(1), name: A.name }, soa(1)])] },
    { what: 'an owner outside the zone', messages: [message([soa(1), { ...A, name: other }, soa(1)])] },
    {
      what: 'an owner whose last octets only look like the zone',
      messages: [message([soa(1), { ...A, name: parseName('www\\001z.test.', 'decimal') }, soa(1)])],
    },
    { what: 'octets that are no message', messages: [Buffer.from('hello')] },
  ])('answers protocol for $what', ({ messages }) => {
    expect(fault(messages).code).toBe('protocol');
  });

  it.each([
    { what: 'the opening SOA alone', messages: [message([soa(1)])] },
    { what: 'all but the closing SOA', messages: [message([soa(1), NS]), message([A])] },
  ])('is not satisfied with $what', ({ messages }) => {
    expect(fault(messages).code).toBe('transfer-truncated');
  });

  it.each([
    { what: 'serial', closing: soa(2) },
    { what: 'refresh', closing: record('@ 300 SOA ns1 hostmaster 1 3601 600 1209600 300') },
    { what: 'mailbox', closing: record('@ 300 SOA ns1 other 1 3600 600 1209600 300') },
  ])('says that the zone changed when the closing SOA has another $what', ({ closing }) => {
    expect(fault([message([soa(1), NS, A, closing])]).code).toBe('zone-changed-during-transfer');
  });

  it.each([
    { flags: 0x8405, rcode: 'REFUSED' },
    { flags: 0x8409, rcode: 'NOTAUTH' },
    { flags: 0x8402, rcode: 'SERVFAIL' },
    { flags: 0x8401, rcode: 'FORMERR' },
    { flags: 0x8404, rcode: 'NOTIMP' },
    { flags: 0x8403, rcode: 'NXDOMAIN' },
    { flags: 0x840f, rcode: 'RCODE15' },
  ])('names $rcode and says what to look at, with and without a question', ({ flags, rcode }) => {
    for (const question of [QUERY.question, undefined]) {
      const error = fault([message([], { flags, question })]);

      expect(error).toMatchObject({ code: 'rcode', detail: { rcode } });
      expect(error.detail.hints?.length).toBeGreaterThan(0);
    }
  });

  it('names a response code that comes after good records', () => {
    const error = fault([message([soa(1), NS, A]), message([soa(1)], { flags: 0x8405 })]);

    expect(error).toMatchObject({ code: 'rcode', detail: { rcode: 'REFUSED' } });
  });

  describe('after a signed query', () => {
    const key = openKey({ name: 'xfr', algorithm: 'hmac-sha256', secret: Buffer.from('secret') });

    function exchange() {
      const request = signQuery(writeQuery(ID, ZONE, RR.AXFR), key, 0);
      const { sign } = checkRequest(request.bytes, readMessage(request.bytes).tsig!, [key], 0);
      return { sign, verifier: new AnswerVerifier(key, request.mac) };
    }

    it('gives the zone when the first and the last message are signed', () => {
      const { sign, verifier } = exchange();
      const first = sign(message([soa(1), NS]));

      expect(read([first, sign(message([A, soa(1)]))], verifier).records).toBe(3);
    });

    it('T80 refuses an answer without a signature', () => {
      expect(fault([message([soa(1), soa(1)])], exchange().verifier)).toMatchObject({
        code: 'tsig',
        detail: { tsigError: 'UNSIGNED' },
      });
    });

    it('T80 refuses a last message without a signature', () => {
      const { sign, verifier } = exchange();

      expect(fault([sign(message([soa(1), NS])), message([A, soa(1)])], verifier)).toMatchObject({
        code: 'tsig',
        detail: { tsigError: 'UNSIGNED' },
      });
    });

    it('T80 says of a response code without a signature that anybody may have sent it', () => {
      const error = fault([message([], { flags: 0x8405 })], exchange().verifier);

      expect(error).toMatchObject({ code: 'rcode', detail: { rcode: 'REFUSED', tsigError: 'UNSIGNED' } });
      expect(error.detail.hints?.at(-1)).toContain('not signed');
    });

    it('names a response code that is signed', () => {
      const { sign, verifier } = exchange();

      expect(fault([sign(message([], { flags: 0x8405 }))], verifier)).toMatchObject({
        code: 'rcode',
        detail: { rcode: 'REFUSED', tsigError: undefined },
      });
    });
  });
});

describe('a transfer captured from BIND', () => {
  const ALL = parseName('all.test.', 'decimal');
  const captured = capturedMessages();
  const soas = [...captured.keys()].filter((at) =>
    readMessage(captured[at]!).answers.some(({ name, type }) => name === ALL && type === RR.SOA),
  );
  const messages = captured.slice(soas[0], soas[1]! + 1);

  function transfer(stream: readonly Buffer[]): Zone {
    const reader = new AxfrReader({ id: readMessage(stream[0]!).id, zone: ALL, type: RR.AXFR, now: () => 0 });
    for (const bytes of stream) reader.take(bytes);
    return reader.finish();
  }

  it('gives its zone', () => {
    expect(transfer(messages).records).toBe(messages.length - 1);
  });
});
