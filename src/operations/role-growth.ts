import type { Finding } from '../engine/types.ts';
import { iamGrowth } from '../iam/growth.ts';
import type { RoleChange } from '../iam/growth.ts';
import { documentAddress } from '../engine/address.ts';
import { canonical } from '../engine/value.ts';
import type { IamTree } from '../iam/tree.ts';
import type { Project } from './project.ts';

const ROLES = ['plan', 'apply', 'boundary'] as const;

/**
 * What the change since the base takes of the roles by which the estate is planned, applied and bounded: one finding for
 * each of them that needs more. Nothing is said where the documents of before cannot be read.
 */
export function roleGrowthFindings({ base, baseFault, ...project }: Project): readonly Finding[] {
  if (!base || baseFault !== undefined) return [];
  const { added, taken } = iamGrowth(base, project);
  const isNew = ofNewDocuments(base, project, added);
  return ROLES.flatMap((role) =>
    [...new Set(added.map(({ account }) => account))].sort().flatMap((account): readonly Finding[] => {
      const isIts = (change: RoleChange): boolean => change.role === role && change.account === account;
      const [more, less] = [added.filter(isIts), taken.filter(isIts)];
      if (more.length === 0) return [];
      const alias = project.accounts.get(account)?.alias;
      const where = alias === undefined ? account : `${alias} (${account})`;
      const what = role === 'boundary' ? 'the permissions boundary' : `the ${role} role`;
      return [
        {
          document: '',
          code: 'role-grows',
          severity: 'info',
          message: `this change takes more of ${what} in ${where} than what was before it`,
          hint: 'trueup iam prints the policies for it',
          data: {
            role,
            account,
            adds: more.map((change) => ({ ...grantOf(change), ...(isNew(change) && { new: true }) })),
            takes: less.map(grantOf),
          },
        },
      ];
    }),
  );
}

function grantOf({ action, resource }: RoleChange) {
  return { action, resource };
}

/** Which of these come with documents that were not there before, and would not come without them. */
function ofNewDocuments(
  before: IamTree,
  after: IamTree,
  added: readonly RoleChange[],
): (change: RoleChange) => boolean {
  const known = new Set(before.documents.map(documentAddress));
  const documents = after.documents.filter(({ kind, name, formerly }) =>
    [name, ...formerly].some((one) => known.has(documentAddress({ kind, name: one }))),
  );
  if (added.length === 0 || documents.length === after.documents.length) return () => false;
  const without = new Set(iamGrowth(before, { ...after, documents }).added.map(canonical));
  return (change) => !without.has(canonical(change));
}
