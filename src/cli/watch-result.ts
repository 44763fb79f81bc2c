import { NOTHING_YET } from '../operations/loop/state.ts';
import type { LoopMode } from '../operations/loop/types.ts';
import type { WatchRun } from '../operations/watch/watch.ts';
import type { WatchResult } from '../report/watch-result.ts';
import { toReport } from './errors.ts';

type Figures = Pick<
  WatchResult,
  'documents' | 'drifted' | 'differences' | 'open' | 'healed' | 'applied' | 'left' | 'leftAlone' | 'failed'
>;

/** A run as it is told. */
export function watchResult(
  { at, answer, error }: WatchRun,
  { address, mode }: { readonly address: string; readonly mode: LoopMode },
): WatchResult {
  const head = { format: 'trueup/watch@1', at: new Date(at).toISOString() } as const;
  if (!answer) {
    const failure = toReport(error).report;
    return { ...head, outcome: 'error', document: address, mode, ...figuresOf(NOTHING_YET), error: failure };
  }
  const { outcome, document, commit, refusal } = answer;
  return {
    ...head,
    outcome,
    document,
    mode,
    ...(commit !== undefined && { commit }),
    ...figuresOf(answer),
    ...(refusal && { refusal }),
  };
}

/** Of what a run came to those that are told, in this order. */
function figuresOf(found: Figures): Figures {
  const { documents, drifted, differences, open, healed, applied, left, leftAlone, failed } = found;
  return { documents, drifted, differences, open, healed, applied, left, leftAlone, failed };
}
