import { ConfigError } from '../engine/config/config-error.ts';
import type { Document, DocumentFault } from '../engine/types.ts';
import type { IamTree } from '../iam/tree.ts';
import { renderCloudFormation } from '../render/cloudformation.ts';
import { dynamicReferenceFaults } from '../render/dynamic-references.ts';
import type { RenderResult } from '../render/types.ts';
import { renderValue } from '../report/json.ts';
import { installedHandlers } from './handlers.ts';

/** What `render` refuses of a document, beside what makes it invalid: text that CloudFormation would interpolate. */
export function renderFaults({ pause, spec }: Pick<Document, 'pause' | 'spec'>): readonly DocumentFault[] {
  return dynamicReferenceFaults({ metadata: { pause }, spec });
}

/**
 * The estate as CloudFormation, from the tree alone: nothing is asked of AWS.
 * @throws ConfigError TU1034 for text that CloudFormation would interpolate.
 */
export function render(project: IamTree): RenderResult {
  const { settings, documents, estate } = project;
  for (const { file, faults } of [
    { file: 'Settings', faults: renderFaults({ spec: settings }) },
    ...documents.map((one) => ({ file: `${one.source.file}:${one.source.line}`, faults: renderFaults(one) })),
  ]) {
    refuse(file, faults);
  }
  const { name: handlerName } = installedHandlers();
  const result = renderCloudFormation({ settings, documents, estate }, { handlerName, toText: renderValue });
  // What is put together of several texts is looked at once more.
  for (const { account, region, template } of result.templates) {
    refuse(`the template of ${account} ${region}`, dynamicReferenceFaults({ ...template }));
  }
  return result;
}

function refuse(where: string, [fault]: readonly DocumentFault[]): void {
  if (fault) throw new ConfigError(fault.code, `${where}: ${fault.message}`, fault.hint);
}
