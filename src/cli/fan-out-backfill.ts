import { fanOutBackfill } from '../operations/fan-out/backfill.ts';
import type { BackfillProgress } from '../operations/fan-out/backfill-pace.ts';
import { backfillProgressText } from '../report/fan-out-backfill-text.ts';
import type { Progress } from '../report/progress.ts';
import { renderFanOutBackfill, renderForetold } from '../report/render.ts';
import { exitOfFanOutRun } from './exit-codes.ts';
import { fanOutOptions } from './fan-out-session.ts';
import type { FanOutFlags } from './fan-out-session.ts';
import { heeding } from './interruption.ts';
import { openReportFile } from './output.ts';
import { withSession } from './session.ts';

export interface FanOutBackfillFlags extends FanOutFlags {
  readonly prefix?: string;
  readonly dryRun?: boolean;
  /** Commander's name for `--no-wait`. */
  readonly wait?: boolean;
}

/** Where there is no terminal, one line in so much time: it may take hours. */
const SAID_EVERY_MS = 30_000;

export function runFanOutBackfill(name: string, flags: FanOutBackfillFlags): Promise<number> {
  return heeding((interruption) =>
    withSession(flags, async (session) => {
      const { output } = session;
      let wasForetold = false;
      const report = flags.out === undefined ? undefined : openReportFile(flags.out);
      const result = await fanOutBackfill(session.project, {
        ...fanOutOptions(name, flags, session),
        stop: interruption.stop,
        ...(flags.prefix !== undefined && { prefix: flags.prefix }),
        dryRun: flags.dryRun ?? false,
        noWait: flags.wait === false,
        onForetold(destinations) {
          // Of a dry run it is the result itself.
          if (flags.dryRun || flags.quiet) return;
          output.note(renderForetold(destinations, output.render).trimEnd());
          wasForetold = true;
        },
        onProgress: progressLines(output.progress, name),
      });
      const exitCode = exitOfFanOutRun(
        { ok: result.ok, interrupted: result.outcome === 'interrupted' },
        interruption.signal(),
      );
      output.progress.end();
      report?.write(result);
      output.result(result, (options) => renderFanOutBackfill(result, { ...options, wasForetold }), exitCode);
      return exitCode;
    }),
  );
}

function progressLines(progress: Progress, name: string): (now: BackfillProgress) => void {
  let said = performance.now();
  return (now) => {
    const text = backfillProgressText(now);
    progress.step(name, text);
    if (performance.now() - said < SAID_EVERY_MS) return;
    said = performance.now();
    progress.wait(name, text);
  };
}
