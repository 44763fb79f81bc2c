import { documentOf } from '../engine/address.ts';
import type { Finding } from '../engine/types.ts';
import type { RenderedResource } from './resource.ts';
import type { RenderedPlace } from './types.ts';

/** CloudFormation quotas, "Resources": in one template. */
const MAX_RESOURCES = 500;
/** CloudFormation quotas, "Template body size in an Amazon S3 object": 1 MB. */
const MAX_BYTES = 1_000_000;

/** What AWS would refuse: there is one template for each account and region, however much it holds. */
export function sizeFindings({ account, region, template }: RenderedPlace): readonly Finding[] {
  const resources = Object.keys(template.Resources).length;
  const bytes = Buffer.byteLength(JSON.stringify(template));
  const over = [
    ...(resources > MAX_RESOURCES ? [`${resources} resources, and a stack takes ${MAX_RESOURCES}`] : []),
    ...(bytes > MAX_BYTES ? [`${bytes} bytes, and a template takes ${MAX_BYTES}`] : []),
  ];
  return over.map((what) => ({
    document: '',
    code: 'template-too-large',
    severity: 'warning',
    message: `the template of ${account} ${region} has ${what}`,
    hint: 'split it by documents: a resource refers to those of its own document only, and keeps its logical id in any template',
  }));
}

/** What must be looked up before an import, and what must stand before another stack. */
export function resourceFindings({
  address,
  toFind,
  import: entry,
  place,
  afterOthers,
}: RenderedResource): readonly Finding[] {
  const document = documentOf(address);
  return [
    ...toFind.map((name): Finding => ({
      document,
      code: 'identifier-to-find',
      severity: 'info',
      message: `AWS chose the ${name} of ${address}: an import of ${entry.LogicalResourceId} takes it in place of ${JSON.stringify(entry.ResourceIdentifier[name])}`,
      hint: `trueup explain ${address}`,
    })),
    ...afterOthers.map((other): Finding => ({
      document,
      code: 'other-stack-first',
      severity: 'info',
      message: `the stack of ${other.place.account} ${other.place.region} comes before that of ${place.account} ${place.region}: ${address} needs ${other.address}`,
    })),
  ];
}
