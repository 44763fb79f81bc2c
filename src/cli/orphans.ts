import commonSchema from '../../schemas/common.schema.json' with { type: 'json' };
import { orphans } from '../operations/orphans.ts';
import { renderOrphans } from '../report/render.ts';
import { usageError } from './errors.ts';
import { exitOfOrphans } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

export interface OrphansFlags extends Omit<SharedFlags, 'only' | 'exclude'> {
  readonly detailedExitcode?: boolean;
  readonly region?: readonly string[];
}

/** What `region` is in every document. */
const REGION = new RegExp(commonSchema.$defs.region.pattern, 'u');

export async function runOrphans(flags: OrphansFlags): Promise<number> {
  const stray = flags.region?.find((region) => !REGION.test(region));
  if (stray !== undefined) throw usageError(`--region takes an AWS region such as eu-west-1, not ${stray}`);
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
