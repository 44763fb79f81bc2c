import { scalarText } from '../engine/config/scalar-text.ts';
import type { Answers } from './answers.ts';

/** The Settings of a new estate, with a reason for each line. Roles have the same names in every account. */
export function settingsText({ owner, accounts, region, planRole, applyRole, boundary }: Answers): string {
  const [first] = accounts;
  return `# yaml-language-server: $schema=../.trueup-schemas/settings.schema.json
#
# The estate: who owns what trueup makes, and where it is made. Exactly one such document in a tree.
# trueup schema Settings prints all fields.
apiVersion: trueup/v1
kind: Settings
metadata:
  name: estate
spec:
  # Written into the marker of every object. Two repositories that share accounts need two owners.
  owner: ${word(owner)}

  # planRole reads, applyRole writes: trueup iam prints what they may do, and who may take them. Ids are quoted: YAML
  # would read the digits as a number and lose a leading zero.
  accounts:
${accounts.map(accountLines).join('\n')}

  # Where a document lives that names no account or region of its own.
  defaultAccount: ${word(first?.alias ?? '')}
  defaultRegion: ${word(region)}

  # Every role that trueup makes for a function carries this policy, which says what such a role may do at most. It must
  # exist in each account under this name: trueup iam prints it, and does not make it.
  permissionsBoundary: ${word(boundary)}

  # What no document declares any more is deleted or let go. A plan that deletes more than this, per kind, is refused
  # until a reviewed line under spec.overrides lets exactly that plan pass.
  guards:
    deletes: { percent: 20, count: 10, from: 5 }
`;

  function accountLines({ alias, id }: Answers['accounts'][number]): string {
    const role = (name: string): string => word(`arn:aws:iam::${id}:role/${name}`);
    return `    ${word(alias)}:
      id: '${id}'
      planRole: ${role(planRole)}
      applyRole: ${role(applyRole)}`;
  }
}

function word(text: string): string {
  return scalarText(text) ?? text;
}
