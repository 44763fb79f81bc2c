import { fanOutStatus } from '../operations/fan-out/status.ts';
import { renderFanOutStatus } from '../report/render.ts';
import { EXIT } from './exit-codes.ts';
import { fanOutOptions } from './fan-out-session.ts';
import type { FanOutFlags } from './fan-out-session.ts';
import { openReportFile } from './output.ts';
import { withSession } from './session.ts';

export interface FanOutStatusFlags extends FanOutFlags {
  readonly key?: string;
  readonly rows?: number;
}

/** Exit 0 whatever it tells. */
export function runFanOutStatus(name: string, flags: FanOutStatusFlags): Promise<number> {
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const { key, rows } = flags;
    const result = await fanOutStatus(session.project, {
      ...fanOutOptions(name, flags, session),
      ...(key !== undefined && { key }),
      ...(rows !== undefined && { rows }),
    });
    session.output.progress.end();
    report?.write(result);
    session.output.result(result, (options) => renderFanOutStatus(result, options), EXIT.ok);
    return EXIT.ok;
  });
}
