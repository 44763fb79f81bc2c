import type { Aws } from '../../aws/clients.ts';
import { unknownFrom } from '../../aws/errors.ts';
import { documentOf } from '../../engine/address.ts';
import type {
  Address,
  Comparison,
  Difference,
  Draft,
  MarkedObject,
  Observation,
  Place,
  Progress,
  ResourceType,
  Target,
  Unknown,
} from '../../engine/types.ts';
import { arn, nameInArn } from '../arns.ts';
import { listInstances } from '../instances.ts';
import type { Instance } from '../instances.ts';
import { markerOf } from '../marker.ts';
import { selectionFindings } from './findings.ts';
import { scheduledInstancesPermissions } from './permissions.ts';
import { ownStamp, selectTags } from './selection.ts';
import type { Selection, TagChange } from './selection.ts';
import { STAMP_TAG } from './tags.ts';
import { timelineEffect } from './timeline.ts';
import { SCHEDULED_INSTANCES, scheduledInstancesId } from './types.ts';
import type { ScheduledInstancesProperties } from './types.ts';
import { listWriters } from './writers.ts';
import { writeTags } from './writing.ts';

type Properties = ScheduledInstancesProperties;
type Attributes = Record<string, never>;

/** Path of the one difference: the tags of however many instances. */
const TAGS_PATH = 'Tags';
/** EC2 shows a tag within moments. */
const NEXT_STEP_MS = 0;

/**
 * The schedule tags of the instances of one account and region, as one resource with an extent. It is absent as long
 * as no instance carries our stamp; what becomes of those is said all the same.
 *
 * @param now milliseconds since the epoch.
 */
export function createScheduledInstancesType(aws: Aws, now: () => number): ResourceType<Properties, Attributes> {
  const looks = new Map<string, readonly Instance[]>();

  async function observe(target: Target<Properties>): Promise<Observation<Properties, Attributes>> {
    try {
      const instances = await listInstances(aws, target.place, keysOf(target.properties));
      looks.set(keyOf(target), instances);
      const writers = writersOf(target);
      if (!instances.some((instance) => ownStamp(instance, writers))) return { state: 'absent' };
      return {
        state: 'present',
        resource: resourceOf(target.address, target.place),
        properties: target.properties,
        attributes: {},
        marker: markerOf(target),
        // The stamp of each instance holds a hash of what was written there: no other tag is taken for ours.
        witness: true,
        applied: undefined,
        protected: false,
      };
    } catch (error) {
      return unknownFrom(error);
    }
  }

  function lookOf(draft: Pick<Draft, 'address' | 'place'>): readonly Instance[] {
    const instances = looks.get(keyOf(draft));
    if (!instances) throw new Error(`${draft.address} is compared before it is observed`);
    return instances;
  }

  function comparison(draft: Owned & Pick<Draft, 'place'>, properties: Properties): Comparison {
    const { address, place } = draft;
    const instances = lookOf(draft);
    const selection = selectTags(instances, { ...properties, Writers: writersOf(draft) });
    const { changes, kept } = selection;
    return {
      differences: differencesOf(selection),
      kept: kept.filter(({ why }) => why === 'owner').length,
      effects: [timelineEffect({ address, place, properties, instances, changes, now: now() })],
      findings: selectionFindings(address, properties, instances, selection),
    };
  }

  async function foresee(draft: Draft<Properties>): Promise<Comparison | Unknown> {
    const properties = draft.properties as Properties;
    try {
      // Behind a parent that is not there yet nobody has looked.
      if (!looks.has(keyOf(draft))) looks.set(keyOf(draft), await listInstances(aws, draft.place, keysOf(properties)));
    } catch (error) {
      return unknownFrom(error);
    }
    return comparison(draft, properties);
  }

  async function step(target: Target<Properties>, changes: readonly TagChange[]): Promise<Progress> {
    const isUnfinished = await writeTags(aws, target.place, changes);
    return isUnfinished ? { done: false, waiting: 'to tag further instances', again: NEXT_STEP_MS } : { done: true };
  }

  function write(target: Target<Properties>): Promise<Progress> {
    return step(target, changesOf(target));
  }

  function changesOf(target: Target<Properties>): readonly TagChange[] {
    return selectTags(lookOf(target), { ...target.properties, Writers: writersOf(target) }).changes;
  }

  return {
    type: SCHEDULED_INSTANCES,
    marker: 'entry',
    managed: [],
    describe: ({ address, place }) => resourceOf(address, place),
    permissions: scheduledInstancesPermissions,
    exclusive: ({ place }) => `${place.account}/${place.region}`,
    observe,
    compare: async (target) => comparison(target, target.properties),
    /** The values of tags that we wrote and somebody changed. */
    decided(target) {
      const { TagKey } = target.properties;
      return changesOf(target)
        .filter(({ cause, verb }) => cause === 'drift' && verb === 'restamp')
        .map(({ instance, set }) => ({ wanted: set[TagKey] ?? null, found: instance.tags[TagKey] ?? null }));
    },

    foresee,
    create: write,
    update: write,

    /** As the tagging API has it: whoever has no schedules needs no right to look at instances. */
    async *list(owners, place): AsyncGenerator<MarkedObject> {
      for (const writer of await listWriters(aws, place)) {
        const owner = owners.find((one) => writer.startsWith(`${one}/`));
        if (owner === undefined) continue;
        const marker = `${writer}/${scheduledInstancesId(place)}`;
        yield { marker, arn: arnOf(place, resourceOf(marker.slice(owner.length + 1), place)), place };
      }
    },

    async locate({ arn: text, place }) {
      const name = nameInArn(text, arnOf(place, ''), NAME_IN_ARN);
      return name === undefined ? undefined : { properties: {}, witnessed: true };
    },

    async losses(target): Promise<readonly Difference[]> {
      return differencesOf({ ...unwanted(target), kept: [] });
    },

    /** Every tag that we wrote goes, and an owner's own value comes back. */
    async remove(target): Promise<Progress> {
      return step(target, unwanted(target).changes);
    },
  };

  /** Nothing is assigned any more. */
  function unwanted(target: Target<Properties>): Selection {
    return selectTags(lookOf(target), { TagKey: '', Assign: [], Writers: writersOf(target) });
  }
}

/** `owner/kind/name` of whoever wrote our stamps, today's first. Of a document that is gone only its address is known. */
function writersOf({ owner, formerOwners = [], address, properties }: Owned): readonly string[] {
  const { Documents = [documentOf(address)] } = properties as Partial<Properties>;
  return [owner, ...formerOwners].flatMap((one) => Documents.map((document) => `${one}/${document}`));
}

type Owned = Pick<Draft<Properties>, 'owner' | 'formerOwners' | 'address' | 'properties'>;

/** By these every instance is found that has a schedule, had one from us, or is to get one. */
function keysOf(properties: Partial<Properties>): readonly string[] {
  const selectors = (properties.Assign ?? []).map(({ Tags }) => Object.keys(Tags).sort()[0] ?? '');
  return [...new Set([...(properties.TagKey === undefined ? [] : [properties.TagKey]), STAMP_TAG, ...selectors])];
}

function differencesOf({ changes, population }: Selection): readonly Difference[] {
  if (changes.length === 0) return [];
  const count = (verb: TagChange['verb']): number => changes.filter((change) => change.verb === verb).length;
  const extent = { create: count('stamp'), update: count('restamp'), delete: count('unstamp'), population };
  const causes = new Set(changes.map(({ cause }) => cause));
  const [cause = 'unknown'] = causes;
  return [
    {
      path: TAGS_PATH,
      before: null,
      after: null,
      extent,
      cause: causes.size === 1 ? cause : causes.has('drift') && causes.has('git') ? 'both' : 'unknown',
    },
  ];
}

/** `office-hours/eu-west-1`: an instance's tags have no name of their own. */
function resourceOf(address: Address, place: Place): string {
  return `${documentOf(address).split('/')[1] ?? ''}/${place.region}`;
}

function arnOf(place: Place, resource: string): string {
  return arn('ec2', place, `trueup-schedule/${resource}`);
}

const NAME_IN_ARN = /^[a-z0-9-]{1,63}\/[a-z0-9-]{1,32}$/;

function keyOf({ address, place }: Pick<Draft, 'address' | 'place'>): string {
  return `${address} ${place.account}/${place.region}`;
}
