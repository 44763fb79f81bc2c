import { fanOutVerify } from '../operations/fan-out/verify.ts';
import { renderFanOutVerify } from '../report/render.ts';
import { exitOfFanOutRun } from './exit-codes.ts';
import { fanOutOptions } from './fan-out-session.ts';
import type { FanOutFlags } from './fan-out-session.ts';
import { heeding } from './interruption.ts';
import { openReportFile } from './output.ts';
import { withSession } from './session.ts';

export interface FanOutVerifyFlags extends FanOutFlags {
  readonly prefix?: string;
}

export function runFanOutVerify(name: string, flags: FanOutVerifyFlags): Promise<number> {
  return heeding((interruption) =>
    withSession(flags, async (session) => {
      const report = flags.out === undefined ? undefined : openReportFile(flags.out);
      const result = await fanOutVerify(session.project, {
        ...fanOutOptions(name, flags, session),
        stop: interruption.stop,
        ...(flags.prefix !== undefined && { prefix: flags.prefix }),
      });
      const exitCode = exitOfFanOutRun({ ok: result.ok, interrupted: !result.complete }, interruption.signal());
      session.output.progress.end();
      report?.write(result);
      session.output.result(result, (options) => renderFanOutVerify(result, options), exitCode);
      return exitCode;
    }),
  );
}
