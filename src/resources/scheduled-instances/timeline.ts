import { documentOf } from '../../engine/address.ts';
import type { Effect, Place, Value } from '../../engine/types.ts';
import { transitions } from '../../schedule/transitions.ts';
import type { Instance } from '../instances.ts';
import { createJudge, createTagReader, obstacleOf } from './judge.ts';
import type { JudgeOptions } from './judge.ts';
import type { TagChange } from './selection.ts';
import type { ScheduledInstancesProperties } from './types.ts';

export const TIMELINE_CODE = 'schedule.timeline';

/** Days that a plan looks ahead. */
const DAYS = 7;
const DAY_MS = 86_400_000;

/** One instance in the effect `schedule.timeline`. */
export interface TimelineInstance {
  readonly id: string;
  /** Its tag Name. */
  readonly name?: string;
  readonly account: string;
  readonly region: string;
  readonly type: string;
  readonly state: string;
  /** At the beginning. */
  readonly initial: 'on' | 'off';
  /** The schedule tag as it will be. */
  readonly schedule: string;
  readonly timezone: string;
  /** What the first run after apply does. */
  readonly now: 'start' | 'stop' | 'none';
  /** Why the tag has no effect. */
  readonly idle?: string;
  /** The schedule tag before, where apply changes it; null: it has none. */
  readonly before?: string | null;
  readonly transitions: readonly {
    readonly at: string;
    readonly local: string;
    readonly action: 'start' | 'stop';
    readonly dst?: 'gap' | 'overlap';
  }[];
}

export function judgeOptions({ TagKey, Schedules, Rules }: ScheduledInstancesProperties): JudgeOptions {
  return {
    tagKey: TagKey,
    schedules: Schedules,
    mode: Rules.Mode,
    window: Rules.Window,
    honourDisable: Rules.HonourDisable,
    respectManual: Rules.RespectManual,
  };
}

export interface TimelineRequest {
  readonly address: string;
  readonly place: Place;
  readonly properties: ScheduledInstancesProperties;
  readonly instances: readonly Instance[];
  readonly changes: readonly TagChange[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What happens to each instance in the next seven days, once the tags are as the document assigns them. */
export function timelineEffect(request: TimelineRequest): Effect {
  const { address, properties, now } = request;
  const to = now + DAYS * DAY_MS;
  const options = judgeOptions(properties);
  const judge = createJudge(options);
  const readTag = createTagReader(options);
  const changed = new Map(request.changes.map((change) => [change.instance.id, change]));

  const rows = request.instances.flatMap((instance): TimelineInstance[] => {
    if (instance.state === 'terminated' || instance.state === 'shutting-down') return [];
    const change = changed.get(instance.id);
    const future = change ? { ...instance, tags: tagsAfter(change) } : instance;
    const text = future.tags[properties.TagKey];
    const before = instance.tags[properties.TagKey] ?? null;
    if (text === undefined) return [];
    const reading = readTag(text);
    const name = instance.tags['Name'];
    const schedule = 'schedule' in reading ? reading.schedule : undefined;
    const idle = idleness();
    return [
      {
        id: instance.id,
        ...(name !== undefined && { name }),
        ...request.place,
        type: instance.type,
        state: instance.state,
        initial: instance.state === 'running' || instance.state === 'pending' ? 'on' : 'off',
        schedule: text,
        timezone: schedule?.timezone ?? 'UTC',
        now: judge(future, now).action,
        ...(idle !== undefined && { idle }),
        ...(change && { before }),
        transitions:
          schedule && idle === undefined
            ? transitions(schedule, { from: now, to, mode: options.mode }).map(({ at, local, action, dst }) => ({
                at,
                local,
                action,
                ...(dst && { dst }),
              }))
            : [],
      },
    ];

    function idleness(): string | undefined {
      if ('fault' in reading) return 'schedule tag cannot be read';
      if (reading.schedule.disabled) return 'disabled by its owner';
      return obstacleOf(future);
    }
  });
  const data = { tagKey: properties.TagKey, mode: options.mode, from: iso(now), to: iso(to), instances: rows };
  return {
    document: documentOf(address),
    code: TIMELINE_CODE,
    data: data as unknown as Readonly<Record<string, Value>>,
  };
}

function tagsAfter({ instance, set, remove }: TagChange): Instance['tags'] {
  const kept = Object.entries(instance.tags).filter(([key]) => !remove.includes(key));
  return { ...Object.fromEntries(kept), ...set };
}

function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
