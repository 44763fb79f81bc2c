import { describe, expect, it } from 'vitest';
import { parseName } from '../../dns/name.ts';
import type { Soa } from '../../dns/types.ts';
import { isOfMirror } from './zone-state.ts';

function soa(mname: string, serial: number): Soa {
  const name = parseName(mname, 'decimal');
  return { mname: name, rname: name, serial, refresh: 1, retry: 1, expire: 1, minimum: 1 };
}

describe('what a resolver says of the mirror', () => {
  const source = soa('ns1.corp.test.', 7);

  it.each([
    ['the same serial, in Route 53’s own SOA', soa('ns-0.awsdns-00.com.', 7), true],
    ['another serial', soa('ns-0.awsdns-00.com.', 6), false],
    ['no answer', undefined, false],
    ['the primary’s own SOA: a resolver rule sent the question there', soa('ns1.corp.test.', 7), false],
    ['the same in other letters', soa('NS1.Corp.test.', 7), false],
  ])('%s', (_what, answer, counts) => {
    expect(isOfMirror(answer, source)).toBe(counts);
  });
});
