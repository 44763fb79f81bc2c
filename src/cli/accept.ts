import { accept } from '../operations/accept.ts';
import { renderAccept } from '../report/render.ts';
import type { DriftFlags } from './drift.ts';
import { usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';

/** `drift --accept KIND/NAME`: 0 where the document's file says something else now, 1 where it does not. */
export function runAccept(document: string, flags: DriftFlags): Promise<number> {
  refuseOthers(flags);
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const result = await accept(session.project, { ...commandOptions(flags, session), document });
    const exitCode = result.accepted.length > 0 ? EXIT.ok : EXIT.error;
    session.output.progress.end();
    report?.write(result);
    session.output.result(result, (options) => renderAccept(result, options), exitCode);
    return exitCode;
  });
}

/** @throws CliError TU0001: what is accepted is one document, by its name, and the exit code says whether. */
function refuseOthers({ only, exclude, detailedExitcode, records, issue }: DriftFlags): void {
  const others = {
    '--only': only,
    '--exclude': exclude,
    '--detailed-exitcode': detailedExitcode,
    '--records': records,
    '--issue': issue,
  };
  const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (other !== undefined) throw usageError(`--accept and ${other} do not go together`, '--accept names one document');
}
