import { approvalsOf, isLoop } from '../reconcilers/reconcile-loop/loop-document.ts';
import type { ReconcileLoop } from '../reconcilers/reconcile-loop/loop-document.ts';
import { ownRoleOf, roleOfMode } from '../reconcilers/reconcile-loop/roles.ts';
import { globalArn } from '../resources/arns.ts';
import { distinct, policyOf } from './policy.ts';
import type { Policy, PolicyStatement } from './policy.ts';
import { defaultAccountOf } from './tree.ts';
import type { IamTree } from './tree.ts';

/** ARNs of the roles of functions that look (plan) or write (apply) as the roles of Settings. */
export function loopRoles(tree: IamTree, verb: 'plan' | 'apply'): readonly string[] {
  const role = verb === 'plan' ? 'planRole' : 'applyRole';
  const loops = loopsOf(tree).filter(({ spec }) => roleOfMode(spec.mode) === role);
  return distinct(loops.map((document) => ownRoleOf(document, tree.estate)));
}

/**
 * What the workflow that publishes may do, and nobody else: put bundles and approvals where loops read them, and sign with
 * their keys (threats T72). Undefined: no loop takes anything signed.
 */
export function publishPolicy(tree: IamTree): Policy | undefined {
  const place = { account: defaultAccountOf(tree).id, region: tree.settings.defaultRegion };
  const signed = loopsOf(tree).filter(({ spec }) => spec.signingKey !== undefined);
  const objects = signed.flatMap((document) =>
    [document.spec.source.s3, approvalsOf(document)].flatMap((one) => one ?? []),
  );
  if (objects.length === 0) return undefined;
  const inS3 = (name: string): string => globalArn('s3', place, name, '');
  return policyOf([
    allow(
      'Publish',
      ['s3:GetObject', 's3:PutObject'],
      objects.map(({ bucket, key }) => inS3(`${bucket}/${key}`)),
    ),
    // Without it an object that is not there yet is a refusal.
    allow(
      'Absence',
      ['s3:ListBucket'],
      objects.map(({ bucket }) => inS3(bucket)),
    ),
    allow(
      'Sign',
      ['kms:Sign', 'kms:Verify'],
      signed.flatMap(({ spec }) => spec.signingKey ?? []),
    ),
  ]);
}

function loopsOf({ documents }: IamTree): readonly ReconcileLoop[] {
  return documents.filter(isLoop);
}

function allow(Sid: string, Action: readonly string[], resources: readonly string[]): PolicyStatement {
  return { Sid, Effect: 'Allow', Action, Resource: distinct(resources) };
}
