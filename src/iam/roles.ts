import type { Permission } from '../engine/types.ts';
import { boundaryArn } from '../reconcilers/function/policy.ts';
import { globalArn } from '../resources/arns.ts';
import { SCHEDULED_INSTANCES } from '../resources/scheduled-instances/types.ts';
import { declaredResources } from './declared.ts';
import { applyDenies, DATA_ACTIONS, planDenies } from './denies.ts';
import { applyNeeds, leaseResources, lookingFunctions, planNeeds } from './needs.ts';
import type { RoleNeed } from './needs.ts';
import { distinct, policyOf } from './policy.ts';
import type { Policy } from './policy.ts';
import { grantOf, statementsOf } from './statements.ts';
import { accountsOf } from './tree.ts';
import type { EnteredAccount, IamTree } from './tree.ts';

/** Name of the role by which a person makes the others (docs/roles.md). */
const BOOTSTRAP_ROLE = 'trueup-bootstrap';

/** A policy of one account. */
export interface AccountPolicy {
  readonly account: EnteredAccount;
  readonly policy: Policy;
}

/** What may be read by whoever plans: no secret and no contents, also where a document would have it so. */
export function withoutData(needs: readonly RoleNeed[]): readonly RoleNeed[] {
  return needs.filter(({ permission }) => !isData(permission));
}

export function isData({ action }: Permission): boolean {
  return DATA_ACTIONS.some((denied) =>
    denied.endsWith('*') ? action.startsWith(denied.slice(0, -1)) : action === denied,
  );
}

/** The plan role's policy in every account in which it needs anything, by alias. */
export function planPolicies(tree: IamTree): readonly AccountPolicy[] {
  const needs = withoutData(planNeeds(tree));
  const functions = lookingFunctions(tree);
  const leases = leaseResources(tree);
  return byAccount(tree, needs, (account, permissions) => [
    ...statementsOf(permissions.map(grantOf), leases),
    ...planDenies(functions.filter((one) => one.account === account.id).map(({ permission }) => permission.resource)),
  ]);
}

/** The same of the apply role. */
export function applyPolicies(tree: IamTree): readonly AccountPolicy[] {
  const machines = declaredResources(tree).filter(({ desired }) => desired.type === SCHEDULED_INSTANCES);
  const { permissionsBoundary: boundary } = tree.estate;
  const leases = leaseResources(tree);
  return byAccount(tree, applyNeeds(tree), (account, permissions) => {
    const place = { account: account.id, region: tree.settings.defaultRegion };
    const here = machines.filter(({ desired }) => desired.place.account === account.id);
    const tagged = permissions.filter(({ action }) => action === 'ec2:CreateTags').map(({ resource }) => resource);
    const bootstrap = globalArn('iam', place, `role/${BOOTSTRAP_ROLE}`);
    return [
      ...statementsOf(permissions.map(grantOf), leases),
      ...applyDenies({
        boundary: boundary === undefined ? undefined : boundaryArn(boundary, place),
        roles: [account.planRole, account.applyRole, bootstrap].flatMap((role) => role ?? []),
        iam: globalArn('iam', place, '').slice(0, -1),
        machines: {
          resources: distinct(tagged),
          keys: here.map(({ draft }) => String((draft.properties as { readonly TagKey: unknown }).TagKey)),
        },
      }),
    ];
  });
}

function byAccount(
  tree: IamTree,
  needs: readonly RoleNeed[],
  statements: (account: EnteredAccount, permissions: readonly Permission[]) => Policy['Statement'],
): readonly AccountPolicy[] {
  return accountsOf(tree).flatMap((account) => {
    const own = needs.filter((need) => need.account === account.id).map(({ permission }) => permission);
    return own.length === 0 ? [] : [{ account, policy: policyOf(statements(account, own)) }];
  });
}
