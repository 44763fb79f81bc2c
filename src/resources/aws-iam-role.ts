import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  PutRolePermissionsBoundaryCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import type { Role } from '@aws-sdk/client-iam';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import { splitMarker } from '../engine/ownership.ts';
import { equal } from '../engine/value.ts';
import type {
  Difference,
  Effect,
  Observation,
  Place,
  Present,
  Progress,
  ResourceType,
  Target,
  Value,
} from '../engine/types.ts';
import { nameInArn } from './arns.ts';
import { IAM_ROLE_POLICY } from './aws-iam-role-policy.ts';
import { LAMBDA_FUNCTION } from './aws-lambda-function.ts';
import { iamOf } from './iam-client.ts';
import { ADOPTED_TAG, OWNER_TAG, tagList, tagsOf } from './marker.ts';
import { isNamedAfterSome, isNamedByOwner, markersOf } from './names.ts';
import { permissionEffect } from './permission-effect.ts';
import { decodeDocument, isSamePolicy } from './policy-document.ts';
import { removing } from './removal.ts';
import { roleArn, rolePath } from './role-arns.ts';
import { rolePermissions } from './role-permissions.ts';
import { detachCommand, listPolicies } from './role-policies.ts';
import { adoptTagged, releaseTagged, taggedDifferences, taggedPresent, tagsAtCreate, updateTagged } from './tagged.ts';
import type { TagWriter, TaggedProperties } from './tagged.ts';

/** CloudFormation's properties of AWS::IAM::Role. */
export interface RoleProperties extends TaggedProperties {
  readonly RoleName: string;
  /** `/trueup/<owner>/`: the apply role may be bound to it, and orphans are found below it. */
  readonly Path: string;
  readonly AssumeRolePolicyDocument: Value;
  readonly Description?: string;
  /** Seconds. */
  readonly MaxSessionDuration?: number;
  /** ARN of a policy. */
  readonly PermissionsBoundary?: string;
}

export interface RoleAttributes {
  readonly Arn: string;
  readonly RoleId: string;
}

export const IAM_ROLE = 'AWS::IAM::Role';

/** Reads after writes are eventually consistent in IAM. */
const VISIBLE_AGAIN_MS = 2_000;

/** AWS's own default, which UpdateRole applies where it is told none. */
const DEFAULT_SESSION_SECONDS = 3600;

/** An IAM role. Its name is unique in its account, so that it cannot have twins. */
export function createRoleType(aws: Aws): ResourceType<RoleProperties, RoleAttributes> {
  async function observe(target: Target<RoleProperties>): Promise<Observation<RoleProperties, RoleAttributes>> {
    try {
      const role = await find(target.place, target.properties.RoleName);
      return role ? present(target, role) : { state: 'absent' };
    } catch (error) {
      return unknownFrom(error);
    }
  }

  async function writerOf({ place, properties: { RoleName } }: Target<RoleProperties>): Promise<TagWriter> {
    const client = await iamOf(aws, place);
    return {
      async add(tags) {
        await client.send(new TagRoleCommand({ RoleName, Tags: tagList(tags) }));
      },
      async remove(keys) {
        await client.send(new UntagRoleCommand({ RoleName, TagKeys: [...keys] }));
      },
    };
  }

  return {
    type: IAM_ROLE,
    marker: 'tag',
    global: true,
    removedAfter: [LAMBDA_FUNCTION, IAM_ROLE_POLICY],
    managed: [
      'RoleName',
      'Path',
      'AssumeRolePolicyDocument',
      'Description',
      'MaxSessionDuration',
      'PermissionsBoundary',
      'Tags',
    ],
    describe: ({ properties }) => properties.RoleName as string,
    predict: ({ place, properties }) => ({ Arn: roleArn(place, properties.Path, properties.RoleName) }),
    permissions: rolePermissions,
    observe,

    async compare(target, seen) {
      const differences = roleDifferences(target, seen);
      return { differences, effects: effectsOf(target, differences) };
    },

    async foresee(draft) {
      const { AssumeRolePolicyDocument: trust, RoleName: role } = draft.properties;
      return { differences: [], effects: permissionEffect(draft.address, role, [[undefined, trust]]) };
    },

    async create(target): Promise<Progress> {
      const { AssumeRolePolicyDocument: trust, ...rest } = target.properties;
      const client = await iamOf(aws, target.place);
      const Tags = tagList(tagsAtCreate(target));
      try {
        await client.send(new CreateRoleCommand({ ...rest, AssumeRolePolicyDocument: JSON.stringify(trust), Tags }));
      } catch (error) {
        if (isUnknownPrincipal(error)) {
          return { done: false, waiting: 'for IAM to know who may assume the role', again: VISIBLE_AGAIN_MS };
        }
        // The reply to an earlier try was lost, or somebody was faster: the next look says whose it is.
        if (!isAwsError(error, 'EntityAlreadyExistsException')) throw error;
        return { done: false, waiting: 'for the role to be seen', again: VISIBLE_AGAIN_MS };
      }
      return { done: false, waiting: 'to stamp the role', again: 0 };
    },

    async update(target, seen, differences): Promise<Progress> {
      const client = await iamOf(aws, target.place);
      const RoleName = target.properties.RoleName;
      const paths = new Set(differences.map(({ path }) => path));
      return updateTagged(target, seen, await writerOf(target), async () => {
        if (paths.has('PermissionsBoundary')) {
          const { PermissionsBoundary } = target.properties;
          await client.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
        }
        if (paths.has('AssumeRolePolicyDocument')) {
          const PolicyDocument = JSON.stringify(target.properties.AssumeRolePolicyDocument);
          await client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
        }
        if (paths.has('Description') || paths.has('MaxSessionDuration')) {
          // Both, always: UpdateRole resets what it is not told.
          const { Description, MaxSessionDuration } = { ...seen.properties, ...target.properties };
          await client.send(new UpdateRoleCommand({ RoleName, Description, MaxSessionDuration }));
        }
      });
    },

    adopt: async (target, seen) =>
      adoptTagged(target, seen, await writerOf(target), { [ADOPTED_TAG]: seen.attributes.RoleId }),
    release: async (target, seen) => releaseTagged(seen, await writerOf(target)),

    async locate(object) {
      const { arn, place } = object;
      const found = nameInArn(arn, roleArn(place, '/', ''), ROLE_IN_ARN);
      if (found === undefined) return undefined;
      const cut = found.lastIndexOf('/') + 1;
      const properties = { RoleName: found.slice(cut), Path: `/${found.slice(0, cut)}` };
      const paths = markersOf(object).map((marker) => rolePath(splitMarker(marker).owner));
      const witnessed = paths.includes(properties.Path) && isNamedByOwner(object, properties.RoleName);
      if (witnessed) return { properties, witnessed };
      const isHeld = await isAdopted(place, properties.RoleName);
      const byTag = isHeld && !isNamedAfterSome(object, properties.RoleName);
      return { properties, witnessed: isHeld, ...(byTag && { byTag }) };
    },

    /** With its inline policies, which are ours alone. Attached ones somebody put there: they stay in the way. */
    async remove(target): Promise<Progress> {
      const { RoleName } = target.properties;
      const client = await iamOf(aws, target.place);
      return removing(
        async () => {
          const { inline, attached } = await listPolicies(client, RoleName);
          if (attached.length > 0) throw new Error(attachedPolicies(RoleName, attached));
          for (const PolicyName of inline) {
            await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
          }
          await client.send(new DeleteRoleCommand({ RoleName }));
        },
        // Of a policy it says the same: then somebody was faster, and the next look tells.
        { gone: ['NoSuchEntityException'], moving: ['DeleteConflictException', 'ConcurrentModificationException'] },
      );
    },

    async *list(owners, place, isDeclared) {
      const client = await iamOf(aws, place);
      for (const owner of owners) {
        for await (const { Roles = [] } of paginateListRoles({ client }, { PathPrefix: rolePath(owner) })) {
          for (const { RoleName = '', Arn = '' } of Roles) {
            if (isDeclared(RoleName)) continue;
            // Lists leave tags out.
            const marker = tagsOf((await find(place, RoleName))?.Tags)[OWNER_TAG];
            // A role stays on the path of the owner that made it.
            if (marker !== undefined && owners.includes(splitMarker(marker).owner)) yield { marker, arn: Arn, place };
          }
        }
      }
    },
  };

  async function isAdopted(place: Place, RoleName: string): Promise<boolean> {
    const role = await find(place, RoleName);
    return role?.RoleId !== undefined && tagsOf(role.Tags)[ADOPTED_TAG] === role.RoleId;
  }

  async function find(place: Place, RoleName: string): Promise<Role | undefined> {
    try {
      const { Role: role } = await (await iamOf(aws, place)).send(new GetRoleCommand({ RoleName }));
      return role;
    } catch (error) {
      if (isAwsError(error, 'NoSuchEntityException')) return undefined;
      throw error;
    }
  }
}

/** A role that was made a moment ago may not be known yet where a trust policy names it (IAM guide, "Troubleshooting roles"). */
function isUnknownPrincipal(error: unknown): boolean {
  return isAwsError(error, 'MalformedPolicyDocumentException') && /invalid principal/i.test((error as Error).message);
}

function present(target: Target<RoleProperties>, role: Role): Present<RoleProperties, RoleAttributes> {
  const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
  const properties = {
    RoleName: role.RoleName ?? '',
    Path: role.Path ?? '/',
    AssumeRolePolicyDocument: decodeDocument(role.AssumeRolePolicyDocument),
    Description: role.Description ?? '',
    MaxSessionDuration: role.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
    ...(boundary !== undefined && { PermissionsBoundary: boundary }),
  };
  const attributes = { Arn: role.Arn ?? '', RoleId: role.RoleId ?? '' };
  const tags = tagsOf(role.Tags);
  return {
    ...taggedPresent(target, { resource: role.RoleName ?? target.properties.RoleName, properties, attributes }, tags),
    // A role made by hand under our name, with our tags copied to it, stands under another path. One that was taken
    // over may do so too: there a tag holds its own id, which no copy has.
    witness: role.Path === target.properties.Path || tags[ADOPTED_TAG] === role.RoleId,
  };
}

function attachedPolicies(role: string, attached: readonly string[]): string {
  const commands = attached.map((policyArn) => detachCommand(role, policyArn)).join('; ');
  return `role ${role} has managed policies attached that are not ours: ${attached.join(', ')}; detach them, then it is deleted: ${commands}`;
}

/** A path, or none, and a name. */
const ROLE_IN_ARN = /^(?:[^:]*\/)?[^/:]+$/;

const IMMUTABLE = ['RoleName', 'Path'];

function roleDifferences(
  target: Target<RoleProperties>,
  seen: Present<RoleProperties, RoleAttributes>,
): readonly Difference[] {
  const differences = taggedDifferences(target, seen, (path, before, after) =>
    path === 'AssumeRolePolicyDocument' ? isSamePolicy(before, after) : equal(before, after),
  );
  return differences.map((difference) =>
    IMMUTABLE.includes(difference.path) ? { ...difference, replaces: true as const } : difference,
  );
}

/** Who may assume the role, and what bounds it, as they change. */
function effectsOf(target: Target<RoleProperties>, differences: readonly Difference[]): readonly Effect[] {
  const change = (path: string): Difference | undefined => differences.find((difference) => difference.path === path);
  const trust = change('AssumeRolePolicyDocument');
  const boundary = change('PermissionsBoundary');
  const { RoleName } = target.properties;
  return permissionEffect(target.address, RoleName, trust ? [[trust.before, trust.after]] : [], {
    gains: typeof boundary?.before === 'string' ? [`no longer bounded by ${boundary.before}`] : [],
    losses: typeof boundary?.after === 'string' ? [`bounded by ${boundary.after}`] : [],
  });
}
