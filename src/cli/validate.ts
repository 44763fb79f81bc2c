import { validateAnnotations } from '../github/annotations.ts';
import { loadConfig } from '../operations/project.ts';
import { renderValidate } from '../report/render.ts';
import { EXIT } from './exit-codes.ts';
import { createOutput, openReportFile } from './output.ts';
import type { SharedFlags } from './session.ts';

export async function runValidate(flags: SharedFlags): Promise<number> {
  const output = createOutput(flags);
  const report = flags.out === undefined ? undefined : openReportFile(flags.out);
  const { result } = await loadConfig(flags.config);
  report?.write(result);
  const exitCode = result.ok ? EXIT.ok : EXIT.invalid;
  output.result(result, (options) => renderValidate(result, options), exitCode);
  output.annotate(validateAnnotations(result));
  return exitCode;
}
