import { randomBytes } from 'node:crypto';
import { parseDuration } from '../engine/duration.ts';
import { fanOutTest } from '../operations/fan-out/probe.ts';
import { renderFanOutTest } from '../report/render.ts';
import { usageError } from './errors.ts';
import { exitOfFanOutRun } from './exit-codes.ts';
import { fanOutOptions } from './fan-out-session.ts';
import type { FanOutFlags } from './fan-out-session.ts';
import { heeding } from './interruption.ts';
import { openReportFile } from './output.ts';
import { withSession } from './session.ts';

export interface FanOutTestFlags extends FanOutFlags {
  readonly timeout: string;
}

/** Of a probe's name. */
const ID_OCTETS = 8;

/** Exit 1 where the probe did not arrive, or is not gone again. */
export function runFanOutTest(name: string, flags: FanOutTestFlags): Promise<number> {
  const seconds = parseDuration(flags.timeout);
  if (seconds === undefined) throw usageError(`--timeout ${flags.timeout} is no duration`, 'such as 60s or 5m');
  return heeding((interruption) =>
    withSession(flags, async (session) => {
      const report = flags.out === undefined ? undefined : openReportFile(flags.out);
      const result = await fanOutTest(session.project, {
        ...fanOutOptions(name, flags, session),
        stop: interruption.stop,
        timeout: seconds * 1000,
        id: randomBytes(ID_OCTETS).toString('hex'),
      });
      const exitCode = exitOfFanOutRun(result, interruption.signal());
      session.output.progress.end();
      report?.write(result);
      session.output.result(result, (options) => renderFanOutTest(result, options), exitCode);
      return exitCode;
    }),
  );
}
