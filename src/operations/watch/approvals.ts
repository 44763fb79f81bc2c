import { loopDocument } from '../../reconcilers/reconcile-loop/loop-document.ts';
import type { ReconcileLoop } from '../../reconcilers/reconcile-loop/loop-document.ts';
import type { Endpoint } from '../endpoint.ts';
import { openApprovals } from '../loop/open.ts';
import type { Approvals } from '../loop/types.ts';
import type { Project } from '../project.ts';
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
  const aws = connect(project, { endpoint, role: 'caller', run: 'watch' });
  return openApprovals(aws, loopDocument(document, project.estate));
}
