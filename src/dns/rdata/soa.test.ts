import { describe, expect, it } from 'vitest';

import { parseRdata } from '../rdata.ts';
import { RR } from '../rr-types.ts';
import { readSoa, writeSoa } from './soa.ts';

describe('SOA', () => {
  const rdata = parseRdata(RR.SOA, 'ns1.a. host.a. 4294967295 1 2 3 4', 'decimal');

  it('is taken apart and put together', () => {
    expect(readSoa(rdata)).toEqual({
      mname: '\x03ns1\x01a\0',
      rname: '\x04host\x01a\0',
      serial: 4_294_967_295,
      refresh: 1,
      retry: 2,
      expire: 3,
      minimum: 4,
    });
    expect(writeSoa(readSoa(rdata))).toBe(rdata);
  });

  it.each([rdata.slice(0, -1), `${rdata}\0`, ''])('is refused when malformed', (wire) => {
    expect(() => readSoa(wire)).toThrow(expect.objectContaining({ code: 'malformed-rdata' }));
  });
});
