import { describe, expect, it } from 'vitest';

import { record, reply, soa, ZONE } from '../../../test/support/wire.ts';
import { parseName } from '../name.ts';
import { RR } from '../rr-types.ts';
import { openKey } from '../tsig/key.ts';
import { checkRequest } from '../tsig/serve.ts';
import { signQuery } from '../tsig/sign.ts';
import { AnswerVerifier } from '../tsig/verify.ts';
import type { WireRecord, Zone } from '../types.ts';
import { readMessage } from '../wire/message.ts';
import { writeQuery } from '../wire/writer.ts';
import { buildZone } from '../zone.ts';
import { TransferFault } from './errors.ts';
import { type Increment, IxfrReader } from './ixfr.ts';

const ID = 7;
const QUERY = readMessage(writeQuery(ID, ZONE, RR.IXFR));
const NS = record('@ 300 NS ns1');
const A = record('www 300 A 192.0.2.1');
const B = record('b 300 A 192.0.2.2');
const C = record('c 300 A 192.0.2.3');

function zoneOf(serial: number, ...records: readonly WireRecord[]): Zone {
  return buildZone(ZONE, [soa(serial), NS, ...records]);
}

/** What the tests start from: version 5. */
const BASE = zoneOf(5, A);

/** How the answers are laid into messages: by one, by seven, all in one. */
const SIZES = [1, 7, 1000];

function inMessages(answers: readonly WireRecord[], size: number): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < answers.length; at += size) messages.push(reply(QUERY, answers.slice(at, at + size)));
  return messages;
}

function read(messages: readonly Buffer[], base = BASE, verifier?: AnswerVerifier): Increment {
  const asked = { id: ID, zone: ZONE, type: RR.IXFR, now: () => 0, verifier };
  const reader = new IxfrReader(asked, base, soa(base.soa.serial));
  for (const bytes of messages) reader.take(bytes);
  return reader.finish();
}

function fault(messages: readonly Buffer[], base = BASE, verifier?: AnswerVerifier): TransferFault {
  try {
    read(messages, base, verifier);
  } catch (error) {
    if (error instanceof TransferFault) return error;
    throw error;
  }
  throw new Error('a fault was expected');
}

describe('IxfrReader', () => {
  it.each([
    { what: 'one step', answers: [soa(6), soa(5), A, soa(6), B, soa(6)], zone: zoneOf(6, B) },
    {
      what: 'two steps',
      answers: [soa(7), soa(5), A, soa(6), B, soa(6), B, soa(7), C, soa(7)],
      zone: zoneOf(7, C),
    },
    { what: 'two steps in one', answers: [soa(7), soa(5), A, soa(7), C, soa(7)], zone: zoneOf(7, C) },
    { what: 'no deletes', answers: [soa(6), soa(5), soa(6), B, soa(6)], zone: zoneOf(6, A, B) },
    { what: 'no adds', answers: [soa(6), soa(5), A, soa(6), soa(6)], zone: zoneOf(6) },
    { what: 'nothing but the serial', answers: [soa(6), soa(5), soa(6), soa(6)], zone: zoneOf(6, A) },
    {
      what: 'steps over the end of the serials',
      base: zoneOf(2 ** 32 - 1, A),
      answers: [soa(3), soa(2 ** 32 - 1), A, soa(0), B, soa(0), B, soa(3), C, soa(3)],
      zone: zoneOf(3, C),
    },
    {
      what: 'a record that goes and comes back',
      answers: [soa(7), soa(5), A, soa(6), soa(6), soa(7), A, soa(7)],
      zone: zoneOf(7, A),
    },
    {
      what: 'a SOA whose names differ in letter case',
      answers: [
        soa(6),
        record('@ 300 SOA NS1 hostmaster 5 3600 600 1209600 300'),
        record('@ 300 SOA NS1 hostmaster 6 3600 600 1209600 300'),
        record('@ 300 SOA ns1 HOSTMASTER 6 3600 600 1209600 300'),
      ],
      zone: zoneOf(6, A),
    },
  ])('applies $what', ({ answers, zone, base }) => {
    for (const size of SIZES) {
      const result = read(inMessages(answers, size), base);

      expect(result).toEqual({ mode: 'ixfr', zone });
    }
  });

  it('gives the base where its SOA comes alone', () => {
    expect(read([reply(QUERY, [soa(5)])])).toEqual({ mode: 'unchanged', zone: BASE });
  });

  it('takes a whole zone instead', () => {
    for (const size of SIZES) {
      expect(read(inMessages([soa(6), NS, B, soa(6)], size))).toEqual({ mode: 'axfr', zone: zoneOf(6, B) });
    }
  });

  it('counts the records that came, the closing SOA not', () => {
    const answers = [soa(6), soa(5), A, soa(6), B, soa(6)];
    const reader = new IxfrReader({ id: ID, zone: ZONE, type: RR.IXFR, now: () => 0 }, BASE, soa(5));
    const counts = inMessages(answers, 1).map((bytes) => {
      reader.take(bytes);
      return reader.records;
    });

    expect(counts).toEqual([1, 2, 3, 4, 5, 5]);
  });

  const other = { ...B, name: parseName('y.test.', 'decimal') };
  it.each([
    { what: 'the SOA of an older version alone', answers: [soa(4)], says: 'the primary is at serial 4, the base at 5' },
    { what: 'a serial 2^31 away alone', answers: [soa(5 + 2 ** 31)], says: 'the primary is at serial 2147483653' },
    {
      what: "the base's serial with another SOA alone",
      answers: [record('@ 300 SOA ns1 hostmaster 5 1 600 1209600 300')],
      says: 'another SOA',
    },
    {
      what: 'a step from another version',
      answers: [soa(6), soa(4), soa(6), soa(6)],
      says: 'does not begin at the version',
    },
    {
      what: "a step from the base's serial with another SOA",
      answers: [soa(6), record('@ 300 SOA ns1 hostmaster 5 1 600 1209600 300'), soa(6), soa(6)],
      says: 'does not begin at the version',
    },
    { what: 'a step that leads back', answers: [soa(6), soa(5), soa(4), soa(4)], says: 'newer version' },
    { what: 'a step that leads nowhere', answers: [soa(6), soa(5), soa(5), soa(5)], says: 'newer version' },
    {
      what: 'steps that are not linked',
      answers: [soa(8), soa(5), soa(6), soa(7), soa(8), soa(8)],
      says: 'where the one before ended',
    },
    {
      what: 'a last step to another SOA than was announced',
      answers: [soa(7), soa(5), soa(6), soa(7)],
      says: 'where the one before ended',
    },
    { what: 'two SOAs of one version', answers: [soa(6), soa(6)], says: 'does not begin at the version' },
    {
      what: 'two TTLs of the new SOA',
      answers: [soa(6), soa(5), soa(6), { ...soa(6), ttl: 1 }, soa(6)],
      says: 'newer version',
    },
    { what: 'a delete of a missing record', answers: [soa(6), soa(5), B, soa(6), soa(6)], says: 'deletes a record' },
    { what: 'a delete that comes twice', answers: [soa(6), soa(5), A, A, soa(6), soa(6)], says: 'deletes a record' },
    { what: 'an add of an existing record', answers: [soa(6), soa(5), soa(6), A, soa(6)], says: 'adds a record' },
    { what: 'an add that comes twice', answers: [soa(6), soa(5), soa(6), B, B, soa(6)], says: 'adds a record' },
    { what: 'a record outside the zone', answers: [soa(6), soa(5), soa(6), other, soa(6)], says: 'outside the zone' },
    {
      what: 'a SOA below the top',
      answers: [soa(6), soa(5), soa(6), { ...soa(6), name: B.name }, soa(6)],
      says: 'below the top',
    },
    { what: 'records after the end', answers: [soa(6), soa(5), A, soa(6), B, soa(6), C], says: 'records follow' },
    { what: 'another record first', answers: [A, soa(6)], says: 'the first record' },
    {
      what: 'the SOA of another zone first',
      answers: [{ ...soa(6), name: other.name }, soa(6)],
      says: 'the first record',
    },
    {
      what: 'a TTL that is out of range',
      answers: [soa(6), soa(5), soa(6), { ...B, ttl: 2 ** 31 }, soa(6)],
      says: 'out of range',
    },
  ])('T89 refuses $what', ({ answers, says }) => {
    for (const size of SIZES) {
      const error = fault(inMessages(answers, size));

      expect([error.code, error.message]).toEqual(['protocol', expect.stringContaining(says)]);
    }
  });

  it('refuses an answer without records', () => {
    expect(fault([reply(QUERY, [])])).toMatchObject({ code: 'protocol', message: 'the answer holds no records' });
  });

  it('refuses a message after the end', () => {
    for (const answers of [[soa(5)], [soa(6), soa(5), A, soa(6), soa(6)], [soa(6), NS, soa(6)]]) {
      expect(fault([reply(QUERY, answers), reply(QUERY, [B])]).message).toContain('records follow');
    }
  });

  it('is not satisfied before the end, wherever that is', () => {
    const answers = [soa(7), soa(5), A, soa(6), B, soa(6), B, soa(7), C, soa(7)];
    for (let count = 0; count < answers.length; count += 1) {
      expect(fault(inMessages(answers.slice(0, count), 1)).code).toBe('transfer-truncated');
    }
  });

  it('refuses a response code, also after good records', () => {
    const refused = reply(QUERY, [], { flags: 0x8404 });
    for (const messages of [[refused], [reply(QUERY, [soa(6), soa(5), A]), refused]]) {
      expect(fault(messages)).toMatchObject({ code: 'rcode', detail: { rcode: 'NOTIMP' } });
    }
  });

  describe('after a signed query', () => {
    const key = openKey({ name: 'xfr', algorithm: 'hmac-sha256', secret: Buffer.from('secret') });
    const differences = [soa(6), soa(5), A, soa(6), B, soa(6)];

    function exchange() {
      const request = signQuery(writeQuery(ID, ZONE, RR.IXFR, { authority: [soa(5)] }), key, 0);
      const { sign } = checkRequest(request.bytes, readMessage(request.bytes).tsig!, [key], 0);
      return { sign, verifier: new AnswerVerifier(key, request.mac) };
    }

    it('applies differences whose first and last message are signed', () => {
      const { sign, verifier } = exchange();
      const [first, second] = inMessages(differences, 3);

      expect(read([sign(first!), sign(second!)], BASE, verifier)).toEqual({ mode: 'ixfr', zone: zoneOf(6, B) });
    });

    it.each([
      { what: 'a SOA alone', answers: [soa(5)] },
      { what: 'differences', answers: differences },
      { what: 'a whole zone', answers: [soa(6), NS, soa(6)] },
    ])('T80 refuses $what without a signature', ({ answers }) => {
      expect(fault([reply(QUERY, answers)], BASE, exchange().verifier)).toMatchObject({
        code: 'tsig',
        detail: { tsigError: 'UNSIGNED' },
      });
    });

    it('T80 refuses a last message without a signature', () => {
      const { sign, verifier } = exchange();
      const [first, second] = inMessages(differences, 3);

      expect(fault([sign(first!), second!], BASE, verifier)).toMatchObject({ detail: { tsigError: 'UNSIGNED' } });
    });

    it('T85 refuses differences of which one octet was altered', () => {
      const { sign, verifier } = exchange();
      const signed = sign(reply(QUERY, differences));
      signed[signed.indexOf(Buffer.from([192, 0, 2, 2])) + 3] = 66;

      expect(fault([signed], BASE, verifier)).toMatchObject({ code: 'tsig', detail: { tsigError: 'BADSIG' } });
    });
  });
});
