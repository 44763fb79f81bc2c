// Generated from schemas/reconcile-loop.schema.json by `npm run generate`.

/**
 * The repository, OWNER/NAME.
 */
export type Repository = string;
/**
 * GitHub's REST API. Default: https://api.github.com.
 */
export type Api = string;
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
 * Where the configuration comes from, how often it is compared, and what the function may do about a difference. The function lives in Settings' defaultAccount and defaultRegion.
 */
export interface ReconcileLoopSpec {
  source: ReconcileLoopSource;
  /**
   * The KMS key that signs bundles and approvals: asymmetric, ECC_NIST_P256. The function may only verify with it. Needed for source.s3 and for mode apply.
   */
  signingKey?: string;
  approvals?: ReconcileLoopApprovals;
  /**
   * When the function runs: rate(…) or cron(…) as EventBridge writes them; cron in UTC. Default: rate(30 minutes).
   */
  every: string;
  /**
   * report: compares and says. heal: also undoes what was changed by hand, and brings nothing new. apply: also brings what trueup approve let pass. Default: report.
   */
  mode: 'report' | 'heal' | 'apply';
  /**
   * Kinds of the documents that the loop looks at. Default: all.
   *
   * @maxItems 20
   */
  onlyKinds: string[];
  /**
   * Whether the loop writes its own document too: its function, role, rule and alarms. false: it only says what would change. Default: false.
   */
  selfUpdate: boolean;
  issue?: ReconcileLoopIssue;
  function: ReconcileLoopFunction;
}
/**
 * Where the configuration comes from: a bundle in S3 that trueup publish writes, or a branch on GitHub. Exactly one of the two.
 */
export interface ReconcileLoopSource {
  s3?: ReconcileLoopBundle;
  github?: ReconcileLoopGithub;
}
/**
 * The signed bundle that trueup publish writes. The bucket belongs to the default account.
 */
export interface ReconcileLoopBundle {
  /**
   * Name of the S3 bucket.
   */
  bucket: string;
  /**
   * Key of the object: letters, digits and _ . = + / -.
   */
  key: string;
}
/**
 * A branch on GitHub, fetched as an archive. Whoever may push to it decides what the loop goes by.
 */
export interface ReconcileLoopGithub {
  repository: Repository;
  /**
   * The branch. Default: main.
   */
  ref: string;
  /**
   * The directory of the configuration in the repository. Default: config.
   */
  path: string;
  /**
   * Where a token of GitHub lies that may read the contents of this repository, and nothing else.
   */
  token: string;
  api: Api;
}
/**
 * Where the approval of a bundle lies, as trueup approve writes it. Default with source.s3: beside the bundle, its key with .approval.json behind it. Needed for source.github in mode apply.
 */
export interface ReconcileLoopApprovals {
  /**
   * Name of the S3 bucket.
   */
  bucket: string;
  /**
   * Key of the object: letters, digits and _ . = + / -.
   */
  key: string;
}
/**
 * The drift issue on GitHub that the loop keeps. Default: none.
 */
export interface ReconcileLoopIssue {
  repository: Repository;
  /**
   * Where a token of GitHub lies that may write issues of this repository, and nothing else.
   */
  token: string;
  api: Api;
}
/**
 * The function that runs the loop.
 */
export interface ReconcileLoopFunction {
  /**
   * Memory, MB: 512 to 10,240. Lambda gives processor time in proportion. Default: 1,024.
   */
  memory: number;
  /**
   * Longest run of one invocation, 1m to 15m. What takes longer goes on in the next invocation. Default: 15m.
   */
  timeout: string;
  logRetention: LogRetention;
  reservedConcurrency?: ReservedConcurrency;
}
