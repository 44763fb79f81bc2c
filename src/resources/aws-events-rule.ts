import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import type { RuleState, Target as AwsTarget } from '@aws-sdk/client-eventbridge';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import { equal } from '../engine/value.ts';
import type { Comparison, Observation, Place, Progress, ResourceType, Target } from '../engine/types.ts';
import { arn, nameInArn } from './arns.ts';
import { keptEntries } from './kept-entries.ts';
import { tagList, tagsOf } from './marker.ts';
import { knownText, permit } from './permissions.ts';
import type { ActionsByUse } from './permissions.ts';
import { removing } from './removal.ts';
import { entriesOf } from './rule-targets.ts';
import type { RuleTarget, TargetEntries } from './rule-targets.ts';
import {
  adoptTagged,
  locateTagged,
  releaseTagged,
  taggedDifferences,
  taggedPresent,
  tagsAtCreate,
  updateTagged,
} from './tagged.ts';
import type { TagWriter, TaggedPresent, TaggedProperties } from './tagged.ts';

/** CloudFormation's properties of AWS::Events::Rule, on the default event bus. */
export interface RuleProperties extends TaggedProperties {
  readonly Name: string;
  readonly Description?: string;
  readonly ScheduleExpression: string;
  readonly State?: RuleState;
  /** Own entries are exact; those of others stay (`rule-targets.ts`). */
  readonly Targets?: readonly RuleTarget[];
}

export interface RuleAttributes {
  readonly Arn: string;
}

export const RULE = 'AWS::Events::Rule';

/** What PutRule replaces. */
const RULE_FIELDS: readonly string[] = ['Description', 'ScheduleExpression', 'State'];

const ACTIONS: ActionsByUse = {
  read: ['DescribeRule', 'ListTagsForResource', 'ListTargetsByRule'],
  create: ['PutRule', 'TagResource'],
  update: ['PutRule', 'TagResource', 'UntagResource'],
  delete: ['RemoveTargets', 'DeleteRule'],
  adopt: ['TagResource'],
  release: ['UntagResource'],
};

/** Of a rule whose document declares targets. */
const TARGET_ACTIONS: Partial<ActionsByUse> = { create: ['PutTargets'], update: ['PutTargets', 'RemoveTargets'] };

type RuleGoal = Target<RuleProperties>;

interface RulePresent extends TaggedPresent<RuleProperties, RuleAttributes> {
  readonly entries: TargetEntries;
}

export function createRuleType(aws: Aws): ResourceType<RuleProperties, RuleAttributes> {
  function clientFor({ place }: Pick<RuleGoal, 'place'>): Promise<EventBridgeClient> {
    return aws.client(EventBridgeClient, place);
  }

  async function observe(target: RuleGoal): Promise<Observation<RuleProperties, RuleAttributes>> {
    const { Name } = target.properties;
    try {
      const client = await clientFor(target);
      const rule = await client.send(new DescribeRuleCommand({ Name }));
      const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: arnOf(target) }));
      const entries = entriesOf(target.properties.Targets, await listTargets(client, Name));
      const properties = {
        Name,
        ...(rule.Description !== undefined && { Description: rule.Description }),
        ...(rule.ScheduleExpression !== undefined && { ScheduleExpression: rule.ScheduleExpression }),
        ...(rule.State !== undefined && { State: rule.State }),
        Targets: entries.own,
      };
      const found = { resource: Name, properties, attributes: { Arn: arnOf(target) } };
      const present: RulePresent = { ...taggedPresent(target, found, tagsOf(Tags)), entries };
      return present;
    } catch (error) {
      return isAwsError(error, 'ResourceNotFoundException') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  async function writerOf(target: RuleGoal): Promise<TagWriter> {
    const client = await clientFor(target);
    const ResourceARN = arnOf(target);
    return {
      async add(tags) {
        await client.send(new TagResourceCommand({ ResourceARN, Tags: tagList(tags) }));
      },
      async remove(keys) {
        await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: [...keys] }));
      },
    };
  }

  /** PutRule replaces all fields: those that are not managed are read and written back. */
  async function putRule(target: RuleGoal): Promise<void> {
    const client = await clientFor(target);
    const { Name, Description, ScheduleExpression, State } = target.properties;
    const before = await client.send(new DescribeRuleCommand({ Name }));
    await client.send(
      new PutRuleCommand({
        Name,
        ScheduleExpression,
        Description: Description ?? before.Description,
        State: State ?? before.State,
        EventPattern: before.EventPattern,
        RoleArn: before.RoleArn,
      }),
    );
  }

  async function alignTargets(target: RuleGoal, own: readonly RuleTarget[]): Promise<void> {
    const client = await clientFor(target);
    const { Name: Rule, Targets: wanted = [] } = target.properties;
    const put = wanted.filter((entry) => !own.some((other) => equal(entry, other)));
    const Ids = own.map(({ Id }) => Id).filter((id) => !wanted.some(({ Id }) => Id === id));
    // A rule takes a handful of targets: what goes makes room for what comes.
    if (Ids.length > 0) failIfAny(await client.send(new RemoveTargetsCommand({ Rule, Ids })));
    if (put.length > 0)
      failIfAny(await client.send(new PutTargetsCommand({ Rule, Targets: put.map((t) => ({ ...t })) })));
  }

  return {
    type: RULE,
    marker: 'tag',
    managed: ['Name', 'Description', 'ScheduleExpression', 'State', 'Targets', 'Tags'],
    describe: ({ properties }) => properties.Name as string,
    predict: (target) => ({ Arn: arnOf(target) }),

    permissions({ place, properties }, use) {
      const ofTargets = properties.Targets ? TARGET_ACTIONS[use] : undefined;
      return permit('events', arnOfRule(place, knownText(properties.Name)), [...ACTIONS[use], ...(ofTargets ?? [])]);
    },

    observe,

    async compare(target, seen): Promise<Comparison> {
      const { foreign } = (seen as RulePresent).entries;
      return {
        differences: taggedDifferences(target, seen),
        ...(foreign.length > 0 && { kept: foreign.length }),
        findings: keptEntries(
          target.address,
          `targets of rule ${target.properties.Name}`,
          foreign.map(({ Id = '(no id)' }) => Id),
        ),
      };
    },

    /**
     * PutRule succeeds on a rule that somebody made since the engine's look, and ignores the tags then: it is asked for
     * once more right before, and the look after this step finds no marker of ours and stops.
     */
    async create(target): Promise<Progress> {
      const client = await clientFor(target);
      if ((await observe(target)).state !== 'absent') return { done: false, waiting: 'to look once more', again: 0 };
      const { Name, Description, ScheduleExpression, State } = target.properties;
      await client.send(
        new PutRuleCommand({ Name, Description, ScheduleExpression, State, Tags: tagList(tagsAtCreate(target)) }),
      );
      return { done: false, waiting: 'to put its targets', again: 0 };
    },

    async update(target, seen, differences): Promise<Progress> {
      return updateTagged(target, seen, await writerOf(target), async () => {
        if (differences.some(({ path }) => RULE_FIELDS.includes(path))) await putRule(target);
        if (differences.some(({ path }) => path === 'Targets')) {
          await alignTargets(target, (seen as RulePresent).entries.own);
        }
      });
    },

    adopt: async (target, seen) => adoptTagged(target, seen, await writerOf(target)),
    release: async (target, seen) => releaseTagged(seen, await writerOf(target)),

    async locate(found) {
      // On another bus than the default one its name stands before the rule's.
      const Name = nameInArn(found.arn, arnOfRule(found.place, ''), /^[^/]+$/);
      return Name === undefined ? undefined : locateTagged(found, Name, { Name }, observe);
    },

    /** A rule goes without targets only. Those of others are not ours to take away. */
    async remove(target, seen): Promise<Progress> {
      const { own, foreign } = (seen as RulePresent).entries;
      const { Name } = target.properties;
      if (foreign.length > 0) throw new Error(foreignTargets(Name, foreign));
      const client = await clientFor(target);
      return removing(
        async () => {
          const Ids = own.map(({ Id }) => Id);
          if (Ids.length > 0) failIfAny(await client.send(new RemoveTargetsCommand({ Rule: Name, Ids })));
          await client.send(new DeleteRuleCommand({ Name }));
        },
        { gone: ['ResourceNotFoundException'], moving: ['ConcurrentModificationException'] },
      );
    },
  };
}

async function listTargets(client: EventBridgeClient, Rule: string): Promise<readonly AwsTarget[]> {
  const targets: AwsTarget[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListTargetsByRuleCommand({ Rule, NextToken }));
    targets.push(...(page.Targets ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return targets;
}

function foreignTargets(rule: string, foreign: readonly AwsTarget[]): string {
  const ids = foreign.map(({ Id = '' }) => Id);
  return `rule ${rule} has targets that are not ours: ${ids.join(', ')}; take them away, then it is deleted: aws events remove-targets --rule ${rule} --ids ${ids.join(' ')}`;
}

/** Entries that AWS left out while the call as a whole succeeded. */
function failIfAny(result: {
  readonly FailedEntries?:
    | readonly { readonly TargetId?: string | undefined; readonly ErrorMessage?: string | undefined }[]
    | undefined;
}): void {
  const [first] = result.FailedEntries ?? [];
  if (first) throw new Error(`target ${first.TargetId ?? ''} was refused: ${first.ErrorMessage ?? 'no reason given'}`);
}

function arnOf({ place, properties }: RuleGoal): string {
  return arnOfRule(place, properties.Name);
}

function arnOfRule(place: Place, name: string): string {
  return arn('events', place, `rule/${name}`);
}
