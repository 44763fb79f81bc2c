import { orphans } from '../operations/orphans.ts';
import { renderOrphans } from '../report/render.ts';
import { exitOfOrphans } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

export interface OrphansFlags extends Omit<SharedFlags, 'only' | 'exclude'> {
  readonly detailedExitcode?: boolean;
  readonly region?: readonly string[];
}

export function runOrphans(flags: OrphansFlags): Promise<number> {
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const { region: regions = [] } = flags;
    const found = await orphans(session.project, { ...commandOptions(flags, session), regions });
    const exitCode = exitOfOrphans(found, flags.detailedExitcode ?? false);
    session.output.progress.end();
    report?.write(found);
    session.output.result(found, (options) => renderOrphans(found, options), exitCode);
    return exitCode;
  });
}
