import type { ApprovedPlan, OpenedApproval } from '../bundle/approval.ts';
import { documentAddress } from '../engine/address.ts';
import { documentSeal } from '../engine/seal.ts';
import type { Plan } from '../engine/types.ts';
import { KINDS } from '../reconcilers/registry.ts';
import { PlanDocumentError } from './errors.ts';
import { parsePlan } from './plan-document.ts';
import type { Project } from './project.ts';

/**
 * Plans that were approved for an earlier configuration and may not have been applied yet, when another was merged before
 * the loop's next run: those of which every document is still what it was, and what they take away is still declared
 * nowhere. What of it is done already is done; a plan of which anything has moved on ends with its configuration.
 */
export function carriedOver({ documents, estate }: Project, { plans }: OpenedApproval): readonly ApprovedPlan[] {
  const kinds = new Map(KINDS.map(({ kind }) => [kind.kind, kind]));
  const declared = new Map(documents.map((document) => [documentAddress(document), document]));
  return plans.filter(({ text }) => {
    const plan = planIn(text);
    return (
      plan !== undefined && plan.actions.length > 0 && actingDocuments(plan).every((address) => holds(plan, address))
    );
  });

  function holds(plan: Plan, address: string): boolean {
    const reviewed = plan.documents.find((planned) => documentAddress(planned) === address);
    const document = declared.get(address);
    if (!reviewed || !document) return reviewed === undefined && document === undefined;
    const kind = kinds.get(document.kind);
    return kind !== undefined && documentSeal(document, estate, kind) === reviewed.seal;
  }
}

function actingDocuments({ actions }: Plan): readonly string[] {
  return [...new Set(actions.map(({ document }) => document))];
}

/** Another version may have written it. */
function planIn(text: string): Plan | undefined {
  try {
    return parsePlan('the approval', Buffer.from(text));
  } catch (error) {
    if (error instanceof PlanDocumentError) return undefined;
    throw error;
  }
}
