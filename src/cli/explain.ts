import { explain } from '../operations/explain.ts';
import { renderExplain } from '../report/render.ts';
import { EXIT } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

export function runExplain(address: string, flags: SharedFlags): Promise<number> {
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const result = await explain(session.project, { ...commandOptions(flags, session), address });
    const exitCode = result.complete ? EXIT.ok : EXIT.error;
    session.output.progress.end();
    report?.write(result);
    session.output.result(result, (options) => renderExplain(result, options), exitCode);
    return exitCode;
  });
}
