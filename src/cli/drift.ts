import { drift } from '../operations/drift.ts';
import { renderDrift } from '../report/render.ts';
import { exitOfDrift } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

export interface DriftFlags extends SharedFlags {
  readonly detailedExitcode?: boolean;
  readonly records?: boolean;
}

export function runDrift(flags: DriftFlags): Promise<number> {
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const found = await drift(session.project, commandOptions(flags, session));
    const exitCode = exitOfDrift(found, flags.detailedExitcode ?? false);
    session.output.progress.end();
    report?.write(found);
    const records = flags.records ?? false;
    session.output.result(found, (options) => renderDrift(found, { ...options, records }), exitCode);
    return exitCode;
  });
}
