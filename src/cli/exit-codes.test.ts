import { expect, it } from 'vitest';
import type { ApplyResult } from '../engine/types.ts';
import { exitOfApply, exitOfWatch } from './exit-codes.ts';
import type { WatchResult } from '../report/watch-result.ts';

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

it.each([
  { outcome: 'in-line', why: [], detailed: true, exit: 0 },
  { outcome: 'drifted', why: ['not-applied', 'spared'], detailed: false, exit: 0 },
  { outcome: 'drifted', why: ['not-applied', 'spared'], detailed: true, exit: 2 },
  { outcome: 'drifted', why: ['blocked'], detailed: false, exit: 4 },
  { outcome: 'drifted', why: ['guarded', 'not-applied'], detailed: true, exit: 4 },
  { outcome: 'healed', why: ['guarded'], detailed: false, exit: 4 },
  { outcome: 'applied', why: ['blocked'], detailed: false, exit: 4 },
  { outcome: 'healed', why: ['not-applied'], detailed: true, exit: 0 },
  { outcome: 'partial', why: ['unknown', 'blocked'], detailed: false, exit: 1 },
  { outcome: 'refused', why: [], detailed: true, exit: 1 },
] as const)('watch --once: $outcome, left: $why, detailed: $detailed → $exit', ({ outcome, why, detailed, exit }) => {
  const left = why.map((reason) => ({ document: 'ZoneMirror/corp', why: reason }));
  const result: Partial<WatchResult> = { outcome, left, healed: 0, applied: 0 };
  expect(exitOfWatch(result as WatchResult, detailed)).toBe(exit);
});

it('watch --once: what was done in part ends with 5, whatever is blocked beside it', () => {
  const left = [{ document: 'ZoneMirror/corp', why: 'blocked' }];
  const result: Partial<WatchResult> = { outcome: 'partial', left, healed: 1, applied: 0 };
  expect(exitOfWatch(result as WatchResult, false)).toBe(5);
});
