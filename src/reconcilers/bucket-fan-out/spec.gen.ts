// Generated from schemas/bucket-fan-out.schema.json by `npm run generate`.

/**
 * Name of a bucket.
 */
export type BucketName = string;
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
 * Which objects of which bucket, and where they are copied to.
 */
export interface BucketFanOutSpec {
  source: BucketFanOutSource;
  /**
   * Name of the SNS topic that hears of new objects. Default: the source bucket's name with -fanout behind it, and - in place of its dots.
   */
  topic?: string;
  /**
   * Which of S3's events say that an object is new. Deletes are asked for by replicateDeletes. Default: all, s3:ObjectCreated:*.
   *
   * @minItems 1
   * @maxItems 5
   *
   * Items: A type of event, as S3 names it.
   */
  events: (
    | 's3:ObjectCreated:*'
    | 's3:ObjectCreated:Put'
    | 's3:ObjectCreated:Post'
    | 's3:ObjectCreated:Copy'
    | 's3:ObjectCreated:CompleteMultipartUpload'
  )[];
  filter: BucketFanOutFilter;
  key: BucketFanOutKey;
  /**
   * true: what is deleted in the source is deleted in the destinations; where they are versioned a delete marker is written. A version that is deleted by its id is not. Default: false.
   */
  replicateDeletes: boolean;
  /**
   * How many invocations run at once, for each destination; so much of the account's concurrency is reserved for each, and a backfill takes at most half of it. Each copies up to eight objects at once. At least 4. Default: 50.
   */
  concurrency: number;
  alarms: BucketFanOutAlarms;
  function: BucketFanOutFunction;
  ledger: BucketFanOutLedger;
  /**
   * Where the objects are copied to. Each destination has a function, a role, a queue and a dead-letter queue of its own: one that fails holds up no other.
   *
   * @minItems 1
   * @maxItems 50
   */
  destinations: BucketFanOutDestination[];
}
/**
 * The bucket whose objects are copied. Topic, functions, queues and ledger live in its account and region. One document for each bucket.
 */
export interface BucketFanOutSource {
  bucket: BucketName;
  /**
   * Account that owns the bucket. Default: Settings' defaultAccount.
   */
  account?: string;
  /**
   * Region of the bucket. Default: Settings' defaultRegion.
   */
  region?: string;
}
/**
 * Which objects are copied. Default: all.
 */
export interface BucketFanOutFilter {
  /**
   * What keys begin with. Default: anything.
   */
  prefix?: string;
  /**
   * What keys end in. Default: anything.
   */
  suffix?: string;
  /**
   * Smaller objects are not copied. Default: 0B, no limit.
   */
  minSize?: string;
  /**
   * Larger objects are not copied. Default: no limit.
   */
  maxSize?: string;
}
/**
 * How keys change on their way: strip first, then each rule of replace; a destination's prefix comes in front of what is left. Default: not at all.
 */
export interface BucketFanOutKey {
  /**
   * Taken off the beginning of keys that begin with it. Default: nothing.
   */
  strip?: string;
  /**
   * Rules, one after another, each on what the one before it left. Default: none.
   *
   * @maxItems 10
   */
  replace: BucketFanOutReplacement[];
}
/**
 * The first match of a pattern in a key, and what stands there instead.
 */
export interface BucketFanOutReplacement {
  /**
   * A regular expression as RE2 reads it: linear in time, hence without look-around and back-references.
   */
  pattern: string;
  /**
   * What is written in place of the match: $1 and $<name> are groups, $& is the match, $$ is a dollar sign.
   */
  with: string;
}
/**
 * Who hears of dead letters, of objects that wait for longer than 15 minutes, of throttles and errors, and of what was left out: refused events, and keys whose place is taken or that map to none. Default: the topic of Settings.
 */
export interface BucketFanOutAlarms {
  /**
   * ARN of an SNS topic in the source's region. Default: spec.notify.sns of Settings.
   */
  sns?: string;
}
/**
 * The functions that copy, one for each destination.
 */
export interface BucketFanOutFunction {
  /**
   * Memory, MB: 256 to 10,240. Default: 512.
   */
  memory: number;
  /**
   * Longest run of one invocation, 1m to 15m. A large object goes on in the next invocation. Default: 5m.
   */
  timeout: string;
  logRetention: LogRetention;
}
/**
 * The DynamoDB table that says what was copied: the newest version of each destination key, and each copy with its state, size, time and error.
 */
export interface BucketFanOutLedger {
  /**
   * Name of the table. Default: derived from the document's name.
   */
  table?: string;
  /**
   * How long rows are kept after they were last written, 1d to 3650d. An event that comes later than that is no longer told from a new one. Default: 90d.
   */
  ttl: string;
}
/**
 * A bucket to which objects are copied, and how they lie there.
 */
export interface BucketFanOutDestination {
  bucket: BucketName;
  /**
   * Account that owns the bucket: one of Settings. Default: the source's account.
   */
  account?: string;
  /**
   * Region of the bucket. Default: the source's region.
   */
  region?: string;
  /**
   * Comes in front of every key. Default: nothing.
   */
  prefix?: string;
  /**
   * Storage class of the copies. Default: that of the source's object.
   */
  storageClass?:
    | 'STANDARD'
    | 'STANDARD_IA'
    | 'ONEZONE_IA'
    | 'INTELLIGENT_TIERING'
    | 'GLACIER_IR'
    | 'GLACIER'
    | 'DEEP_ARCHIVE'
    | 'REDUCED_REDUNDANCY';
  /**
   * The KMS key that encrypts the copies: an ARN, of a key or an alias, in the bucket's region and an account of Settings; or alias/NAME, of the bucket's own account. Default: as the bucket encrypts.
   */
  kmsKey?: string;
  /**
   * bucket-owner-full-control: gives the copies to the owner of a bucket of another account, where that bucket still goes by ACLs. No ACL that lets others read can be written. Default: none.
   */
  acl?: 'bucket-owner-full-control';
}
