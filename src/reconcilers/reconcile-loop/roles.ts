import type { Account, Estate } from '../../engine/types.ts';
import { roleArn, rolePath } from '../../resources/role-arns.ts';
import { nameOf } from '../function/names.ts';
import { roleId } from '../function/resources.ts';
import { homeOf, LOOP } from './loop-document.ts';
import type { ReconcileLoop } from './loop-document.ts';
import type { ReconcileLoopSpec } from './spec.gen.ts';

type RoleOfAccount = 'planRole' | 'applyRole';

/** Which roles of Settings a loop looks and writes as. */
export function rolesOfMode(mode: ReconcileLoopSpec['mode']): readonly RoleOfAccount[] {
  return mode === 'report' ? ['planRole'] : ['planRole', 'applyRole'];
}

/** ARNs of all roles that a loop may become: of every account of Settings. */
export function assumedRoles({ spec }: ReconcileLoop, { accounts }: Pick<Estate, 'accounts'>): readonly string[] {
  return rolesOfMode(spec.mode).flatMap((role) => accounts.flatMap((account) => account[role] ?? []));
}

/** The account in which the function lives, as Settings declare it. */
export function homeAccountOf(estate: Estate): Account | undefined {
  const { account } = homeOf(estate);
  return estate.accounts.find(({ id }) => id === account);
}

/** ARN of the role that the function itself has: those of Settings trust it by this. */
export function ownRoleOf(document: ReconcileLoop, estate: Estate): string {
  return roleArn(homeOf(estate), rolePath(estate.firstOwner), nameOf(document, estate, roleId(LOOP)));
}
