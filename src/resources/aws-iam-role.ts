import {
  CreateRoleCommand,
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
import { iamOf } from './iam-client.ts';
import {
  ADOPTED_TAG,
  APPLIED_TAG,
  OWNER_TAG,
  isProtected,
  markerOf,
  metadataDifferences,
  ownTags,
  staleOwnTags,
  tagList,
  tagsOf,
} from './marker.ts';
import type { Tag, Tags } from './marker.ts';
import { permissionEffect } from './permission-effect.ts';
import { decodeDocument, isSamePolicy } from './policy-document.ts';

/** CloudFormation's properties of AWS::IAM::Role. */
export interface RoleProperties {
  readonly RoleName: string;
  /** `/trueup/<owner>/`: the apply role may be bound to it, and orphans are found below it. */
  readonly Path: string;
  readonly AssumeRolePolicyDocument: Value;
  readonly Description?: string;
  /** Seconds. */
  readonly MaxSessionDuration?: number;
  /** ARN of a policy. */
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly Tag[];
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

/** Where roles of an owner live. */
export function rolePath(owner: string): string {
  return `/trueup/${owner}/`;
}

/** An IAM role. Its name is unique in its account, so that it cannot have twins. */
export function createRoleType(aws: Aws): ResourceType<RoleProperties, RoleAttributes> {
  /** As the roles were seen last, by account and name. */
  const seenTags = new Map<string, Tags>();

  async function observe(target: Target<RoleProperties>): Promise<Observation<RoleProperties, RoleAttributes>> {
    try {
      const { Role: role } = await (
        await iamOf(aws, target.place)
      ).send(new GetRoleCommand({ RoleName: target.properties.RoleName }));
      return role ? present(target, role) : { state: 'absent' };
    } catch (error) {
      return isAwsError(error, 'NoSuchEntityException') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  function present(target: Target<RoleProperties>, role: Role): Present<RoleProperties, RoleAttributes> {
    const tags = tagsOf(role.Tags);
    seenTags.set(keyOf(target), tags);
    const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
    return {
      state: 'present',
      resource: role.RoleName ?? target.properties.RoleName,
      properties: {
        RoleName: role.RoleName ?? '',
        Path: role.Path ?? '/',
        AssumeRolePolicyDocument: decodeDocument(role.AssumeRolePolicyDocument),
        Description: role.Description ?? '',
        MaxSessionDuration: role.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
        ...(boundary !== undefined && { PermissionsBoundary: boundary }),
        Tags: tagList(managedTags(target, tags)),
      },
      attributes: { Arn: role.Arn ?? '', RoleId: role.RoleId ?? '' },
      marker: tags[OWNER_TAG],
      // A role made by hand under our name, with our tags copied to it, stands under another path. One that was taken
      // over may do so too: there a tag holds its own id, which no copy has.
      witness: role.Path === target.properties.Path || tags[ADOPTED_TAG] === role.RoleId,
      applied: tags[APPLIED_TAG],
      protected: isProtected(tags),
    };
  }

  function tagsSeen(target: Target<RoleProperties>): Tags {
    return seenTags.get(keyOf(target)) ?? {};
  }

  async function tag(target: Target<RoleProperties>, tags: Tags): Promise<void> {
    const client = await iamOf(aws, target.place);
    await client.send(new TagRoleCommand({ RoleName: target.properties.RoleName, Tags: tagList(tags) }));
  }

  return {
    type: IAM_ROLE,
    marker: 'tag',
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
    predict: ({ place, properties }) => ({
      Arn: `arn:aws:iam::${place.account}:role${properties.Path}${properties.RoleName}`,
    }),
    observe,

    async compare(target, seen) {
      const differences = [...propertyDifferences(target, seen), ...metadataDifferences(target, tagsSeen(target))];
      return { differences, effects: effectsOf(target, differences) };
    },

    async foresee(draft) {
      const { AssumeRolePolicyDocument: trust, RoleName: role } = draft.properties;
      return { differences: [], effects: permissionEffect(draft.address, role, [[undefined, trust]]) };
    },

    async create(target): Promise<Progress> {
      const { AssumeRolePolicyDocument: trust, Tags = [], ...rest } = target.properties;
      const client = await iamOf(aws, target.place);
      const tags = { ...tagsOf(Tags), ...ownTags(target) };
      try {
        await client.send(
          new CreateRoleCommand({ ...rest, AssumeRolePolicyDocument: JSON.stringify(trust), Tags: tagList(tags) }),
        );
      } catch (error) {
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
      const before = tagsSeen(target);
      const stale = staleOwnTags(target, before);
      const wanted = { ...(paths.has('Tags') && tagsOf(target.properties.Tags)), ...ownTags(target) };
      const missing = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => before[key] !== value));
      if (Object.keys(missing).length > 0) await tag(target, missing);
      if (stale.length > 0) await client.send(new UntagRoleCommand({ RoleName, TagKeys: [...stale] }));
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
      await tag(target, { [APPLIED_TAG]: target.applied });
      return { done: true };
    },

    async adopt(target, seen): Promise<Progress> {
      await tag(target, { [OWNER_TAG]: markerOf(target), [ADOPTED_TAG]: seen.attributes.RoleId });
      return { done: true };
    },

    async *list(owner, place) {
      const client = await iamOf(aws, place);
      for await (const { Roles = [] } of paginateListRoles({ client }, { PathPrefix: rolePath(owner) })) {
        for (const { RoleName } of Roles) {
          const marker = await markerIn(place, RoleName);
          if (marker?.startsWith(`${owner}/`)) yield { marker, resource: RoleName ?? '' };
        }
      }
    },
  };

  /** Lists leave tags out. */
  async function markerIn(place: Place, RoleName: string | undefined): Promise<string | undefined> {
    try {
      const { Role: role } = await (await iamOf(aws, place)).send(new GetRoleCommand({ RoleName }));
      return tagsOf(role?.Tags)[OWNER_TAG];
    } catch (error) {
      if (isAwsError(error, 'NoSuchEntityException')) return undefined;
      throw error;
    }
  }
}

function keyOf({ place, properties }: Target<RoleProperties>): string {
  return `${place.account}/${properties.RoleName}`;
}

/** The declared tags as they are on the role; all others are unmanaged. */
function managedTags(target: Target<RoleProperties>, tags: Tags): Tags {
  const keys = (target.properties.Tags ?? []).map(({ Key }) => Key);
  return Object.fromEntries(keys.flatMap((key) => (tags[key] === undefined ? [] : [[key, tags[key]]])));
}

const IMMUTABLE = ['RoleName', 'Path'];

function propertyDifferences(
  target: Target<RoleProperties>,
  seen: Present<RoleProperties, RoleAttributes>,
): readonly Difference[] {
  const wanted = target.properties as unknown as Readonly<Record<string, Value>>;
  const found = seen.properties as unknown as Readonly<Record<string, Value | undefined>>;
  return Object.entries(wanted).flatMap(([path, after]) => {
    const before = found[path] ?? null;
    const isSame = path === 'AssumeRolePolicyDocument' ? isSamePolicy(before, after) : equal(before, after);
    if (isSame) return [];
    return [{ path, before, after, ...(IMMUTABLE.includes(path) && { replaces: true as const }) }];
  });
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
