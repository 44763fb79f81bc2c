import type { Aws } from '../aws/clients.ts';
import { makeApproval, openApproval } from '../bundle/approval.ts';
import type { OpenedApproval, PlanToApprove } from '../bundle/approval.ts';
import { openBundle } from '../bundle/bundle.ts';
import { MAX_APPROVAL_BYTES, MAX_BUNDLE_BYTES } from '../bundle/limits.ts';
import type { ApproveResult, GivenApproval } from '../bundle/result.ts';
import type { BundleStatement } from '../bundle/statement.ts';
import type { Plan } from '../engine/types.ts';
import { approvalsOf, homeOf } from '../reconcilers/reconcile-loop/loop-document.ts';
import type { ObjectPlace } from '../reconcilers/reconcile-loop/loop-document.ts';
import { openObject } from '../resources/stored-object.ts';
import { carriedOver } from './carried-approvals.ts';
import { committedTree } from './committed-tree.ts';
import type { CommittedTree } from './committed-tree.ts';
import { clockOf } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { PublishError } from './errors.ts';
import { keyOf, loopsOf } from './loops.ts';
import type { SignedLoop } from './loops.ts';
import type { Project } from './project.ts';
import type { Selection } from './selection.ts';
import { explained, objectName, readSigned, writeSigned } from './signed-object.ts';
import { connect } from './world.ts';

/** A plan as `plan --out` wrote it. */
export interface PlanFile {
  /** Of the file, for messages. */
  readonly name: string;
  readonly plan: Plan;
  /** All of it. */
  readonly text: string;
}

export interface ApproveOptions extends Selection {
  readonly endpoint: Endpoint;
  readonly plans: readonly PlanFile[];
  /** Are they let pass by this, whatever was before? Default: they are. */
  readonly isAnew?: boolean;
  /** Stands in the trail of every call. */
  readonly run?: string;
}

const WANTED = {
  message: 'no document applies what is approved',
  hint: 'a ReconcileLoop with mode: apply does; the other modes need no approval',
};

/**
 * Signs plans for the configuration that loops go by: for the bundle that is published, which must hold what this
 * checkout does, or for the commit itself where a loop reads a branch. What was approved of the same bundle before stays
 * approved, and of the one before it what `carriedOver` holds. An approval names the commit: a later one of the same files
 * gets one of its own where a loop reads a branch, also where no plan is new.
 * @throws PublishError and nothing more is written then.
 */
export async function approve(project: Project, options: ApproveOptions): Promise<ApproveResult> {
  const isWanted = (document: SignedLoop['document']): boolean => approvalsOf(document) !== undefined;
  const loops = loopsOf(project, options, { ...WANTED, isWanted });
  for (const plan of options.plans) {
    const refusal = planRefusal(project, plan);
    if (refusal) throw refusal;
  }
  const tree = await committedTree(project);
  const plans = options.plans.map(({ plan: { digest }, text }) => ({ digest, text }));
  const { isAnew = true } = options;
  const now = clockOf(options.endpoint).now();
  const aws = connect(project, { ...options, role: 'caller' });
  const done = new Map<string, Given>();
  const approvals: GivenApproval[] = [];
  for (const loop of loops) {
    const place = approvalsOf(loop.document);
    if (!place) continue;
    const name = objectName(place);
    const given =
      done.get(name) ?? (await explained(name, () => give(aws, project, { loop, place, tree, plans, isAnew, now })));
    done.set(name, given);
    approvals.push({ document: loop.address, ...place, ...given });
  }
  return { format: 'trueup/approve@1', owner: project.estate.owner, approvals, calls: aws.calls() };
}

/** What apply would not take, either. @returns why; undefined: it may be approved */
export function planRefusal({ config, estate }: Project, { name, plan }: PlanFile): PublishError | undefined {
  const again = 'make a new one: trueup plan --out plan.json';
  if (plan.owner !== estate.owner) {
    return new PublishError('TU3047', `${name} is a plan of the estate ${plan.owner}, and this is ${estate.owner}`, {
      hint: again,
      exit: 'stale',
    });
  }
  if (plan.config.digest !== config.digest) {
    return new PublishError('TU3047', `${name} was made of another configuration than this checkout holds`, {
      hint: again,
      exit: 'stale',
    });
  }
  if (!plan.complete) {
    return new PublishError('TU3048', `${name} is not complete: something could not be looked at`, { hint: again });
  }
  const standing = plan.guards.filter(({ allowed }) => !allowed).map(({ code }) => code);
  if (standing.length > 0) {
    return new PublishError('TU3048', `${name} is stopped by ${[...new Set(standing)].join(', ')}`, {
      hint: 'trueup plan shows the line of Settings that lets exactly that plan pass',
      exit: 'guard',
    });
  }
  return undefined;
}

type Given = Omit<GivenApproval, 'document' | 'bucket' | 'key'>;

interface Wish {
  readonly loop: SignedLoop;
  readonly place: ObjectPlace;
  readonly tree: CommittedTree;
  readonly plans: readonly PlanToApprove[];
  readonly isAnew: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

async function give(aws: Aws, project: Project, { loop, place, tree, plans, isAnew, now }: Wish): Promise<Given> {
  const home = homeOf(project.estate);
  const { signer, expected } = keyOf(aws, project, loop);
  const { s3 } = loop.document.spec.source;
  const bundle = s3 ? await published(aws, project, { loop, place: s3, tree }) : tree.statement;
  const object = {
    store: await openObject(aws, home, place),
    name: objectName(place),
    most: MAX_APPROVAL_BYTES,
    contentType: 'application/json',
    open: (bytes: Uint8Array) => openApproval(bytes, expected),
  };
  const found = await readSigned(object);
  const before = found && approvedBefore(found.content, bundle, object.name);
  const target = { bundle: bundle.commit, checkout: tree.statement.commit, now };
  const carried = found && !before ? await carriedOver(project, found.content, target) : [];
  const isReplaced = (digest: string): boolean => isAnew && plans.some((plan) => plan.digest === digest);
  const kept = before?.plans ?? carried.filter(({ digest }) => !isReplaced(digest));
  const known = new Set(kept.map(({ digest }) => digest));
  const added = plans.filter(({ digest }, index) => {
    return !known.has(digest) && plans.findIndex((plan) => plan.digest === digest) === index;
  });
  const told = { bundle: bundle.digest, commit: bundle.commit, generation: bundle.generation };
  if (before && added.length === 0) return { ...told, plans: before.statement.plans, action: 'unchanged' };
  const all = [...kept, ...added];
  const approvedAt = new Date(now).toISOString();
  const { bytes, statement } = await makeApproval({ bundle, plans: all, approvedAt }, signer);
  await writeSigned(object, bytes, found);
  return { ...told, plans: statement.plans, action: before ? 'extended' : 'approved' };
}

/** What is published, where it is what this checkout holds: only that is approved. */
async function published(
  aws: Aws,
  project: Project,
  { loop, place, tree }: { readonly loop: SignedLoop; readonly place: ObjectPlace; readonly tree: CommittedTree },
): Promise<BundleStatement> {
  const { expected } = keyOf(aws, project, loop);
  const found = await readSigned({
    store: await openObject(aws, homeOf(project.estate), place),
    name: objectName(place),
    most: MAX_BUNDLE_BYTES,
    contentType: 'application/gzip',
    open: (bytes) => openBundle(bytes, expected),
  });
  const hint = `publish this commit first: trueup publish --only ${loop.address}`;
  if (!found) {
    throw new PublishError('TU3047', `nothing is published at ${objectName(place)}`, { hint, exit: 'stale' });
  }
  const { statement, files } = found.content;
  if (isSameTree(files, tree.files)) return statement;
  const what = `${objectName(place)} holds commit ${statement.commit}, whose configuration is not that of ${tree.statement.commit}`;
  throw new PublishError('TU3047', what, { hint, exit: 'stale' });
}

/** By names and contents, not by how they are packed: another version may pack otherwise. */
function isSameTree(one: CommittedTree['files'], other: CommittedTree['files']): boolean {
  const contents = new Map(other.map(({ name, bytes }) => [name, bytes]));
  return (
    one.length === other.length &&
    one.every(({ name, bytes }) => {
      const twin = contents.get(name);
      return twin !== undefined && Buffer.compare(bytes, twin) === 0;
    })
  );
}

/** Undefined: it is of an older bundle, or of the same one under another commit, and ends with it. */
function approvedBefore(found: OpenedApproval, bundle: BundleStatement, name: string): OpenedApproval | undefined {
  const { statement } = found;
  const isSame = statement.bundle === bundle.digest && statement.generation === bundle.generation;
  if (isSame) return statement.commit === bundle.commit ? found : undefined;
  if (statement.generation < bundle.generation) return undefined;
  const back = `where somebody went back or rewrote the branch on purpose: aws s3 rm ${name}, and approve again`;
  throw new PublishError('TU3044', `${name} approves generation ${statement.generation} (commit ${statement.commit})`, {
    hint: `the bundle is of generation ${bundle.generation}: publish the tip of the branch, and approve that; ${back}`,
    exit: 'stale',
  });
}
