import type { Account, Estate } from '../../engine/types.ts';
import { roleArn, rolePath } from '../../resources/role-arns.ts';
import { nameOf } from '../function/names.ts';
import { roleId } from '../function/resources.ts';
import { homeOf, LOOP } from './loop-document.ts';
import type { ReconcileLoop } from './loop-document.ts';
import type { ReconcileLoopSpec } from './spec.gen.ts';

type RoleOfAccount = 'planRole' | 'applyRole';

/** As which role of Settings a loop looks, and writes where it may: the one of the command line's verb for that. */
export function roleOfMode(mode: ReconcileLoopSpec['mode']): RoleOfAccount {
  return mode === 'report' ? 'planRole' : 'applyRole';
}

/** ARNs of all roles that a loop may become: of every account of Settings. */
export function assumedRoles({ spec }: ReconcileLoop, { accounts }: Pick<Estate, 'accounts'>): readonly string[] {
  return accounts.flatMap((account) => account[roleOfMode(spec.mode)] ?? []);
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
