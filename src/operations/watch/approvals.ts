import { loopDocument } from '../../reconcilers/reconcile-loop/loop-document.ts';
import type { ReconcileLoop } from '../../reconcilers/reconcile-loop/loop-document.ts';
import type { Endpoint } from '../endpoint.ts';
import { openApprovals } from '../loop/open.ts';
import type { Approvals } from '../loop/types.ts';
import type { Project } from '../project.ts';
import { silent } from '../reporter.ts';
import { connect } from '../world.ts';

/**
 * Where a document's approvals are read and verified: with the caller's own credentials, as its function does it with its
 * own, since neither the plan role nor the apply role may read them.
 */
export function watchApprovals(
  project: Project,
  document: ReconcileLoop,
  endpoint: Endpoint,
): Promise<Approvals | undefined> {
  const { id, alias } = project.defaultAccount;
  const own = { id, alias };
  const aws = connect(
    { ...project, accounts: new Map([[id, own]]), defaultAccount: own },
    { endpoint, role: 'plan', listing: 'when-moved', reporter: silent, run: 'watch' },
  );
  return openApprovals(aws, loopDocument(document, project.estate));
}
