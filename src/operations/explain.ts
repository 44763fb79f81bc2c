import { AwsError } from '../aws/errors.ts';
import { documentAddress, resourceAddress } from '../engine/address.ts';
import { explainDeclared, explainUndeclared } from '../engine/explain.ts';
import type { ExplainResult } from '../engine/explain.ts';
import type { PlanRun } from '../engine/plan.ts';
import type { Address } from '../engine/types.ts';
import { lookAndPlan, worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import type { Project } from './project.ts';
import { connect } from './world.ts';

export interface ExplainOptions extends Omit<CommandOptions, 'only' | 'exclude'> {
  /** `kind/name`, or `kind/name/logical id` for one object. */
  readonly address: Address;
}

/**
 * All that is known of a document or an object, read from the plan that would be made now. What no document declares is
 * looked for in all accounts.
 *
 * @throws AwsError TU2022 for an address that nothing has
 */
export async function explain(project: Project, options: ExplainOptions): Promise<ExplainResult> {
  const { address } = options;
  const chosen = worldOptions(options, { role: 'plan', listing: 'always' });
  const aws = connect(project, chosen);
  const document = project.documents.map(documentAddress).find((one) => one === documentPart(address));
  if (document !== undefined) {
    const { world, run } = await lookAndPlan(project, aws, chosen, { only: [document] });
    const explained = explainDeclared(world, run, address);
    if (explained) return explained;
  }
  const { world, run } = await lookAndPlan(project, aws, chosen, {});
  const explained = explainUndeclared(world, run, address);
  if (explained) return explained;
  const unseen = run.plan.complete ? '' : '; not everything could be looked at, so it may exist all the same';
  throw new AwsError('TU2022', `nothing has the address ${address}${unseen}`, { hint: knownAddresses(run, document) });
}

function documentPart(address: Address): Address {
  return address.split('/').slice(0, 2).join('/');
}

/** Of a document's objects where the document is right, else the documents and what nobody declares. */
function knownAddresses({ documents, orphans }: PlanRun, document: Address | undefined): string {
  const internals = document === undefined ? undefined : documents.get(document);
  if (internals) {
    const ids = internals.resources.map(({ id }) => resourceAddress(internals.document, id));
    return `objects of ${document}: ${ids.join(', ')}`;
  }
  const undeclared = orphans.map(({ id }) => id);
  return [
    `documents: ${[...documents.keys()].join(', ') || 'none'}`,
    ...(undeclared.length > 0 ? [`declared nowhere: ${undeclared.join(', ')}`] : []),
  ].join('; ');
}
