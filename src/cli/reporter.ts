import type { Ending } from '../engine/execute.ts';
import type { Reporter } from '../operations/reporter.ts';
import type { Progress } from '../report/progress.ts';

const MEGABYTE = 1e6;

/** What goes on, as progress lines on stderr. */
export function createReporter(progress: Progress): Reporter {
  return {
    onTransfer(zone, { records, bytes }) {
      const size = (bytes / MEGABYTE).toFixed(1);
      progress.step(zone, `transfer ${records.toLocaleString('en-US')} records  ${size} MB`);
    },
    onStep: (id, text) => progress.step(id, text),
    onEnd: (ending) => progress.done(ending.id, textOf(ending)),
    onWait: (holder, expires) =>
      progress.wait('lease', `waits for ${holder}${expires === null ? '' : `, until ${expires}`}`),
    onTurn: () => progress.done('lease', 'taken'),
  };
}

function textOf(ending: Ending): string {
  switch (ending.state) {
    case 'done':
      return 'done';
    case 'failed':
      return `failed: ${ending.error}`;
    case 'skipped':
      return `skipped: ${ending.why}`;
  }
}
