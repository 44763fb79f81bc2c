import { describe, expect, it } from 'vitest';

import { capturedMessages, record, reply, soa, ZONE } from '../../../test/support/wire.ts';
import { formatName } from '../name.ts';
import { formatRdata } from '../rdata.ts';
import { RR, typeName } from '../rr-types.ts';
import type { WireRecord, ZoneFinding } from '../types.ts';
import { WireError } from './error.ts';
import { readMessage } from './message.ts';
import { CLASS } from './protocol.ts';
import { writeQuery } from './writer.ts';

const QUERY = readMessage(writeQuery(7, ZONE, RR.AXFR));

/** Octets of the header and the question `z.test. IN AXFR`; the first answer starts here. */
const FIRST_ANSWER = 12 + ZONE.length + 4;

/** A message with one answer whose octets are given in hex, `c00c` pointing to `z.test.` in the question. */
function withAnswer(hex: string, counts: { answers?: number; additional?: number } = {}): Buffer {
  const { answers = 1, additional = 0 } = counts;
  const bytes = Buffer.concat([reply(QUERY, []), Buffer.from(hex.replaceAll(' ', ''), 'hex')]);
  bytes.writeUInt16BE(answers, 6);
  bytes.writeUInt16BE(additional, 10);
  return bytes;
}

function text({ name, ttl, type, rdata }: WireRecord): string {
  return `${formatName(name, 'decimal')} ${ttl} ${typeName(type)} ${formatRdata(type, rdata, 'decimal')}`;
}

describe('readMessage', () => {
  it('reads what writeMessage wrote', () => {
    const answers = [soa(1), record('www 300 A 192.0.2.1'), record('*.x 0 TXT "a" ""')];
    const message = readMessage(reply(QUERY, answers));

    expect(message).toMatchObject({ id: 7, response: true, opcode: 0, truncated: false, rcode: 0, answers });
    expect(message.question).toEqual({ name: ZONE, type: RR.AXFR, class: CLASS.IN });
  });

  it('reads the header as it stands', () => {
    const bytes = reply(QUERY, [], { flags: 0xaa05 });

    expect(readMessage(bytes)).toMatchObject({ response: true, opcode: 5, truncated: true, rcode: 5 });
  });

  it('folds owners and keeps the case of names in RDATA', () => {
    const bytes = withAnswer('03 575757 c00c 0005 0001 0000012c 0006 03 4d6958 c00c');

    expect(readMessage(bytes).answers.map(text)).toEqual(['www.z.test. 300 CNAME MiX.z.test.']);
  });

  it('keeps a dot in a label apart from a separator', () => {
    const bytes = withAnswer('03 612e62 c00c 0001 0001 00000000 0004 c0000201');

    expect(readMessage(bytes).answers.map(text)).toEqual(['a\\.b.z.test. 0 A 192.0.2.1']);
  });

  it.each([
    { type: 'NS', rdata: 'c00c', expected: 'z.test.' },
    { type: 'PTR', rdata: '0161c00c', expected: 'a.z.test.' },
    { type: 'DNAME', rdata: 'c00c', expected: 'z.test.' },
    { type: 'MX', rdata: '000a c00c', expected: '10 z.test.' },
    { type: 'SRV', rdata: '0001 0002 0003 c00c', expected: '1 2 3 z.test.' },
    { type: 'NAPTR', rdata: '0001 0002 0175 00 00 c00c', expected: '1 2 "u" "" "" z.test.' },
    { type: 'RP', rdata: 'c00c 0161c00c', expected: 'z.test. a.z.test.' },
    { type: 'MINFO', rdata: 'c00c c00c', expected: 'z.test. z.test.' },
    { type: 'AFSDB', rdata: '0001 c00c', expected: '1 z.test.' },
    { type: 'RT', rdata: '0001 c00c', expected: '1 z.test.' },
    { type: 'PX', rdata: '0001 c00c c00c', expected: '1 z.test. z.test.' },
    { type: 'KX', rdata: '0001 c00c', expected: '1 z.test.' },
    { type: 'MB', rdata: 'c00c', expected: 'z.test.' },
    { type: 'MG', rdata: 'c00c', expected: 'z.test.' },
    { type: 'MR', rdata: 'c00c', expected: 'z.test.' },
  ] as const)('expands compressed names in $type', ({ type, rdata, expected }) => {
    const octets = rdata.replaceAll(' ', '');
    const head = [RR[type], CLASS.IN, 0, 0, octets.length / 2].map((value) => value.toString(16).padStart(4, '0'));
    const [answer] = readMessage(withAnswer(`c00c ${head.join('')} ${octets}`)).answers;

    expect(formatRdata(RR[type], answer?.rdata ?? '', 'decimal')).toBe(expected);
  });

  it('takes the octets of an unknown type as they are', () => {
    const bytes = withAnswer('c00c fde8 0001 00000001 0003 c00cff');

    expect(readMessage(bytes).answers).toEqual([{ name: ZONE, type: 65_000, ttl: 1, rdata: '\xc0\x0c\xff' }]);
  });

  it('reads a TTL of 2^31 and more as 0 and says so', () => {
    const findings: ZoneFinding[] = [];
    const message = readMessage(withAnswer('c00c 0001 0001 80000000 0004 c0000201'), findings);

    expect(message.answers.map(({ ttl }) => ttl)).toEqual([0]);
    expect(findings).toMatchObject([{ code: 'ttl-out-of-range', name: ZONE, type: RR.A }]);
  });

  it('passes over authority and additional records', () => {
    const bytes = withAnswer('00 0029 1000 00000000 0000', { answers: 0, additional: 1 });

    expect(readMessage(bytes)).toMatchObject({ answers: [], tsig: undefined });
  });

  const self = FIRST_ANSWER.toString(16).padStart(2, '0');
  it.each([
    { what: 'a header cut off', bytes: Buffer.alloc(11) },
    { what: 'two questions', bytes: Buffer.from('000780000002000000000000', 'hex') },
    { what: 'a question cut off', bytes: Buffer.from('00078000000100000000000000', 'hex') },
    { what: 'more records counted than there are', bytes: withAnswer('', { answers: 1 }) },
    { what: 'fewer records counted', bytes: withAnswer('c00c 0001 0001 00000000 0004 c0000201', { answers: 0 }) },
    { what: 'class CH', bytes: withAnswer('c00c 0001 0003 00000000 0004 c0000201') },
    { what: 'class IN with the highest bit set', bytes: withAnswer('c00c 0001 8001 00000000 0004 c0000201') },
    { what: 'type 0', bytes: withAnswer('c00c 0000 0001 00000000 0000') },
    { what: 'OPT among the answers', bytes: withAnswer('00 0029 0001 00000000 0000') },
    { what: 'TSIG among the answers', bytes: withAnswer('00 00fa 0001 00000000 0000') },
    { what: 'a pointer to itself', bytes: withAnswer(`c0${self} 0001 0001 00000000 0004 c0000201`) },
    { what: 'a pointer forward', bytes: withAnswer('c0ff 0001 0001 00000000 0004 c0000201') },
    { what: 'a pointer into the header', bytes: withAnswer('c004 0001 0001 00000000 0004 c0000201') },
    { what: 'a pointer cut off', bytes: withAnswer('c0') },
    { what: 'two pointers in a circle', bytes: withAnswer(`0161c0${self} 0001 0001 00000000 0004 c0000201`) },
    { what: 'label type 0x40', bytes: withAnswer('4001 0001 0001 00000000 0004 c0000201') },
    { what: 'label type 0x80', bytes: withAnswer('8001 0001 0001 00000000 0004 c0000201') },
    { what: 'a name that does not end', bytes: withAnswer('3f61') },
    {
      what: 'a name over 255 octets',
      bytes: withAnswer(`${`3f${'61'.repeat(63)}`.repeat(4)}c00c 0001 0001 00000000 0000`),
    },
    { what: 'RDATA cut off', bytes: withAnswer('c00c 0001 0001 00000000 0004 c00002') },
    { what: 'A of 5 octets', bytes: withAnswer('c00c 0001 0001 00000000 0005 c000020100') },
    { what: 'A of 3 octets', bytes: withAnswer('c00c 0001 0001 00000000 0003 c00002') },
    { what: 'AAAA of 4 octets', bytes: withAnswer('c00c 001c 0001 00000000 0004 c0000201') },
    { what: 'MX with octets behind its name', bytes: withAnswer('c00c 000f 0001 00000000 0005 000ac00c00') },
    { what: 'a name in RDATA that leaves it', bytes: withAnswer('c00c 0002 0001 00000000 0001 c00c') },
    { what: 'a SOA without its times', bytes: withAnswer('c00c 0006 0001 00000000 0004 c00cc00c') },
    { what: 'TXT without a string', bytes: withAnswer('c00c 0010 0001 00000000 0000') },
    { what: 'TXT whose string leaves it', bytes: withAnswer('c00c 0010 0001 00000000 0002 0261') },
    { what: 'NAPTR whose string leaves it', bytes: withAnswer('c00c 0023 0001 00000000 0006 00010002ff00') },
    { what: 'SRV too short', bytes: withAnswer('c00c 0021 0001 00000000 0003 000100') },
    { what: 'a compressed name in SVCB', bytes: withAnswer('c00c 0040 0001 00000000 0004 0001c00c') },
    { what: 'CAA whose tag leaves it', bytes: withAnswer('c00c 0101 0001 00000000 0003 000561') },
    { what: 'DS of 3 octets', bytes: withAnswer('c00c 002b 0001 00000000 0003 000000') },
    { what: 'EUI48 of 5 octets', bytes: withAnswer('c00c 006c 0001 00000000 0005 0000000000') },
    {
      what: 'TSIG that is not last',
      bytes: withAnswer('00 00fa 00ff 00000000 0000 00 0029 1000 00000000 0000', { answers: 0, additional: 2 }),
    },
    { what: 'TSIG of class IN', bytes: withAnswer('00 00fa 0001 00000000 0000', { answers: 0, additional: 1 }) },
    { what: 'TSIG without fields', bytes: withAnswer('00 00fa 00ff 00000000 0001 00', { answers: 0, additional: 1 }) },
  ])('T81 refuses $what', ({ bytes }) => {
    expect(() => readMessage(bytes)).toThrow(WireError);
  });

  it('T81 refuses a chain of pointers through a whole message', () => {
    const links = Array.from({ length: 8000 }, (_, index) => 0xc000 | (FIRST_ANSWER + 11 + 2 * (index - 1)));
    links[0] = 0xc00c;
    const chain = Buffer.alloc(2 * links.length);
    for (const [index, link] of links.entries()) chain.writeUInt16BE(link, 2 * index);
    const opaque = withAnswer(
      `00 fde8 0001 00000000 ${chain.length.toString(16).padStart(4, '0')} ${chain.toString('hex')}`,
    );
    const last = (0xc000 | (FIRST_ANSWER + 11 + chain.length - 2)).toString(16);
    const bytes = Buffer.concat([opaque, Buffer.from(`${last}00010001000000000004c0000201`, 'hex')]);
    bytes.writeUInt16BE(2, 6);

    expect(() => readMessage(bytes)).toThrow(/compression pointers in a row/);
  });
});

describe('messages captured from BIND', () => {
  const captured = capturedMessages();

  it('are read whole', () => {
    expect(captured.length).toBeGreaterThan(100);
    expect(captured.map((bytes) => readMessage(bytes).answers.length).every((count) => count > 0)).toBe(true);
  });
});
