import { expect, it } from 'vitest';
import type { Aws } from '../src/aws/clients.ts';
import { resourceTypes } from '../src/resources/registry.ts';
import { TRAIL_ROWS } from '../src/resources/trail/rows.ts';

const noAws: Aws = {
  client: () => Promise.reject(new Error('nothing is asked here')),
  calls: () => ({}),
};

it('every resource type shows in the trail in a known way', () => {
  const options = { listing: 'always', onTransfer() {}, bundles: () => undefined, now: () => 0 } as const;
  const types = resourceTypes(noAws, options).map(({ type }) => type);

  expect([...TRAIL_ROWS.keys()].toSorted()).toEqual(types.toSorted());
});
