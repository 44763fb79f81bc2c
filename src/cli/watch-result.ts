import type { LoopMode } from '../operations/loop/types.ts';
import type { WatchRun } from '../operations/watch/watch.ts';
import type { WatchResult } from '../report/watch-result.ts';
import { toReport } from './errors.ts';

const NOTHING = {
  documents: 0,
  drifted: [],
  differences: 0,
  open: 0,
  healed: 0,
  applied: 0,
  left: [],
  leftAlone: 0,
  failed: [],
};

/** A run as it is told. */
export function watchResult(
  { at, answer, error }: WatchRun,
  { address, mode }: { readonly address: string; readonly mode: LoopMode },
): WatchResult {
  const head = { format: 'trueup/watch@1', at: new Date(at).toISOString() } as const;
  if (!answer) {
    return { ...head, outcome: 'error', document: address, mode, ...NOTHING, error: toReport(error).report };
  }
  const { outcome, document, commit, documents, drifted, differences, open, healed, applied, left, leftAlone, failed } =
    answer;
  const { refusal } = answer;
  return {
    ...head,
    outcome,
    document,
    mode,
    ...(commit !== undefined && { commit }),
    documents,
    drifted,
    differences,
    open,
    healed,
    applied,
    left,
    leftAlone,
    failed,
    ...(refusal && { refusal }),
  };
}
