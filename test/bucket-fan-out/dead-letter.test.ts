import { expect, it } from 'vitest';
import { readDeadLetter } from '../../src/reconcilers/bucket-fan-out/dead-letter.ts';
import { DOCUMENT } from '../support/fan-out-bench.ts';

it('a copy that came no further begins to count anew when somebody tries it again', () => {
  const requestPayload = { action: 'continue', document: DOCUMENT.address, pk: 'p', sk: 's', token: 't', turn: 32 };
  expect(readDeadLetter(JSON.stringify({ requestPayload }), DOCUMENT)).toEqual({
    is: 'event',
    event: { ...requestPayload, turn: 0 },
    keys: [],
  });
});
