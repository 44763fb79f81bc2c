import { decide } from '../../schedule/decide.ts';
import { parseDeclared } from '../../schedule/declared.ts';
import { parseTag } from '../../schedule/tag.ts';
import type { Decision } from '../../schedule/decide.ts';
import type { DeclaredSchedule, Schedule, ScheduleFault } from '../../schedule/types.ts';
import type { Instance } from '../instances.ts';

/** How a document's function reads tags and decides; the same for the plan that shows what it will do. */
export interface JudgeOptions {
  readonly tagKey: string;
  readonly schedules: Readonly<Record<string, DeclaredSchedule>>;
  readonly mode: 'edge' | 'desired';
  /** Whole minutes. */
  readonly window: number;
  readonly honourDisable: boolean;
  readonly respectManual: 'until-next-transition' | 'enforce';
}

/** What a tag means. */
export type Reading = { readonly schedule: Schedule; readonly name?: string } | { readonly fault: TagFault };

/** Kebab-case code and 1-based column: all that may be repeated of an owner's text where others read it. */
export interface TagFault {
  readonly code: ScheduleFault['code'] | 'unknown-schedule';
  readonly column: number;
  /** A sentence that quotes the tag: for plans, never for tags. */
  readonly message: string;
}

export type InstanceReason = Decision['reason'] | Obstacle | 'schedule tag cannot be read';

/** Why an instance is not acted on whatever its schedule says. */
export type Obstacle =
  | 'member of an Auto Scaling group'
  | 'instance store: it can only be terminated'
  | 'spot instance of a one-time request: it can only be terminated';

export interface InstanceDecision {
  readonly action: 'start' | 'stop' | 'none';
  readonly reason: InstanceReason;
  /** It could not act though something was due. */
  readonly isSkipped: boolean;
  readonly fault?: TagFault;
}

/** Set by EC2 Auto Scaling on the instances of a group (its user guide, "Tag Auto Scaling groups and instances"). */
const GROUP_TAG = 'aws:autoscaling:groupName';

const NO_GRAMMAR = /^[^;,]*$/;

/** Reads tags of one document; schedules are parsed once. */
export function createTagReader({ schedules, honourDisable }: Pick<JudgeOptions, 'schedules' | 'honourDisable'>) {
  const declared = new Map(Object.entries(schedules).map(([name, schedule]) => [name, parseDeclared(schedule)]));
  const tags = new Map<string, Reading>();

  function read(text: string): Reading {
    const name = text.trim();
    const known = declared.get(name);
    if (known) return known.error ? { fault: known.error } : { schedule: known, name };
    if (name !== '' && NO_GRAMMAR.test(name)) {
      const message = `"${name}" is neither a schedule of the document nor days-on;HHMM-on;days-off;HHMM-off`;
      return { fault: { code: 'unknown-schedule', column: 1, message } };
    }
    const parsed = parseTag(text);
    if (parsed.error) return { fault: parsed.error };
    return { schedule: parsed.disabled && !honourDisable ? { ...parsed, disabled: false } : parsed };
  }

  return function readTag(text: string): Reading {
    const known = tags.get(text);
    if (known) return known;
    const reading = read(text);
    tags.set(text, reading);
    return reading;
  };
}

/** Why the instance is left alone, whatever its schedule says. */
export function obstacleOf(instance: Instance): Obstacle | undefined {
  if (instance.tags[GROUP_TAG] !== undefined) return 'member of an Auto Scaling group';
  if (instance.isInstanceStore) return 'instance store: it can only be terminated';
  return instance.isOneTimeSpot ? 'spot instance of a one-time request: it can only be terminated' : undefined;
}

/** Decides for instances at an instant. Pure; the function and the plan decide by it alone. */
export function createJudge(options: JudgeOptions): (instance: Instance, now: number) => InstanceDecision {
  const readTag = createTagReader(options);
  const { tagKey, mode, window, respectManual } = options;

  return function judge(instance, now) {
    const reading = readTag(instance.tags[tagKey] ?? '');
    if ('fault' in reading) {
      return { action: 'none', reason: 'schedule tag cannot be read', isSkipped: false, fault: reading.fault };
    }
    const { action, reason, error } = decide({
      schedule: reading.schedule,
      now,
      window: `${window}m`,
      mode,
      state: instance.state,
      respectManual,
      ...(instance.launched !== undefined && { launched: instance.launched }),
      ...(instance.stopped !== undefined && { stopped: instance.stopped }),
    });
    if (error) throw new Error(`a schedule that was read cannot be decided: ${error.message}`);
    if (action === 'none') return { action, reason, isSkipped: reason.startsWith('state ') };
    const obstacle = obstacleOf(instance);
    return obstacle === undefined
      ? { action, reason, isSkipped: false }
      : { action: 'none', reason: obstacle, isSkipped: true };
  };
}
