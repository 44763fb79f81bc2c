import { describe, expect, it } from 'vitest';
import { crc32c, crc64nvme } from './crc.ts';

/** The check value of every CRC: its sum of these nine characters (catalogue of parametrised CRC algorithms). */
const CHECK = Buffer.from('123456789');

describe('crc32c', () => {
  it.each([
    ['the check', CHECK, 'e3069283'],
    ['32 zeros (RFC 3720)', Buffer.alloc(32), '8a9136aa'],
    ['32 ones (RFC 3720)', Buffer.alloc(32, 0xff), '62a8ab43'],
    ['nothing', Buffer.alloc(0), '00000000'],
  ])('of %s', (_what, octets, expected) => {
    expect(crc32c(octets).toString('hex')).toBe(expected);
  });
});

describe('crc64nvme', () => {
  it.each([
    ['the check', CHECK, 'ae8b14860a799888'],
    ['4,096 zeros (NVM Express)', Buffer.alloc(4096), '6482d367eb22b64e'],
    ['4,096 ones (NVM Express)', Buffer.alloc(4096, 0xff), 'c0ddba7302eca3ac'],
    ['nothing', Buffer.alloc(0), '0000000000000000'],
  ])('of %s', (_what, octets, expected) => {
    expect(crc64nvme(octets).toString('hex')).toBe(expected);
  });
});
