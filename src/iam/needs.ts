import type { Draft, Permission, Place, Use } from '../engine/types.ts';
import { typeOf } from '../engine/world.ts';
import { boundaryArn } from '../reconcilers/function/policy.ts';
import { KINDS } from '../reconcilers/registry.ts';
import { HOSTED_ZONE } from '../resources/aws-route53-hosted-zone.ts';
import type { HostedZoneProperties } from '../resources/aws-route53-hosted-zone.ts';
import { IAM_ROLE } from '../resources/aws-iam-role.ts';
import { foreignVpcPermissions } from '../resources/hosted-zone-permissions.ts';
import { inventoryPermissions } from '../resources/inventory.ts';
import { leaseBucketLook, leasePermissions } from '../resources/lease/permissions.ts';
import { permit } from '../resources/permissions.ts';
import { secretAccess } from '../resources/secret-access.ts';
import { publishPermissions, topicPlace } from '../resources/topics.ts';
import { onBoundedRole } from './bounded-roles.ts';
import { declaredResources, TYPES } from './declared.ts';
import type { Declared } from './declared.ts';
import { accountsOf, defaultAccountOf, leasePlaceOf, ownersOf } from './tree.ts';
import type { IamTree } from './tree.ts';

/** One permission that a role needs in an account. */
export interface RoleNeed {
  /** Twelve digits. */
  readonly account: string;
  readonly permission: Permission;
}

/** What is done to a declared resource in its life, beside looking at it. */
const WRITES: readonly Use[] = ['create', 'update', 'adopt', 'release'];

/** What plan, drift, orphans and verify ask, and the look for what apply would run into. */
export function planNeeds(tree: IamTree): readonly RoleNeed[] {
  const declared = declaredResources(tree);
  return [...lookNeeds(tree, declared), ...preflightNeeds(tree, declared), ...trailNeeds(declared)].concat(
    roleNeeds(tree, 'planRole'),
    topicNeeds(tree, 'planRole'),
  );
}

/** What an apply does: it looks, writes, removes, and holds the lease meanwhile. And what verbs of single kinds do. */
export function applyNeeds(tree: IamTree): readonly RoleNeed[] {
  const declared = declaredResources(tree);
  const lease = leasePlaceOf(tree);
  return [
    ...lookNeeds(tree, declared),
    ...declared.flatMap((one) => usesOf(one).flatMap((use) => permissionsOf(tree, one, use))),
    ...declared.filter(({ desired }) => desired.type === HOSTED_ZONE).flatMap(({ draft }) => foreignVpcNeeds(draft)),
    ...needs(lease.place, leasePermissions(lease, true)),
    ...asksOf(tree, 'verbAsks'),
    ...trailNeeds(declared),
    ...roleNeeds(tree, 'applyRole'),
    ...topicNeeds(tree, 'applyRole'),
    ...webhookNeeds(tree),
  ];
}

/** ARNs of what applies exclude each other by. */
export function leaseResources(tree: IamTree): ReadonlySet<string> {
  return new Set(leasePermissions(leasePlaceOf(tree), true).map(({ resource }) => resource));
}

/** Names of the functions that only look, as the types that read through them name them. */
export function lookingFunctions(tree: IamTree): readonly RoleNeed[] {
  return lookNeeds(tree, declaredResources(tree)).filter(
    ({ permission }) => permission.action === 'lambda:InvokeFunction',
  );
}

function lookNeeds(tree: IamTree, declared: readonly Declared[]): readonly RoleNeed[] {
  const entered = accountsOf(tree).filter(({ planRole }) => planRole !== undefined);
  return [
    ...declared.flatMap((one) => permissionsOf(tree, one, 'read')),
    ...asksOf(tree, 'asks'),
    ...entered.flatMap(({ id }) => needs(placeIn(tree, id), inventoryPermissions(ownersOf(tree), placeIn(tree, id)))),
  ];
}

function asksOf({ documents, estate }: IamTree, which: 'asks' | 'verbAsks'): readonly RoleNeed[] {
  const kinds = new Map(KINDS.map((one) => [one.kind.kind, one]));
  return documents.flatMap((document) => kinds.get(document.kind)?.[which]?.(document, estate) ?? []);
}

/** A plan asks whether apply will be let in, whether the boundary is there, and whether the first apply makes a bucket. */
function preflightNeeds(tree: IamTree, declared: readonly Declared[]): readonly RoleNeed[] {
  const { permissionsBoundary: boundary } = tree.estate;
  const lease = leasePlaceOf(tree);
  const roles = declared.filter(({ desired }) => desired.type === IAM_ROLE);
  const homes = new Set(roles.map(({ desired }) => desired.place.account));
  return [
    ...needs(lease.place, leaseBucketLook(lease)),
    ...(boundary === undefined
      ? []
      : [...homes].flatMap((account) =>
          needs({ account }, permit('iam', boundaryArn(boundary, placeIn(tree, account)), ['GetPolicy'])),
        )),
    ...accountsOf(tree).flatMap(({ id, applyRole }) =>
      applyRole === undefined ? [] : needs({ account: id }, permit('iam', applyRole, ['SimulatePrincipalPolicy'])),
    ),
  ];
}

/** Who changed what drifted, or moved since its review, and when (the action knows no resources). */
function trailNeeds(declared: readonly Declared[]): readonly RoleNeed[] {
  const homes = new Set(declared.map(({ desired }) => desired.place.account));
  return [...homes].flatMap((account) => needs({ account }, permit('cloudtrail', '*', ['LookupEvents'])));
}

/** Who runs in the default account becomes the roles of the others. */
function roleNeeds(tree: IamTree, role: 'planRole' | 'applyRole'): readonly RoleNeed[] {
  const home = defaultAccountOf(tree);
  return accountsOf(tree)
    .filter(({ isDefault }) => !isDefault)
    .flatMap((account) => {
      const arn = account[role];
      return arn === undefined ? [] : needs({ account: home.id }, permit('sts', arn, ['AssumeRole']));
    });
}

/** Whoever plans says that something drifted, whoever applies what became of it: on the one topic. */
function topicNeeds(tree: IamTree, role: 'planRole' | 'applyRole'): readonly RoleNeed[] {
  const { sns } = tree.settings.notify ?? {};
  if (sns === undefined) return [];
  const { account } = topicPlace(sns);
  const isEntered = accountsOf(tree).some((one) => one.id === account && one[role] !== undefined);
  return isEntered ? needs({ account }, publishPermissions(sns)) : [];
}

/** The address of Slack's webhook is a secret: who plans reads none (threats T61). */
function webhookNeeds(tree: IamTree): readonly RoleNeed[] {
  const { slack } = tree.settings.notify ?? {};
  if (slack === undefined) return [];
  const home = placeIn(tree, defaultAccountOf(tree).id);
  const { read, decrypt } = secretAccess(slack, home);
  return needs(home, [read, decrypt]);
}

/** What has contents is let go: only where its document says so it is deleted. */
function usesOf({ document, desired }: Declared): readonly Use[] {
  const isKept = typeOf({ types: TYPES }, desired.type).stateful === true && document.onRemove !== 'delete';
  return isKept ? WRITES : [...WRITES, 'delete'];
}

function permissionsOf(tree: IamTree, { desired, draft }: Declared, use: Use): readonly RoleNeed[] {
  const { account } = desired.place;
  const permissions = typeOf({ types: TYPES }, desired.type).permissions(draft, use);
  // Where there is another way, the role is not given what it can do without: it reads no key that a function can read.
  const needed = permissions.filter(({ optional }) => optional !== true);
  return needs(
    { account },
    needed.map((permission) => onBoundedRole(tree, account, permission)),
  );
}

function foreignVpcNeeds(draft: Draft): readonly RoleNeed[] {
  return foreignVpcPermissions(draft as unknown as Draft<HostedZoneProperties>);
}

function needs({ account }: Pick<Place, 'account'>, permissions: readonly Permission[]): readonly RoleNeed[] {
  return permissions.map((permission) => ({ account, permission }));
}

function placeIn({ settings }: IamTree, account: string): Place {
  return { account, region: settings.defaultRegion };
}
