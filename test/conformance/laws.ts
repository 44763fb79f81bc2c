import { FAULTS } from './laws/faults.ts';
import { LIFE } from './laws/life.ts';
import { OWNERSHIP } from './laws/ownership.ts';
import { RIGHTS } from './laws/rights.ts';

/** Every law, in the order in which docs/conformance.md has them. */
export const LAWS: Readonly<Record<string, { readonly says: string }>> = {
  ...LIFE,
  ...OWNERSHIP,
  ...RIGHTS,
  ...FAULTS,
};
