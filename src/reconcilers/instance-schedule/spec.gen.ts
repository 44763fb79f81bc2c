// Generated from schemas/instance-schedule.schema.json by `npm run generate`.

/**
 * An account of Settings, by alias or by its twelve digits. Default: Settings' defaultAccount.
 */
export type AccountReference = string;
/**
 * An AWS region. Default: Settings' defaultRegion.
 */
export type Region = string;
/**
 * How long logs are kept, one of the periods CloudWatch Logs offers. Default: 30d.
 */
export type LogRetention =
  | '1d'
  | '3d'
  | '5d'
  | '7d'
  | '14d'
  | '30d'
  | '60d'
  | '90d'
  | '120d'
  | '150d'
  | '180d'
  | '365d'
  | '400d'
  | '545d'
  | '731d'
  | '1096d'
  | '1827d'
  | '2192d'
  | '2557d'
  | '2922d'
  | '3288d'
  | '3653d';
/**
 * How many invocations may run at once. Default: the account's shared pool.
 */
export type ReservedConcurrency = number;

/**
 * Where instances are looked for, what their tags mean, and how carefully the function acts.
 */
export interface InstanceScheduleSpec {
  /**
   * Account in which the function lives. Default: Settings' defaultAccount.
   */
  account?: string;
  /**
   * Region in which the function lives. Default: Settings' defaultRegion.
   */
  region?: string;
  /**
   * Accounts whose instances are scheduled. In each but the function's own a role is made that the function assumes. Default: the function's account.
   *
   * @minItems 1
   * @maxItems 50
   */
  accounts?: AccountReference[];
  /**
   * Regions whose instances are scheduled, in each of the accounts. Default: the function's region.
   *
   * @minItems 1
   * @maxItems 40
   */
  regions?: Region[];
  /**
   * The tag in which an instance's schedule stands: the grammar days-on;HHMM-on;days-off;HHMM-off, or the name of a schedule of this document. Blanks are fine. Default: EntScheduler.
   */
  tagKey: string;
  /**
   * When the function runs: rate(…) or cron(…) as EventBridge writes them; cron in UTC. Default: rate(10 minutes).
   */
  every: string;
  /**
   * How far edge mode looks back: an edge fires when it is at most this old, counted in whole minutes. Whole minutes, at least the time between two runs. Default: that and 2 minutes.
   */
  window?: string;
  /**
   * edge: a run acts on the starts and stops that fell into its window. desired: a run acts whenever an instance is not as the last edge left it, so that a run that was missed is made up for. Default: edge.
   */
  mode: 'edge' | 'desired';
  /**
   * true: instances that were launched for it are hibernated, which keeps their memory; the others are stopped. Default: false.
   */
  hibernate: boolean;
  /**
   * Most starts and stops of one run, all accounts and regions together. A run that would take more does nothing and raises the alarm. Default: 100.
   */
  maxActions: number;
  /**
   * false: the owner's word disable in a tag is not heeded. Default: true.
   */
  honourDisable: boolean;
  /**
   * What becomes of an instance that somebody started or stopped by hand between two edges: until-next-transition leaves it alone until the next edge; enforce, for mode desired only, undoes it at the next run. Default: until-next-transition.
   */
  respectManual: 'until-next-transition' | 'enforce';
  /**
   * Schedules by name. A tag may hold the name instead of the grammar. Default: none.
   */
  schedules: {
    [k: string]: InstanceScheduleSchedule;
  };
  /**
   * Schedules for instances by selector: apply writes the tag, and shows it in the plan. Default: none.
   *
   * @maxItems 50
   */
  assign: InstanceScheduleAssignment[];
  /**
   * Keys of KMS that encrypt the volumes of the instances, by ARN: the function may then start such instances. The keys' own policies must admit it too. Default: none.
   *
   * @maxItems 20
   */
  kmsKeys: string[];
  function: FunctionSpec;
  guards: InstanceScheduleGuards;
}
/**
 * When instances run: periods of local time.
 */
export interface InstanceScheduleSchedule {
  /**
   * IANA time zone in which days and times are meant, with its daylight saving time.
   */
  timezone: string;
  /**
   * Periods. Each starts and stops by itself: where two overlap, the end of one stops what the other would still run.
   *
   * @minItems 1
   * @maxItems 50
   */
  periods: InstanceSchedulePeriod[];
  /**
   * Days of the schedule's zone on which nothing is started; in mode desired instances are off all day. Default: none.
   *
   * @maxItems 366
   *
   * Items: A day, YYYY-MM-DD, in the schedule's zone.
   */
  except: string[];
  override?: InstanceScheduleOverride;
}
/**
 * Days, and when an instance goes on and off on them.
 */
export interface InstanceSchedulePeriod {
  /**
   * Comma-separated: a day (mon), a range (mon-fri, fri-mon), or the nth of its month (1st sat, last fri). The local day on which the period begins.
   */
  days: string;
  /**
   * When instances are started, HH:MM of 24 hours. Default: never, the period only stops.
   */
  on?: string;
  /**
   * When instances are stopped, HH:MM of 24 hours; at or before on it is the following day. Default: never, the period only starts.
   */
  off?: string;
}
/**
 * For a while instances stay on, or stay off, whatever the periods say: edges of the other kind do nothing.
 */
export interface InstanceScheduleOverride {
  /**
   * Instant from which the periods hold again, ISO 8601 with its offset.
   */
  until: string;
  /**
   * Which of the two holds: on or off.
   */
  state: 'on' | 'off';
  /**
   * Why, for the next reader.
   */
  reason: string;
}
/**
 * A schedule for the instances that a selector finds.
 */
export interface InstanceScheduleAssignment {
  select: InstanceScheduleSelector;
  /**
   * Identity of a document within its kind: 1 to 63 of a-z, 0-9 and -. The path of the file means nothing.
   */
  schedule: string;
  /**
   * true: an owner's own tag is replaced, and its value kept in the tag trueup:stamped-over. Default: false, the owner's tag is kept.
   */
  override: boolean;
}
/**
 * Which instances.
 */
export interface InstanceScheduleSelector {
  /**
   * Tags that an instance must have, all of them, with exactly these values.
   */
  tags: {
    [k: string]: string;
  };
}
/**
 * The function that starts and stops.
 */
export interface FunctionSpec {
  /**
   * Memory, MB: 128 to 10,240. Default: 256.
   */
  memory: number;
  /**
   * Longest run of one invocation, 1s to 15m. Default: 5m.
   */
  timeout: string;
  logRetention: LogRetention;
  reservedConcurrency?: ReservedConcurrency;
}
/**
 * What stops an apply.
 */
export interface InstanceScheduleGuards {
  stamps: InstanceScheduleStampsGuard;
}
/**
 * Instances whose schedule tag may change at once: a selector that became wider by one word looks like this.
 */
export interface InstanceScheduleStampsGuard {
  /**
   * Instances whose tag may change at once. Default: 100.
   */
  count: number;
  /**
   * Share of the instances with a schedule whose tag may change at once, percent. Default: 50.
   */
  percent: number;
  /**
   * Smallest number of instances with a schedule for which percent counts. Default: 10.
   */
  from: number;
}
