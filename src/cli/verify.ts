import { verify } from '../operations/verify.ts';
import { renderVerify } from '../report/render.ts';
import { EXIT } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

export function runVerify(flags: SharedFlags): Promise<number> {
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const result = await verify(session.project, commandOptions(flags, session));
    const exitCode = result.ok ? EXIT.ok : EXIT.error;
    session.output.progress.end();
    report?.write(result);
    session.output.result(result, (options) => renderVerify(result, options), exitCode);
    return exitCode;
  });
}
