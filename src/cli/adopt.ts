import { adopt } from '../operations/adopt.ts';
import { renderAdopt } from '../report/render.ts';
import { EXIT } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

export interface AdoptFlags extends SharedFlags {
  readonly write?: boolean;
}

export function runAdopt(document: string, flags: AdoptFlags): Promise<number> {
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const write = flags.write ?? false;
    const result = await adopt(session.project, { ...commandOptions(flags, session), document, write });
    const exitCode = result.complete ? EXIT.ok : EXIT.error;
    session.output.progress.end();
    report?.write(result);
    session.output.result(result, (options) => renderAdopt(result, options), exitCode);
    return exitCode;
  });
}
