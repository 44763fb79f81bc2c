import { expect, it } from 'vitest';
import type { ApplyResult } from '../engine/types.ts';
import { exitOfApply } from './exit-codes.ts';

it.each([
  { outcome: 'applied', replan: true, fresh: true, exit: 0 },
  { outcome: 'applied', replan: true, fresh: false, exit: 0 },
  { outcome: 'applied', replan: false, fresh: true, exit: 1 },
  { outcome: 'nothing', replan: null, fresh: true, exit: 0 },
  { outcome: 'nothing', replan: null, fresh: false, exit: 1 },
  { outcome: 'nothing', replan: null, fresh: undefined, exit: 0 },
  { outcome: 'partial', replan: false, fresh: false, exit: 5 },
  { outcome: 'not-converged', replan: false, fresh: false, exit: 6 },
  { outcome: 'refused', replan: null, fresh: false, exit: 4 },
  { outcome: 'stale', replan: false, fresh: false, exit: 3 },
] as const)('apply: $outcome, plan after it complete: $replan, before: $fresh → $exit', (row) => {
  const replan = row.replan === null ? null : { complete: row.replan };
  const result = { outcome: row.outcome, replan } as ApplyResult;
  const fresh = row.fresh === undefined ? undefined : { complete: row.fresh };
  expect(exitOfApply(result, undefined, fresh)).toBe(row.exit);
});
