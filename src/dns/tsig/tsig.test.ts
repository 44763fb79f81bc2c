import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { sparseSigner } from '../../../test/support/sparse-signer.ts';
import { record, reply, soa, ZONE } from '../../../test/support/wire.ts';
import { RR } from '../rr-types.ts';
import { readMessage } from '../wire/message.ts';
import { writeQuery } from '../wire/writer.ts';
import { TsigError } from './error.ts';
import { openKey } from './key.ts';
import { checkRequest } from './serve.ts';
import { appendTsig, signQuery } from './sign.ts';
import { AnswerVerifier } from './verify.ts';

const SECRET = Buffer.from('a-secret-that-nobody-may-print!!');
const KEY = openKey({ name: 'Xfr.Key', algorithm: 'hmac-sha256', secret: SECRET });
const TIME = 0x0001_0203_0405;

/** What RFC 8945 §4.3.3 signs with the first message, written out by hand: key `xfr.key.`, fudge 300, no error. */
function variablesByHand(algorithmHex: string): Buffer {
  return Buffer.from(
    `03786672036b6579 00 00ff 00000000 ${algorithmHex} 000102030405 012c 0000 0000`.replaceAll(' ', ''),
    'hex',
  );
}

const ALGORITHMS = [
  {
    algorithm: 'hmac-md5',
    hash: 'md5',
    octets: 16,
    wire: '08686d61632d6d6435077369672d616c670372656703696e7400',
  },
  { algorithm: 'hmac-sha1', hash: 'sha1', octets: 20, wire: '09686d61632d7368613100' },
  { algorithm: 'hmac-sha224', hash: 'sha224', octets: 28, wire: '0b686d61632d73686132323400' },
  { algorithm: 'hmac-sha256', hash: 'sha256', octets: 32, wire: '0b686d61632d73686132353600' },
  { algorithm: 'hmac-sha256-128', hash: 'sha256', octets: 16, wire: '0b686d61632d73686132353600' },
  { algorithm: 'hmac-sha384', hash: 'sha384', octets: 48, wire: '0b686d61632d73686133383400' },
  { algorithm: 'hmac-sha512', hash: 'sha512', octets: 64, wire: '0b686d61632d73686135313200' },
] as const;

const SHA256_WIRE = '0b686d61632d73686132353600';

describe('signQuery', () => {
  it.each(ALGORITHMS)('T85 signs with $algorithm as RFC 8945 says', ({ algorithm, hash, octets, wire }) => {
    const query = writeQuery(0x1234, ZONE, RR.AXFR);
    const key = openKey({ name: 'Xfr.Key', algorithm, secret: SECRET, allowMd5: true });
    const mac = createHmac(hash, SECRET).update(query).update(variablesByHand(wire)).digest().subarray(0, octets);

    const signed = signQuery(query, key, TIME);

    expect(signed.mac.toString('hex')).toBe(mac.toString('hex'));
    const rdata = `${wire} 000102030405 012c ${octets.toString(16).padStart(4, '0')} ${mac.toString('hex')} 1234 0000 0000`;
    const tail = `03786672036b657900 00fa 00ff 00000000 ${(wire.length / 2 + 16 + octets).toString(16).padStart(4, '0')} ${rdata}`;
    expect(signed.bytes.subarray(query.length).toString('hex')).toBe(tail.replaceAll(' ', ''));
    expect(signed.bytes.readUInt16BE(10)).toBe(1);
  });

  it('refuses hmac-md5 unless the key allows it, and says how', () => {
    const key = { name: 'k', algorithm: 'hmac-md5', secret: SECRET };
    const errors = [{}, { allowMd5: false }].map((flag) => refusal(() => openKey({ ...key, ...flag })));

    for (const error of errors) {
      expect(error).toMatchObject({ tsigError: 'BADKEY', message: expect.stringContaining('hmac-md5, which is not') });
      expect(error?.hints.join(' ')).toContain('--tsig-allow-md5');
    }
    expect(openKey({ ...key, allowMd5: true }).macOctets).toBe(16);
  });

  it.each(['HMAC-SHA256', 'HMAC-MD5', 'hmac-md5.sig-alg.reg.int', 'sha256', 'toString', ''])(
    'refuses algorithm "%s"',
    (algorithm) => {
      expect(() => openKey({ name: 'k', algorithm, secret: SECRET })).toThrow(TsigError);
    },
  );

  it('refuses an empty secret', () => {
    expect(() => openKey({ name: 'k', algorithm: 'hmac-sha256', secret: Buffer.alloc(0) })).toThrow(/empty secret/);
  });
});

/** A signed query, and the other side's signer of the answer to it. */
function exchange(now = TIME) {
  const request = signQuery(writeQuery(7, ZONE, RR.AXFR), KEY, TIME);
  const query = readMessage(request.bytes);
  const check = checkRequest(request.bytes, query.tsig!, [KEY], now);
  const verifier = new AnswerVerifier(KEY, request.mac);
  const accept = (bytes: Buffer, at = TIME): boolean => verifier.verify(bytes, readMessage(bytes), at);
  return { request, query, check, accept, plain: () => reply(query, [soa(1), record('a 1 A 192.0.2.1')]) };
}

function refusal(act: () => unknown): TsigError | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof TsigError) return error;
    throw error;
  }
  return undefined;
}

describe('AnswerVerifier', () => {
  it('T85 takes the MAC that RFC 8945 §5.3 gives the first answer and the ones after it', () => {
    const { request, query, accept, plain } = exchange();
    const prefix = (mac: Buffer) => Buffer.concat([Buffer.from([0, mac.length]), mac]);
    const timers = Buffer.from('000102030405012c', 'hex');
    const fields = { time: TIME, fudge: 300, error: 0, other: Buffer.alloc(0) };
    const first = createHmac('sha256', SECRET)
      .update(prefix(request.mac))
      .update(plain())
      .update(variablesByHand(SHA256_WIRE))
      .digest();
    const unsigned = reply(query, [record('b 1 A 192.0.2.2')]);
    const last = createHmac('sha256', SECRET)
      .update(prefix(first))
      .update(unsigned)
      .update(plain())
      .update(timers)
      .digest();

    expect(accept(appendTsig(plain(), KEY, { ...fields, mac: first }))).toBe(true);
    expect(accept(unsigned)).toBe(false);
    expect(accept(appendTsig(plain(), KEY, { ...fields, mac: last }))).toBe(true);
  });

  it('takes 99 messages in a row without a signature, and not 100', () => {
    const { check, accept, plain } = exchange();
    accept(check.sign(plain()));
    for (let count = 0; count < 99; count += 1) expect(accept(plain())).toBe(false);

    expect(refusal(() => accept(plain()))?.tsigError).toBe('UNSIGNED');
  });

  it('T80 refuses an unsigned first answer', () => {
    const { accept, plain } = exchange();

    expect(refusal(() => accept(plain()))?.tsigError).toBe('UNSIGNED');
  });

  it('T85 refuses every single altered octet of a signed answer', () => {
    const { check, plain } = exchange();
    const signed = check.sign(plain());
    const start = readMessage(signed).tsig!.start;
    const accepted = [...signed.subarray(0, start).keys()].filter((at) => {
      const altered = Buffer.from(signed);
      altered[at]! ^= 0x20;
      const { accept } = exchange();
      try {
        return accept(altered);
      } catch {
        return false;
      }
    });

    // The id is signed as it was sent (RFC 8945 §5.3.2), and compared by the reader of the answer.
    expect(accepted).toEqual([0, 1]);
  });

  it('T85 refuses an altered message in the middle once the next signature comes', () => {
    const { query, check, accept, plain } = exchange();
    accept(check.sign(plain()));
    accept(reply(query, [record('evil 1 A 192.0.2.66')]));

    expect(refusal(() => accept(check.sign(plain())))?.tsigError).toBe('BADSIG');
  });

  it('T85 refuses an earlier answer of the same exchange that is sent again', () => {
    const { check, accept, plain } = exchange();
    const first = check.sign(plain());
    accept(first);

    expect(refusal(() => accept(first))?.tsigError).toBe('BADSIG');
  });

  it('T85 refuses answers in another order, and one that is left out', () => {
    const { check, accept, plain } = exchange();
    const messages = [check.sign(plain()), check.sign(plain()), check.sign(plain())];
    accept(messages[0]!);

    expect(refusal(() => accept(messages[2]!))?.tsigError).toBe('BADSIG');
  });

  it('T85 refuses a message that was slipped in between two signed ones', () => {
    const { check, accept, plain } = exchange();
    const [first, second] = [check.sign(plain()), check.sign(plain())];
    accept(first);
    expect(accept(plain())).toBe(false);

    expect(refusal(() => accept(second))?.tsigError).toBe('BADSIG');
  });

  it('T85 judges the clock of every signed message, not only of the first', () => {
    const { check, accept, plain } = exchange();
    accept(check.sign(plain()));

    expect(refusal(() => accept(check.sign(plain()), TIME + 301))?.tsigError).toBe('BADTIME');
  });

  it.each([31, 16, 10, 1, 0])('T85 refuses a MAC cut to %i octets', (octets) => {
    const { check, accept, plain } = exchange();
    const { mac, ...fields } = readMessage(check.sign(plain())).tsig!;
    const cut = appendTsig(plain(), KEY, { ...fields, mac: mac.subarray(0, octets) });

    expect(refusal(() => accept(cut))?.tsigError).toBe('BADSIG');
  });

  it.each([
    { algorithm: 'hmac-sha256', octets: 32 },
    { algorithm: 'hmac-sha256-128', octets: 16 },
  ])('T85 takes a MAC of $octets octets and no other for $algorithm', ({ algorithm, octets }) => {
    const key = openKey({ name: 'Xfr.Key', algorithm, secret: SECRET });
    const request = signQuery(writeQuery(7, ZONE, RR.AXFR), key, TIME);
    const accepted = [10, 16, 31, 32].filter((length) => {
      const answer = reply(readMessage(request.bytes), [soa(1)]);
      const cut = { ...key, macOctets: length };
      const signed = sparseSigner(cut, request.mac, TIME).sign(answer);
      return (
        refusal(() => new AnswerVerifier(key, request.mac).verify(signed, readMessage(signed), TIME)) === undefined
      );
    });

    expect(accepted).toEqual([octets]);
  });

  it('T85 refuses the answer to another query of the same key', () => {
    const { accept, plain } = exchange();
    const other = signQuery(writeQuery(7, ZONE, RR.AXFR), KEY, TIME - 1);
    const replayed = checkRequest(other.bytes, readMessage(other.bytes).tsig!, [KEY], TIME).sign(plain());

    expect(refusal(() => accept(replayed))?.tsigError).toBe('BADSIG');
  });

  it.each([
    { what: 'another key', key: { name: 'other', algorithm: 'hmac-sha256' } },
    { what: 'another algorithm', key: { name: 'xfr.key', algorithm: 'hmac-sha512' } },
  ])('T85 refuses an answer signed with $what', ({ key }) => {
    const { accept, plain } = exchange();
    const signer = openKey({ ...key, secret: SECRET });
    const { mac, ...fields } = readMessage(signQuery(plain(), signer, TIME).bytes).tsig!;

    expect(refusal(() => accept(appendTsig(plain(), signer, { ...fields, mac })))?.tsigError).toBe('BADKEY');
  });

  it.each([
    { offset: 300, accepted: true },
    { offset: -300, accepted: true },
    { offset: 301, accepted: false },
    { offset: -301, accepted: false },
  ])('T85 with a clock $offset s off: accepted $accepted', ({ offset, accepted }) => {
    const { check, accept, plain } = exchange();
    const answer = check.sign(plain());

    const error = refusal(() => accept(answer, TIME + offset));
    expect(error?.tsigError).toBe(accepted ? undefined : 'BADTIME');
  });

  it('T85 an answer that allows itself a fudge of hours does not widen ours', () => {
    const { request, accept, plain } = exchange();
    const fields = { time: TIME, fudge: 36_000, error: 0, other: Buffer.alloc(0) };
    const variables = variablesByHand(SHA256_WIRE);
    variables.writeUInt16BE(36_000, variables.length - 6);
    const prefix = Buffer.concat([Buffer.from([0, request.mac.length]), request.mac]);
    const mac = createHmac('sha256', SECRET).update(prefix).update(plain()).update(variables).digest();

    expect(refusal(() => accept(appendTsig(plain(), KEY, { ...fields, mac }), TIME + 3600))?.tsigError).toBe('BADTIME');
  });

  it.each([
    { error: 16, name: 'BADSIG' },
    { error: 17, name: 'BADKEY' },
    { error: 22, name: 'BADTRUNC' },
    { error: 99, name: 'BADKEY' },
  ])('names TSIG error $error $name', ({ error, name }) => {
    const { accept, plain } = exchange();
    const fields = { time: TIME, fudge: 300, error, other: Buffer.alloc(0), mac: Buffer.alloc(0) };

    const found = refusal(() => accept(appendTsig(plain(), KEY, fields)));
    expect(found?.tsigError).toBe(name);
    expect(found?.message).toBe(`the primary answers ${name} (TSIG error ${error}) for key xfr.key`);
  });

  it('F16 prints both clocks when the primary finds ours wrong', () => {
    const { check, accept, plain } = exchange(TIME + 4000);

    const error = refusal(() => accept(check.sign(plain())));
    expect(check.error).toBe(18);
    expect(error?.tsigError).toBe('BADTIME');
    expect(error?.hints[0]).toBe(`Clock here: ${clock(TIME)}. Clock of the primary: ${clock(TIME + 4000)} (signed).`);
  });

  it('F16 prints a clock beyond the calendar as a number', () => {
    const { accept, plain } = exchange();
    const other = Buffer.from('ffffffffffff', 'hex');
    const fields = { time: TIME, fudge: 300, error: 18, other, mac: Buffer.alloc(0) };

    const error = refusal(() => accept(appendTsig(plain(), KEY, fields)));
    expect(error?.hints[0]).toContain('281474976710655 s after 1970 (unsigned)');
  });
});

describe('checkRequest', () => {
  it.each([
    { what: 'the right key', keys: [KEY], now: TIME, error: 0 },
    { what: 'no such key', keys: [], now: TIME, error: 17 },
    {
      what: 'a key with another algorithm',
      keys: [openKey({ name: 'xfr.key', algorithm: 'hmac-sha1', secret: SECRET })],
      now: TIME,
      error: 17,
    },
    {
      what: 'another secret',
      keys: [openKey({ name: 'xfr.key', algorithm: 'hmac-sha256', secret: Buffer.from('other') })],
      now: TIME,
      error: 16,
    },
    { what: 'a clock too far off', keys: [KEY], now: TIME + 301, error: 18 },
  ])('answers $error for $what', ({ keys, now, error }) => {
    const { bytes } = signQuery(writeQuery(7, ZONE, RR.SOA), KEY, TIME);

    expect(checkRequest(bytes, readMessage(bytes).tsig!, keys, now).error).toBe(error);
  });
});

function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
