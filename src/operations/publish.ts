import type { Aws } from '../aws/clients.ts';
import { signBundle, verifyBundle } from '../bundle/bundle.ts';
import { MAX_BUNDLE_BYTES } from '../bundle/limits.ts';
import type { PublishedBundle, PublishResult } from '../bundle/result.ts';
import type { BundleStatement } from '../bundle/statement.ts';
import { approvalsOf, homeOf } from '../reconcilers/reconcile-loop/loop-document.ts';
import type { ObjectPlace } from '../reconcilers/reconcile-loop/loop-document.ts';
import { openObject } from '../resources/stored-object.ts';
import { committedTree } from './committed-tree.ts';
import type { CommittedTree } from './committed-tree.ts';
import type { Endpoint } from './endpoint.ts';
import { PublishError } from './errors.ts';
import { keyOf, loopsOf } from './loops.ts';
import type { SignedLoop } from './loops.ts';
import type { Project } from './project.ts';
import type { Selection } from './selection.ts';
import { explained, objectName, readSigned, writeSigned } from './signed-object.ts';
import { connect } from './world.ts';

export interface PublishOptions extends Selection {
  readonly endpoint: Endpoint;
  /** Stands in the trail of every call. */
  readonly run?: string;
}

const WANTED = {
  message: 'no document reads its configuration from a bundle in S3',
  hint: 'a ReconcileLoop with spec.source.s3 does; trueup schema ReconcileLoop',
};

/**
 * The configuration of a commit as a signed bundle, to where each loop reads it: with the caller's own credentials, over
 * what was read there, and never back in generations.
 * @throws PublishError and nothing more is written then.
 */
export async function publish(project: Project, options: PublishOptions): Promise<PublishResult> {
  const isWanted = ({ spec }: SignedLoop['document']): boolean => spec.source.s3 !== undefined;
  const loops = loopsOf(project, options, { ...WANTED, isWanted });
  const tree = await committedTree(project);
  const aws = connect(project, { ...options, role: 'caller' });
  const done = new Map<string, Written>();
  const bundles: PublishedBundle[] = [];
  for (const loop of loops) {
    const { s3 } = loop.document.spec.source;
    if (!s3) continue;
    const name = objectName(s3);
    // Loops that read the same object have the same key.
    const written = done.get(name) ?? (await explained(name, () => write(aws, project, { loop, place: s3, tree })));
    done.set(name, written);
    bundles.push(resultOf(loop, s3, written));
  }
  return { format: 'trueup/publish@1', owner: project.estate.owner, bundles, calls: aws.calls() };
}

interface Written extends Pick<PublishedBundle, 'action'> {
  readonly statement: BundleStatement;
  readonly before: BundleStatement | undefined;
}

async function write(
  aws: Aws,
  project: Project,
  { loop, place, tree }: { readonly loop: SignedLoop; readonly place: ObjectPlace; readonly tree: CommittedTree },
): Promise<Written> {
  const { signer, expected } = keyOf(aws, project, loop);
  const object = {
    store: await openObject(aws, homeOf(project.estate), place),
    name: objectName(place),
    most: MAX_BUNDLE_BYTES,
    contentType: 'application/gzip',
    open: (bytes: Uint8Array) => verifyBundle(bytes, expected),
  };
  const found = await readSigned(object);
  const before = found?.content;
  if (before) refuseStepBack(before, tree.statement, object.name);
  // A tree that went and came back is published anew, so that what was approved of it before does not count again.
  const isUnchanged = before?.digest === tree.statement.digest && before.generation >= tree.unchangedSince;
  if (isUnchanged) return { statement: before, before, action: 'unchanged' };
  await writeSigned(object, await signBundle(tree, signer), found);
  return { statement: tree.statement, before, action: 'published' };
}

/** An older commit, and another tree of the same age, would undo what was published. */
function refuseStepBack(before: BundleStatement, now: BundleStatement, name: string): void {
  const there = `${name} holds generation ${before.generation} (commit ${before.commit})`;
  if (now.generation < before.generation) {
    throw new PublishError('TU3044', `${there}, and this commit is of generation ${now.generation}: it is older`, {
      hint: `publish the tip of the branch; to go back, revert on it, and publish that. Where the branch was rewritten on purpose: aws s3 rm ${name}, publish again, and let the loop take it (docs/kinds/reconcile-loop.md, Troubleshooting)`,
      exit: 'stale',
    });
  }
  if (now.generation > before.generation || now.digest === before.digest) return;
  throw new PublishError('TU3045', `${there} with other contents than ${now.commit}, which is of the same generation`, {
    hint: 'publish from one branch and one directory; a commit more on it decides',
    exit: 'stale',
  });
}

function resultOf({ address, document }: SignedLoop, place: ObjectPlace, written: Written): PublishedBundle {
  const { statement, before, action } = written;
  const { commit, committedAt, generation, digest } = statement;
  return {
    document: address,
    bucket: place.bucket,
    key: place.key,
    digest,
    generation,
    commit,
    committedAt,
    action,
    ...(before &&
      action === 'published' && {
        previous: { commit: before.commit, generation: before.generation, digest: before.digest },
      }),
    approvable: approvalsOf(document) !== undefined,
  };
}
