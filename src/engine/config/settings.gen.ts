// Generated from schemas/settings.schema.json by `npm run generate`.

/**
 * Number of an AWS account: twelve digits, quoted.
 */
export type AccountId = string;
/**
 * Share of what exists that may go at once, percent. Default: 20.
 */
export type GuardPercent = number;

/**
 * The estate: its owner, accounts, regions and guards.
 */
export interface SettingsSpec {
  /**
   * Written into the marker of everything that trueup makes: 3 to 32 of a-z, 0-9 and -. Two repositories that share accounts need two owners.
   */
  owner: string;
  /**
   * The AWS accounts of the estate by alias. The caller's account is compared with the declared id before anything else is asked.
   */
  accounts: {
    [k: string]: SettingsAccount;
  };
  /**
   * Alias of the account of every document that names none.
   */
  defaultAccount: string;
  /**
   * Region of every document that names none.
   */
  defaultRegion: string;
  /**
   * Owners that this estate had, the first one first: names follow from it. What carries the marker of one of them is marked anew, as a planned mark that stands among the guards; objects of any other owner are foreign. Default: none.
   *
   * @maxItems 20
   */
  formerly: string[];
  lease: SettingsLease;
  guards: SettingsGuards;
  /**
   * Guards that are let pass, each for exactly one plan; dies with its plan. Default: none.
   *
   * @maxItems 100
   */
  overrides: SettingsOverride[];
  /**
   * Tags on everything that can carry tags, besides our own. Default: none.
   */
  tags: {
    [k: string]: string;
  };
  /**
   * Name of the IAM policy that bounds every role trueup makes; the same name in every account. Required as soon as any document makes a role, as every ZoneMirror does. trueup does not make the policy.
   */
  permissionsBoundary?: string;
  notify?: SettingsNotify;
  github: SettingsGithub;
}
/**
 * One AWS account. Without roles the caller's own credentials are used, and the account must be defaultAccount.
 */
export interface SettingsAccount {
  id: AccountId;
  /**
   * ARN of the role that plan, drift and verify assume: it reads, and may run the functions that only look.
   */
  planRole?: string;
  /**
   * ARN of the role that apply assumes.
   */
  applyRole?: string;
  /**
   * External id that both roles ask for.
   */
  externalId?: string;
}
/**
 * Where applies exclude each other: an object in a bucket, or a row in a table, of the default account and region. Default: a bucket that trueup makes and owns there.
 */
export interface SettingsLease {
  /**
   * S3 bucket of the lease object, trueup/OWNER/lease.json. It must exist, and belong to the default account.
   */
  bucket?: string;
  /**
   * DynamoDB table of the lease row; instead of bucket. It must exist, with a string as its partition key and no sort key.
   */
  table?: string;
  /**
   * How long a lease lives without renewal, 2s to 10m: so long others wait for an apply that died. No request to AWS may take longer than a third of it. Default: 60s.
   */
  ttl: string;
}
/**
 * What stops a plan before its first write. An override lets exactly one plan pass. The stricter of these and those before the change holds. The record sets of a ZoneMirror have guards of their own.
 */
export interface SettingsGuards {
  deletes: SettingsDeletesGuard;
  /**
   * Whether deleting, releasing or replacing an object that carries the tag trueup:protect needs an override. Default: true.
   */
  requireProtectedOverride: boolean;
}
/**
 * Trips, per kind, when more than count objects are deleted or replaced, or, where at least from exist, more than percent % of them. Default: 20 %, 10, from 5.
 */
export interface SettingsDeletesGuard {
  percent: GuardPercent;
  /**
   * Objects of one kind that may be deleted or replaced at once. Default: 10.
   */
  count: number;
  /**
   * Smallest number of objects for which percent counts. Default: 5.
   */
  from: number;
}
/**
 * Lets one plan pass guards; the plan prints the line.
 */
export interface SettingsOverride {
  /**
   * Digest of the plan, 64 hex digits.
   */
  digest: string;
  /**
   * Codes of the guards that may pass, as the plan prints them.
   *
   * @minItems 1
   * @maxItems 20
   */
  allow: string[];
  /**
   * Why, for the reviewer.
   */
  reason: string;
  /**
   * Ticket or link.
   */
  ref?: string;
  /**
   * First day on which the override no longer holds, YYYY-MM-DD in UTC.
   */
  until: string;
}
/**
 * Who hears of what happens: changes that were applied, an apply that failed, drift that was opened or is gone (docs/notifications.md). Default: nobody.
 */
export interface SettingsNotify {
  /**
   * ARN of an SNS topic. Alarms of functions tell it too, when they go off and when they are over: then it is in their region, since an alarm tells topics of its own region only.
   */
  sns?: string;
  /**
   * Where the URL of an incoming webhook of Slack lies, ssm:/path or secretsmanager:name, in the default account and region. The plan role reads no secret: what drift finds in CI is told by sns.
   */
  slack?: string;
}
/**
 * What appears on GitHub, and what an apply there asks for.
 */
export interface SettingsGithub {
  /**
   * Whether plan --comment and apply --reviewed write to pull requests: one comment with the plan, and what became of it. Default: true.
   */
  comment: boolean;
  /**
   * Whether drift --issue keeps one issue true. Default: true.
   */
  driftIssue: boolean;
  /**
   * How many people other than the author must have approved exactly the commit that was merged, 0 to 6: apply counts them itself, whatever the protection of the branch says. The higher of this and the value before the change holds. Default: 0.
   */
  requireApprovals: number;
  /**
   * Labels that a new drift issue gets; by the first one it is found again. Default: drift.
   *
   * @maxItems 20
   */
  driftLabels: string[];
}
