import { RR } from '../../src/dns/rr-types.ts';
import { openKey } from '../../src/dns/tsig/key.ts';
import { signQuery } from '../../src/dns/tsig/sign.ts';
import type { WireRecord } from '../../src/dns/types.ts';
import { readMessage } from '../../src/dns/wire/message.ts';
import { writeQuery } from '../../src/dns/wire/writer.ts';
import { sparseSigner } from './sparse-signer.ts';
import { capturedMessages, record, reply, soa, ZONE } from './wire.ts';

/** The largest message: its length is 16 bits. */
const LARGEST = 0xffff;

const QUERY = readMessage(writeQuery(7, ZONE, RR.AXFR));
const KEY = openKey({ name: 'xfr', algorithm: 'hmac-sha256', secret: Buffer.from('secret') });

/** Octets before the first answer. */
const FIRST_ANSWER = 12 + ZONE.length + 4;

/** Messages of BIND, signed ones, and small ones that lie about names, counts and lengths. */
export function smallMessages(): Buffer[] {
  const request = signQuery(writeQuery(7, ZONE, RR.AXFR), KEY, 1000);
  const signed = sparseSigner(KEY, request.mac, 1000).sign(reply(QUERY, [soa(1), record('www 300 A 192.0.2.1')]));
  const here = (0xc000 | FIRST_ANSWER).toString(16);
  const crafted = [
    // A pointer to itself, two pointers in a circle, a pointer into RDATA, a pointer forward.
    withAnswers(1, `${here} 0001 0001 00000000 0004 c0000201`),
    withAnswers(1, `0161 ${here} 0002 0001 00000000 0004 0162 ${here}`),
    withAnswers(
      2,
      `c00c fde8 0001 00000000 0004 0161c00c ${(0xc000 | (FIRST_ANSWER + 12)).toString(16)} 0001 0001 00000000 0004 c0000201`,
    ),
    withAnswers(1, 'ffff 0001 0001 00000000 0004 c0000201'),
    withAnswers(LARGEST, 'c00c 0001 0001 00000000 0004 c0000201'),
    withAnswers(0, 'c00c 0001 0001 00000000 0004 c0000201'),
    withAnswers(1, 'c00c 0010 0001 00000000 ffff 0161'),
    withAnswers(1, 'c00c 0010 0001 00000000 0003 ff6162'),
  ];
  return [...capturedMessages(), request.bytes, signed, ...crafted];
}

/** Messages of the largest size: nothing but pointers, records of a few octets that expand to many, one long text. */
export function largeMessages(): Buffer[] {
  return [pointers(), expansions(), text(), manyRecords()];
}

function withAnswers(count: number, hex: string): Buffer {
  const bytes = Buffer.concat([reply(QUERY, []), Buffer.from(hex.replaceAll(' ', ''), 'hex')]);
  bytes.writeUInt16BE(count, 6);
  return bytes;
}

/** Opaque RDATA full of pointers, each to the one before, and owners that point into it. */
function pointers(): Buffer {
  const first = FIRST_ANSWER + 11;
  const links = Array.from({ length: 8000 }, (_, index) => (index === 0 ? 0xc00c : 0xc000 | (first + 2 * (index - 1))));
  const chain = links.map((link) => (link & LARGEST).toString(16).padStart(4, '0')).join('');
  const owners = Array.from({ length: 3400 }, (_, index) => {
    const target = 0xc000 | (first + 2 * (index % 120));
    return `${target.toString(16)}00010001000000000004c0000201`;
  });
  return withAnswers(
    1 + owners.length,
    `00 fde8 0001 00000000 ${(chain.length / 2).toString(16)} ${chain} ${owners.join('')}`,
  );
}

/** PX: 6 octets of RDATA that become two names of 255. */
function expansions(): Buffer {
  const long = `${`3f${'61'.repeat(63)}`.repeat(3)}3b${'62'.repeat(59)}00`;
  const target = (0xc000 | FIRST_ANSWER).toString(16);
  const others = Array.from({ length: 3600 }, () => `${target} 001a 0001 00000000 0006 0001 ${target} ${target}`);
  return withAnswers(1 + others.length, `${long} 0001 0001 00000000 0004 c0000201 ${others.join('')}`);
}

function text(): Buffer {
  const strings = `ff${'78'.repeat(255)}`.repeat(255);
  return withAnswers(1, `c00c 0010 0001 00000000 ${(strings.length / 2).toString(16)} ${strings}`);
}

function manyRecords(): Buffer {
  const records: WireRecord[] = Array.from({ length: 2350 }, (_, host) => record(`h${host} 300 A 192.0.2.1`));
  return reply(QUERY, records);
}
