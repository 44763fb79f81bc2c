import { dirname, join } from 'node:path';
import { installedHandlers } from '../operations/handlers.ts';
import { render, renderFaults } from '../operations/render.ts';
import { handlerFiles, renderedFiles } from '../render/files.ts';
import type { RenderResult } from '../render/types.ts';
import { renderValue } from '../report/json.ts';
import { renderTemplates } from '../report/render.ts';
import { usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { createOutput, makeDirectory, openReportFile } from './output.ts';
import { loadProject } from './session.ts';

interface RenderFlags {
  readonly config: string;
  /** Whose words the estate is rendered in. */
  readonly format: string;
  /** Directory of the files. */
  readonly out?: string;
  readonly color?: string;
  readonly quiet?: boolean;
}

const FORMAT = 'cloudformation';

/** The estate as CloudFormation: as one JSON document, or as files and what to do with them. Nothing is sent. */
export async function runRender({ format, out, ...flags }: RenderFlags): Promise<number> {
  if (format !== FORMAT) throw usageError(`--format ${format} is unknown`, `trueup render --format ${FORMAT}`);
  const output = createOutput({ ...flags, format: out === undefined ? 'json' : 'text' });
  const project = await loadProject(flags, output, { load: { faults: renderFaults } });
  if (!project) return EXIT.invalid;
  const result = render(project);
  if (out !== undefined) writeFiles(out, result);
  output.result(result, (options) => renderTemplates(result, { ...options, directory: out ?? '.' }), EXIT.ok);
  return EXIT.ok;
}

function writeFiles(directory: string, result: RenderResult): void {
  const zips = [...handlerFiles(result)].flatMap(([name, sha256]) => {
    const zip = installedHandlers().zip(sha256);
    return zip ? [{ name, bytes: Buffer.from(zip) }] : [];
  });
  const texts = renderedFiles(result).map(({ name, value }) => ({ name, bytes: Buffer.from(renderValue(value)) }));
  for (const { name, bytes } of [...texts, ...zips]) {
    const path = join(directory, name);
    makeDirectory(dirname(path));
    openReportFile(path).writeBytes(bytes);
  }
}
