import type { Address, Place } from '../../engine/types.ts';
import type { DeclaredSchedule } from '../../schedule/types.ts';

/** The schedule tags of one document's instances in one account and region. */
export const SCHEDULED_INSTANCES = 'Trueup::EC2::ScheduledInstances';

/** How the function reads the tags: the plan shows what it will do by the same. */
export interface ScheduleRules {
  readonly Mode: 'edge' | 'desired';
  /** Whole minutes. */
  readonly Window: number;
  readonly HonourDisable: boolean;
  readonly RespectManual: 'until-next-transition' | 'enforce';
}

/** A schedule for the instances that have all these tags. */
export interface Assignment {
  readonly Tags: Readonly<Record<string, string>>;
  readonly Schedule: string;
  /** An owner's own tag is replaced. */
  readonly Override: boolean;
}

export interface ScheduledInstancesProperties {
  readonly TagKey: string;
  readonly Schedules: Readonly<Record<string, DeclaredSchedule>>;
  readonly Assign: readonly Assignment[];
  /** `kind/name` of this document, today and under its earlier names: whose stamps are ours. */
  readonly Documents: readonly Address[];
  readonly Rules: ScheduleRules;
}

/** Logical id of a place's resource: the place is all that tells those of one document apart. */
export function scheduledInstancesId({ account, region }: Place): string {
  const words = region.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `Instances${account}${words.join('')}`;
}
