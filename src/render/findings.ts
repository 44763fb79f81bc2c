import { documentAddress, documentOf } from '../engine/address.ts';
import type { Document, Finding } from '../engine/types.ts';
import { isLoop } from '../reconcilers/reconcile-loop/loop-document.ts';
import { importSteps } from './import-steps.ts';
import { overQuotas } from './quotas.ts';
import type { RenderedResource } from './resource.ts';
import type { RenderedPlace } from './types.ts';

/**
 * What AWS would refuse, or takes in parts: there is one template for each account and region, however much it holds.
 * @param text as the template is written to its file
 */
export function sizeFindings(place: RenderedPlace, text: string): readonly Finding[] {
  const { account, region, template } = place;
  const over = overQuotas(template, text);
  if (over.length > 0) {
    return over.map((what) => ({
      document: '',
      code: 'template-too-large',
      severity: 'warning',
      message: `the template of ${account} ${region} has ${what}`,
      hint: 'split it by documents: a resource refers to those of its own document only, and keeps its logical id in any template',
    }));
  }
  const steps = importSteps(place);
  if (steps.length === 1) return [];
  const counts = steps.map(({ resources }) => resources.length).join(', then ');
  return [
    {
      document: '',
      code: 'import-in-parts',
      severity: 'info',
      message: `one import takes 200 resources, and the template of ${account} ${region} has ${Object.keys(template.Resources).length}: ${steps.length} imports into one stack take ${counts}`,
      hint: 'in this order, each with its own template: --out writes them, and prints the commands',
    },
  ];
}

/** A loop is trueup, and not the estate: with a stack beside it, two look after the same objects. */
export function loopFindings(documents: readonly Document[]): readonly Finding[] {
  return documents.filter(isLoop).map((document) => {
    const { mode } = document.spec;
    const does = mode === 'report' ? 'calls drift' : 'puts back';
    return {
      document: documentAddress(document),
      code: 'loop-goes-on',
      severity: 'warning',
      message: `the loop goes on beside a stack and ${does} what the stack changes (mode: ${mode})`,
      hint: 'before an import: delete its document, apply, and render again',
    };
  });
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
