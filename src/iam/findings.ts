import type { Finding } from '../engine/types.ts';
import { documentAddress } from '../engine/address.ts';
import { declaredResources, TYPES } from './declared.ts';
import { typeOf } from '../engine/world.ts';
import { distinct } from './policy.ts';
import type { Policy } from './policy.ts';
import type { PrintedPolicy } from './result.ts';
import { isData } from './roles.ts';
import { MOST_CHARACTERS, MOST_POLICIES } from './size.ts';
import type { RoleTrust } from './trust.ts';
import type { IamTree } from './tree.ts';

/** What is to be known of the policies of a tree. */
export function iamFindings(
  tree: IamTree,
  policies: readonly Policy[],
  printed: readonly PrintedPolicy[],
  trust: readonly RoleTrust[],
): readonly Finding[] {
  return [
    ...trustFindings(trust),
    ...keyFindings(tree),
    ...webhookFindings(tree),
    ...sizeFindings(printed),
    ...wideFindings(policies),
  ];
}

function trustFindings(trust: readonly RoleTrust[]): readonly Finding[] {
  const namesOf = (some: readonly RoleTrust[]): string => some.map(({ role }) => role).join(', ');
  const without = (why: RoleTrust['why']): string => namesOf(trust.filter((one) => one.why === why));
  const [repository, externalId] = [without('no-repository'), without('no-external-id')];
  const trusting = trust.filter(({ loops }) => loops.length > 0);
  return [
    ...(trusting.length === 0
      ? []
      : [
          {
            document: '',
            code: 'trust-after-apply',
            severity: 'info',
            message: `the trust of ${namesOf(trusting)} names ${distinct(trusting.flatMap(({ loops }) => loops)).join(', ')}: IAM admits such a name only while the role exists, and an apply makes it`,
            hint: 'apply the loop first, then put the trust in place; again if the role was deleted and made anew',
          } as const,
        ]),
    ...(repository === ''
      ? []
      : [
          {
            document: '',
            code: 'trust-without-repository',
            severity: 'info',
            message: `who may become ${repository} from GitHub is not printed: it takes the repository`,
            hint: 'trueup iam --repository OWNER/NAME --repository-id N --owner-id N',
          } as const,
        ]),
    ...(externalId === ''
      ? []
      : [
          {
            document: '',
            code: 'trust-without-external-id',
            severity: 'warning',
            message: `who may become ${externalId} is not printed: Settings name no externalId for the account, and without one others could have the roles used for them`,
            hint: 'spec.accounts.ALIAS.externalId of Settings: any text that nobody else uses',
          } as const,
        ]),
  ];
}

/** A document that has whoever plans read its key: that role may not. */
function keyFindings(tree: IamTree): readonly Finding[] {
  const documents = declaredResources(tree)
    .filter(({ desired, draft }) => typeOf({ types: TYPES }, desired.type).permissions(draft, 'read').some(isData))
    .map(({ document }) => documentAddress(document));
  return distinct(documents).map((document) => ({
    document,
    code: 'key-not-for-plan',
    severity: 'warning',
    message:
      'its key would be read by whoever plans, and the plan role reads no secret: plans and drift will not see its source',
    hint: 'via: auto, so that the function that only looks reads it',
  }));
}

/** The address of the webhook is a secret, and drift is looked for by whoever plans. */
function webhookFindings({ settings: { notify } }: IamTree): readonly Finding[] {
  if (notify?.slack === undefined) return [];
  return [
    {
      document: '',
      code: 'slack-not-for-plan',
      severity: 'info',
      message:
        'Slack is told by whoever applies: the plan role reads no secret, and what drift finds in CI does not get there',
      hint:
        notify.sns === undefined ? 'spec.notify.sns of Settings: a topic hears of drift too' : 'the topic hears of it',
    },
  ];
}

function sizeFindings(printed: readonly PrintedPolicy[]): readonly Finding[] {
  return printed.flatMap(({ role, alias, characters, parts }): readonly Finding[] => {
    const what = role === 'boundary' ? `the boundary of ${alias}` : `the policy of the ${role} role of ${alias}`;
    const most = role === 'boundary' ? 1 : MOST_POLICIES;
    if (parts.length <= 1 && characters <= MOST_CHARACTERS) return [];
    const size = `${what} has ${characters} characters, and a managed policy may have ${MOST_CHARACTERS}`;
    return parts.length > most
      ? [
          {
            document: '',
            code: 'policy-too-large',
            severity: 'warning',
            message: `${size}: it would take ${parts.length}, and ${most === 1 ? 'a boundary is one' : `a role has ${most} at most`}`,
            hint: 'divide the estate: two owners, each with roles of its own',
          },
        ]
      : [
          {
            document: '',
            code: 'policy-divided',
            severity: 'info',
            message: `${size}: make ${parts.length} of it`,
            hint: 'trueup iam --files DIR writes them',
          },
        ];
  });
}

/** Of a group, with its streams: this is how CloudWatch Logs names it. */
const ONE_LOG_GROUP = /:log-group:[^*:]+:\*$/;

/** Names that AWS gives only later stand as patterns. */
function wideFindings(policies: readonly Policy[]): readonly Finding[] {
  const patterns = policies
    .flatMap(({ Statement }) => Statement)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Resource = [] }) => Resource)
    .filter((resource) => resource !== '*' && resource.includes('*') && !ONE_LOG_GROUP.test(resource));
  if (patterns.length === 0) return [];
  return [
    {
      document: '',
      code: 'any-of-a-kind',
      severity: 'info',
      message: `AWS names these only when they exist, or admits nothing narrower: ${distinct(patterns).join(', ')}`,
    },
  ];
}
