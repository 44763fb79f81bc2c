import { describe, expect, it } from 'vitest';
import { estimateCopies, requestsOf } from '../../src/fan-out/estimate.ts';
import type { Requests } from '../../src/fan-out/estimate.ts';
import { openFanOutBench, SOURCE } from '../support/fan-out-bench.ts';
import { fanOutProcess } from '../support/fan-out-process.ts';

const GIB = 2 ** 30;

/** By which count each command goes: ListParts and ListMultipartUploads are charged as writes are. */
function countOf(command: string): keyof Requests {
  if (command === 'GetItemCommand') return 'ledgerReads';
  if (command.endsWith('ItemCommand')) return 'ledgerWrites';
  return /^(?:Head|GetObject)/.test(command) ? 's3Reads' : 's3Writes';
}

describe('an estimate', () => {
  it.each([5, GIB / 2, GIB / 2 + 1, 5 * GIB, 6 * GIB, 60 * GIB])(
    'of %d octets is what copying them asks',
    async (size) => {
      const bench = await openFanOutBench();
      bench.account.putSparseObject({ bucket: SOURCE, key: 'a', size, seed: 'a' });
      const asked = { s3Reads: 0, s3Writes: 0, ledgerReads: 0, ledgerWrites: 0 };
      const process = await fanOutProcess(bench, 'one', {
        before(command) {
          asked[countOf(command)] += 1;
        },
      });
      expect(await process.work({ is: 'look', key: 'a', run: 'run', isAgain: false })).toMatchObject({
        is: 'copied',
        size,
      });
      expect(asked).toStrictEqual(requestsOf(size));
    },
  );

  it('sums up, and tells what goes to another region', () => {
    const [near, far] = [false, true].map((isCrossRegion) => estimateCopies([5, 6 * GIB], isCrossRegion));
    expect(near).toStrictEqual({
      objects: 2,
      bytes: 6 * GIB + 5,
      crossRegionBytes: 0,
      s3Reads: 3,
      s3Writes: 17,
      ledgerReads: requestsOf(5).ledgerReads + requestsOf(6 * GIB).ledgerReads,
      ledgerWrites: requestsOf(5).ledgerWrites + requestsOf(6 * GIB).ledgerWrites,
    });
    expect(far?.crossRegionBytes).toBe(6 * GIB + 5);
  });
});
