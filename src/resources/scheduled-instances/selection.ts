import type { Tags } from '../marker.ts';
import type { Instance } from '../instances.ts';
import { STAMP_TAG, STAMPED_OVER_TAG, formatStamp, hasRoom, parseStamp, writtenHash } from './tags.ts';
import type { Stamp } from './tags.ts';
import type { ScheduledInstancesProperties } from './types.ts';

/** What becomes of the tags of one instance. */
export interface TagChange {
  readonly instance: Instance;
  /** It gets a schedule, gets another one in place of what is there, or loses the one that we wrote. */
  readonly verb: 'stamp' | 'restamp' | 'unstamp';
  /** Who moved: `drift` where the tag that we wrote is another now. */
  readonly cause: 'git' | 'drift' | 'unknown';
  readonly set: Tags;
  readonly remove: readonly string[];
}

/** Why an instance that a selector finds keeps its tags as they are. */
export interface Kept {
  readonly instance: Instance;
  readonly why: 'owner' | 'assigned-twice' | 'stamped-by-another' | 'no-room';
  /** The schedules that claim it, or who stamped it. */
  readonly by: readonly string[];
}

export interface Selection {
  readonly changes: readonly TagChange[];
  readonly kept: readonly Kept[];
  /** Instances that carry the tag, whoever wrote it. */
  readonly population: number;
}

export interface Wishes extends Pick<ScheduledInstancesProperties, 'TagKey' | 'Assign'> {
  /** `owner/kind/name` of those whose stamps are ours, today's first. */
  readonly Writers: readonly string[];
}

/** Compares the tags of instances with what the document assigns. Pure. */
export function selectTags(instances: readonly Instance[], wishes: Wishes): Selection {
  const alive = instances.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');
  const judged = alive.map((instance) => judge(instance, wishes));
  return {
    changes: judged.flatMap(({ change }) => change ?? []),
    kept: judged.flatMap(({ kept }) => kept ?? []),
    population: alive.filter(({ tags }) => tags[wishes.TagKey] !== undefined).length,
  };
}

/** Was it stamped by this document? */
export function ownStamp({ tags }: Instance, writers: readonly string[]): Stamp | undefined {
  const stamp = parseStamp(tags[STAMP_TAG]);
  return stamp && writers.includes(stamp.writer) ? stamp : undefined;
}

interface Judgement {
  readonly change?: TagChange;
  readonly kept?: Kept;
}

function judge(instance: Instance, wishes: Wishes): Judgement {
  const { TagKey, Assign, Writers } = wishes;
  const matching = Assign.filter(({ Tags: wanted }) =>
    Object.entries(wanted).every(([key, value]) => instance.tags[key] === value),
  );
  const schedules = [...new Set(matching.map(({ Schedule }) => Schedule))];
  const [schedule, ...others] = schedules;
  if (others.length > 0) return { kept: { instance, why: 'assigned-twice', by: schedules } };
  const stamp = ownStamp(instance, Writers);
  if (schedule === undefined) return stamp ? { change: unstamp(instance, TagKey, stamp) } : {};
  const foreign = instance.tags[STAMP_TAG];
  if (!stamp && foreign !== undefined) return { kept: { instance, why: 'stamped-by-another', by: [foreign] } };

  const current = instance.tags[TagKey];
  const set = { [TagKey]: schedule, [STAMP_TAG]: stampOf(wishes, schedule) };
  if (stamp) {
    // The document looks into another tag now: the old one goes first, and then the instance is like any other.
    if (isOfAnotherKey(instance, TagKey, stamp))
      return { change: { ...unstamp(instance, TagKey, stamp), verb: 'restamp' } };
    if (current === schedule && instance.tags[STAMP_TAG] === set[STAMP_TAG]) return {};
    if (current === undefined) return { change: { instance, verb: 'restamp', cause: 'drift', set, remove: [] } };
    // Where it was changed to what is assigned now, only the stamp has to follow.
    if (current === schedule || writtenHash(TagKey, current) === stamp.written) {
      return { change: { instance, verb: 'restamp', cause: 'git', set, remove: [] } };
    }
    // Whoever wrote over it meant something: what he wrote is kept, if there is room.
    const kept = { ...set, [STAMPED_OVER_TAG]: current };
    const all = hasRoom(instance.tags, Object.keys(kept)) ? kept : set;
    return { change: { instance, verb: 'restamp', cause: 'drift', set: all, remove: [] } };
  }
  // The owner wants the same.
  if (current === schedule) return {};
  if (current !== undefined && !matching.some(({ Override }) => Override)) {
    return { kept: { instance, why: 'owner', by: [current] } };
  }
  const all = current === undefined ? set : { ...set, [STAMPED_OVER_TAG]: current };
  if (!hasRoom(instance.tags, Object.keys(all))) return { kept: { instance, why: 'no-room', by: [schedule] } };
  const verb = current === undefined ? 'stamp' : 'restamp';
  return { change: { instance, verb, cause: 'unknown', set: all, remove: [] } };
}

function stampOf({ TagKey, Writers }: Wishes, schedule: string): string {
  return formatStamp({ writer: Writers[0] ?? '', written: writtenHash(TagKey, schedule) });
}

/** Is what we wrote under another key, or was it, until the value of before was put back there? */
function isOfAnotherKey(instance: Instance, tagKey: string, stamp: Stamp): boolean {
  const { [STAMPED_OVER_TAG]: before, ...tags } = instance.tags;
  const written = writtenKey(instance, stamp);
  if (written !== undefined || before === undefined) return written !== undefined && written !== tagKey;
  return Object.entries(tags).some(([key, value]) => key !== tagKey && value === before);
}

/** The tag that still is as the stamp says it was written. @param first where it is looked for first */
function writtenKey({ tags }: Instance, { written }: Stamp, first = ''): string | undefined {
  return [first, ...Object.keys(tags)].find(
    (key) => tags[key] !== undefined && writtenHash(key, tags[key]) === written,
  );
}

/** Takes away exactly what we wrote, and puts back what stood there before; what somebody wrote since stays. */
function unstamp(instance: Instance, tagKey: string, stamp: Stamp): TagChange {
  const { tags } = instance;
  const written = writtenKey(instance, stamp, tagKey);
  const before = tags[STAMPED_OVER_TAG];
  const remove = [STAMP_TAG, ...(before === undefined ? [] : [STAMPED_OVER_TAG])];
  if (written === undefined) return { instance, verb: 'unstamp', cause: 'git', set: {}, remove };
  if (before !== undefined) return { instance, verb: 'unstamp', cause: 'git', set: { [written]: before }, remove };
  return { instance, verb: 'unstamp', cause: 'git', set: {}, remove: [written, ...remove] };
}
