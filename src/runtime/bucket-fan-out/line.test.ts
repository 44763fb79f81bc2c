import { describe, expect, it } from 'vitest';
import { conclude } from '../../fan-out/conclude.ts';
import type { Ledger, Named } from '../../fan-out/ledger.ts';
import { copySortKey } from '../../fan-out/ledger-keys.ts';
import { recordLine } from './line.ts';

const BORN = 1_000_000;
const NOW = BORN + 1_234_567;

function named(occasion: Parameters<typeof copySortKey>[0]): Named {
  return { sourceKey: 'a', destinationKey: 'a', at: BORN, isDeleted: false, sk: copySortKey(occasion), nonce: 'n' };
}

/** What is left to another invocation only lets go of its row. */
const LEDGER = { leave: () => Promise.resolve() } as unknown as Ledger;

describe('a copy that goes on in another invocation', () => {
  it('tells for how long its object waits, so that an alarm can', async () => {
    const outcome = await conclude(LEDGER, 'pk', named({ sequencer: '01' }), 'attempt', { is: 'continues' });
    const { metrics } = recordLine('BucketFanOut/invoices', outcome as { readonly is: 'continues' }, NOW);
    expect(metrics).toEqual([
      { name: 'Continued', unit: 'Count', value: 1 },
      { name: 'Waiting', unit: 'Seconds', value: 1234.567 },
    ]);
  });

  it('does not where a backfill found it, which may be of any age', async () => {
    const outcome = await conclude(LEDGER, 'pk', named({ etag: 'e' }), 'attempt', { is: 'continues' });
    const { metrics } = recordLine('BucketFanOut/invoices', outcome as { readonly is: 'continues' }, NOW);
    expect(metrics).toEqual([{ name: 'Continued', unit: 'Count', value: 1 }]);
  });
});
