import { fanOutRedrive } from '../operations/fan-out/redrive.ts';
import { renderFanOutRedrive } from '../report/render.ts';
import { exitOfFanOutRun } from './exit-codes.ts';
import { fanOutOptions } from './fan-out-session.ts';
import type { FanOutFlags } from './fan-out-session.ts';
import { heeding } from './interruption.ts';
import { openReportFile } from './output.ts';
import { withSession } from './session.ts';

/** Exit 1 where a dead letter stays. */
export function runFanOutRedrive(name: string, flags: FanOutFlags): Promise<number> {
  return heeding((interruption) =>
    withSession(flags, async (session) => {
      const report = flags.out === undefined ? undefined : openReportFile(flags.out);
      const result = await fanOutRedrive(session.project, {
        ...fanOutOptions(name, flags, session),
        stop: interruption.stop,
      });
      const exitCode = exitOfFanOutRun(result, interruption.signal());
      session.output.progress.end();
      report?.write(result);
      session.output.result(result, (options) => renderFanOutRedrive(result, options), exitCode);
      return exitCode;
    }),
  );
}
