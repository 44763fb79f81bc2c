import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import { documentOf } from '../engine/address.ts';
import type {
  Comparison,
  Difference,
  Draft,
  Finding,
  Observation,
  Permission,
  Progress,
  ResourceType,
  Target,
  Use,
  Value,
} from '../engine/types.ts';
import { LAMBDA_FUNCTION } from './aws-lambda-function.ts';
import { isInOurs, markerThrough, stampTag } from './container.ts';
import { iamOf } from './iam-client.ts';
import { OWNER_TAG, tagsOf } from './marker.ts';
import { permissionEffect } from './permission-effect.ts';
import { decodeDocument, isSamePolicy } from './policy-document.ts';
import { knownText, permit } from './permissions.ts';
import type { ActionsByUse } from './permissions.ts';
import { removing } from './removal.ts';
import { absentRoleArn, roleArn, rolePath } from './role-arns.ts';
import { detachCommand, listPolicies } from './role-policies.ts';
import type { RolePolicies } from './role-policies.ts';

/** CloudFormation's properties of AWS::IAM::RolePolicy. */
export interface RolePolicyProperties {
  readonly RoleName: string;
  readonly PolicyName: string;
  readonly PolicyDocument: Value;
}

export const IAM_ROLE_POLICY = 'AWS::IAM::RolePolicy';

/** The path of a difference that is no property: inline policies on our role that git does not ask for. */
const OTHER_POLICIES = 'OtherPolicies';

/**
 * An inline policy of a role. It is owned through the role, and exclusive: what the role may do is what git says. What
 * was applied last is stamped on the role, because the policy has no tags of its own.
 */
export function createRolePolicyType(aws: Aws): ResourceType<RolePolicyProperties, Record<string, never>> {
  /** Policies that are declared, by role: those are no strangers to each other. */
  const declared = new Map<string, Set<string>>();
  /** All policies of a role as they were seen last, by the address of ours. */
  const seenPolicies = new Map<string, RolePolicies>();
  /** Strangers as the plan saw them: one that comes later is said, and not removed before it was planned. */
  const planned = new Map<string, ReadonlySet<string>>();

  async function observe(
    target: Target<RolePolicyProperties>,
  ): Promise<Observation<RolePolicyProperties, Record<string, never>>> {
    const { RoleName, PolicyName } = target.properties;
    const key = roleKey(target);
    declared.set(key, (declared.get(key) ?? new Set()).add(PolicyName));
    try {
      const client = await iamOf(aws, target.place);
      const { Role: role } = await client.send(new GetRoleCommand({ RoleName }));
      const { PolicyDocument: document } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      seenPolicies.set(target.address, await listPolicies(client, RoleName));
      const tags = tagsOf(role?.Tags);
      return {
        state: 'present',
        resource: `${RoleName}/${PolicyName}`,
        properties: { RoleName, PolicyName, PolicyDocument: decodeDocument(document) },
        attributes: {},
        marker: markerThrough(target, tags[OWNER_TAG]),
        witness: true,
        applied: tags[stampTag(PolicyName)],
        // The role's own: what protects it moves in the same apply, and must not make the policy look moved.
        protected: false,
      };
    } catch (error) {
      return isAwsError(error, 'NoSuchEntityException') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  /** Calls that replace and remove by name: nothing is done to a role that is not ours any more. */
  async function refuseStrangers(target: Target<RolePolicyProperties>): Promise<void> {
    const { RoleName } = target.properties;
    const { Role: role } = await (await iamOf(aws, target.place)).send(new GetRoleCommand({ RoleName }));
    const owner = tagsOf(role?.Tags)[OWNER_TAG];
    if (isInOurs(target, owner)) return;
    throw new Error(`the role ${RoleName} is not ours (${owner ?? 'no marker'}): plan again`);
  }

  async function write(target: Target<RolePolicyProperties>): Promise<void> {
    const { RoleName, PolicyName, PolicyDocument } = target.properties;
    const client = await iamOf(aws, target.place);
    await client.send(
      new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) }),
    );
  }

  async function stamp(target: Target<RolePolicyProperties>): Promise<void> {
    const { RoleName, PolicyName } = target.properties;
    const client = await iamOf(aws, target.place);
    await client.send(new TagRoleCommand({ RoleName, Tags: [{ Key: stampTag(PolicyName), Value: target.applied }] }));
  }

  return {
    type: IAM_ROLE_POLICY,
    marker: 'container',
    // Who runs with it may do what it must until it is gone.
    removedAfter: [LAMBDA_FUNCTION],
    managed: ['RoleName', 'PolicyName', 'PolicyDocument'],
    fields: { RoleName: 'immutable', PolicyName: 'immutable' },
    describe: ({ properties: { RoleName, PolicyName } }) =>
      `${typeof RoleName === 'string' ? RoleName : '(known later)'}/${PolicyName as string}`,
    permissions: permissionsOf,
    exclusive: roleKey,
    observe,

    compare(target, seen): Promise<Comparison> {
      const { PolicyDocument: wanted, RoleName } = target.properties;
      const found = seen.properties.PolicyDocument ?? null;
      const isSame = isSamePolicy(found, wanted);
      const { inline: names = [], attached = [] } = seenPolicies.get(target.address) ?? {};
      const inline = names.filter((name) => !declared.get(roleKey(target))?.has(name));
      const known = planned.get(target.address) ?? new Set(inline);
      planned.set(target.address, known);
      const removed = inline.filter((name) => known.has(name));
      const differences: Difference[] = [
        ...(isSame ? [] : [{ path: 'PolicyDocument', before: found, after: wanted }]),
        ...(removed.length > 0 ? [{ path: OTHER_POLICIES, before: removed, after: [], cause: 'drift' as const }] : []),
      ];
      return Promise.resolve({
        differences,
        findings: otherPoliciesFinding(target, inline, attached),
        effects: permissionEffect(target.address, RoleName, isSame ? [] : [[found, wanted]], {
          gains: [],
          losses: removed.map((name) => `all that the inline policy ${name} allows or denies`),
        }),
      });
    },

    async foresee(draft) {
      const { RoleName, PolicyDocument: document } = draft.properties;
      return { differences: [], effects: permissionEffect(draft.address, RoleName, [[undefined, document]]) };
    },

    async create(target): Promise<Progress> {
      planned.set(target.address, new Set());
      await refuseStrangers(target);
      await write(target);
      await stamp(target);
      return { done: true };
    },

    async update(target, _seen, differences): Promise<Progress> {
      const { RoleName } = target.properties;
      await refuseStrangers(target);
      if (differences.some(({ path }) => path === 'PolicyDocument')) await write(target);
      const others = differences.find(({ path }) => path === OTHER_POLICIES)?.before ?? [];
      const client = await iamOf(aws, target.place);
      for (const PolicyName of others as readonly string[]) {
        await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })).catch(unlessGone);
      }
      await stamp(target);
      return { done: true };
    },

    async remove(target): Promise<Progress> {
      const { RoleName, PolicyName } = target.properties;
      const client = await iamOf(aws, target.place);
      return removing(
        async () => {
          await refuseStrangers(target);
          await client.send(new UntagRoleCommand({ RoleName, TagKeys: [stampTag(PolicyName)] }));
          await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
        },
        { gone: ['NoSuchEntityException'] },
      );
    },
  };
}

const ACTIONS: ActionsByUse = {
  read: ['GetRole', 'GetRolePolicy', 'ListRolePolicies', 'ListAttachedRolePolicies'],
  create: ['PutRolePolicy', 'TagRole'],
  update: ['PutRolePolicy', 'DeleteRolePolicy', 'TagRole'],
  delete: ['DeleteRolePolicy', 'UntagRole'],
  adopt: [],
  release: [],
};

/** On a role of ours, which lies where all of its owner do. */
function permissionsOf(draft: Draft<RolePolicyProperties>, use: Use): readonly Permission[] {
  const { owner, firstOwner = owner, place, properties } = draft;
  const name = knownText(properties.RoleName);
  return [
    ...permit('iam', roleArn(place, rolePath(firstOwner), name), ACTIONS[use]),
    ...(use === 'read' ? permit('iam', absentRoleArn(place, name), ['GetRole']) : []),
  ];
}

function unlessGone(error: unknown): void {
  if (!isAwsError(error, 'NoSuchEntityException')) throw error;
}

function roleKey({ place, properties }: Target<RolePolicyProperties>): string {
  return `iam-role/${place.account}/${properties.RoleName}`;
}

function otherPoliciesFinding(
  target: Target<RolePolicyProperties>,
  inline: readonly string[],
  attached: readonly string[],
): readonly Finding[] {
  if (inline.length + attached.length === 0) return [];
  const role = target.properties.RoleName;
  const parts = [
    ...(inline.length > 0 ? [`inline ${inline.join(', ')} (removed by the next apply)`] : []),
    ...(attached.length > 0 ? [`attached ${attached.join(', ')} (left alone)`] : []),
  ];
  return [
    {
      document: documentOf(target.address),
      code: 'other-policies',
      severity: 'warning',
      message: `the role ${role} has policies that git does not ask for: ${parts.join('; ')}`,
      hint:
        attached[0] !== undefined
          ? detachCommand(role, attached[0])
          : 'trueup drift says what else was changed by hand',
      data: { role, inline: [...inline], attached: [...attached] },
    },
  ];
}
