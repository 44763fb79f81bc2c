import { publish } from '../operations/publish.ts';
import { renderPublish } from '../report/render.ts';
import { EXIT } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

/** The committed configuration, signed, to where the loops read it. */
export function runPublish(flags: SharedFlags): Promise<number> {
  return withSession(flags, async (session) => {
    const { output, project } = session;
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const result = await publish(project, commandOptions(flags, session));
    output.progress.end();
    report?.write(result);
    output.result(result, (options) => renderPublish(result, options), EXIT.ok);
    return EXIT.ok;
  });
}
