// Generated from schemas/zone-mirror.schema.json by `npm run generate`.

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
 * Share of what exists that may go at once, percent. Default: 20.
 */
export type GuardPercent = number;

/**
 * Which zone is mirrored, from where, into what, and how carefully.
 */
export interface ZoneMirrorSpec {
  account?: AccountReference;
  region?: Region;
  /**
   * The zone: a domain name, forward or reverse, without regard to letter case; RFC 2317 names such as 128/25.2.0.192.in-addr.arpa are fine, the dot at the end may be left out.
   */
  domain: string;
  /**
   * Name servers that offer the zone for transfer over TCP: host, host:port or [v6]:port. Default port: 53. The first that answers with the highest serial is used.
   *
   * @minItems 1
   * @maxItems 16
   */
  primaries: string[];
  /**
   * The key that signs transfers (RFC 8945), or the word none, which every plan says aloud. There is no default: an unsigned transfer can be rewritten on its way.
   */
  tsig: 'none' | ZoneMirrorTsig;
  hostedZone: ZoneMirrorHostedZone;
  /**
   * When the function mirrors: rate(…) or cron(…) as EventBridge writes them; cron in UTC.
   */
  schedule: string;
  /**
   * live: the function writes changes on its schedule, inside the guards. reviewed: the function only reports; apply alone writes, sealed to the records that were reviewed. Default: live.
   */
  records: 'live' | 'reviewed';
  /**
   * Who speaks to the primary for plan and apply: local (the machine that runs trueup), lambda (the functions), or auto: local when a primary answers and the caller may read the secret, else lambda. Default: auto.
   */
  via: 'auto' | 'local' | 'lambda';
  network?: ZoneMirrorNetwork;
  function: FunctionSpec;
  /**
   * true: a TTL alone is no change; a set whose values change takes the source's TTL. Default: false.
   */
  ignoreTtl: boolean;
  /**
   * Record sets that are neither mirrored nor touched. Default: none.
   *
   * @maxItems 100
   */
  exclude: ZoneMirrorExclusion[];
  /**
   * What happens to record types that Route 53 cannot hold: block stops the mirror, skip leaves them out. Default: block.
   */
  unsupportedTypes: 'block' | 'skip';
  /**
   * The NS set at the apex: keep leaves Route 53's own, mirror writes the source's. Default: keep.
   */
  apexNs: 'keep' | 'mirror';
  /**
   * true: a blocked name does not hold back the others. Default: false.
   */
  partial: boolean;
  /**
   * true: mirror a DNSSEC-signed zone without its signatures. A DS record at the parent would make the mirror bogus. Default: false.
   */
  allowUnsignedMirror: boolean;
  /**
   * The serial to accept once after the finding serial-went-backwards; null: none. Default: null.
   */
  acceptSerial: number | null;
  /**
   * How often the function transfers the whole zone and compares all of it, whatever the serial; in between only what changed (IXFR) where the primary offers it. 1m to 30d. Default: 24h.
   */
  fullTransferEvery: string;
  guards: ZoneMirrorGuards;
}
export interface ZoneMirrorTsig {
  /**
   * Name of the key, as the primary knows it.
   */
  name: string;
  /**
   * Algorithm of the key.
   */
  algorithm: 'hmac-sha1' | 'hmac-sha224' | 'hmac-sha256' | 'hmac-sha256-128' | 'hmac-sha384' | 'hmac-sha512';
  /**
   * Where the key's secret (base64) lies, ssm:/path or secretsmanager:name.
   */
  secret: string;
}
/**
 * The Route 53 side: private, comment and vpcs describe a zone that is created and owned; id names one that exists.
 */
export interface ZoneMirrorHostedZone {
  /**
   * Id of an existing hosted zone, without /hostedzone/.
   */
  id?: string;
  /**
   * true: only the VPCs named in vpcs resolve the zone. false: the whole internet does. There is no default.
   */
  private?: boolean;
  /**
   * Comment of the hosted zone, at most 256 characters. Default: none.
   */
  comment?: string;
  /**
   * The VPCs that resolve a private zone, 1 to 300; a public zone has none.
   *
   * @minItems 1
   * @maxItems 300
   */
  vpcs?: ZoneMirrorVpc[];
}
/**
 * A VPC that resolves the zone.
 */
export interface ZoneMirrorVpc {
  /**
   * Id of the VPC.
   */
  id: string;
  /**
   * An AWS region. Default: Settings' defaultRegion.
   */
  region?: string;
  /**
   * An account of Settings, by alias or by its twelve digits. Default: Settings' defaultAccount.
   */
  account?: string;
}
/**
 * Where the functions stand. Best a VPC that is associated with the zone: its resolver tells them the mirror's serial. Default: outside a VPC, where private addresses cannot be reached.
 */
export interface ZoneMirrorNetwork {
  /**
   * Subnets of the functions; at least two in two availability zones outlive the loss of one.
   *
   * @minItems 1
   * @maxItems 16
   */
  subnets: string[];
  /**
   * Security groups of the functions: TCP to the port of each primary (default 53), 443 to the AWS API or the port of the proxy.
   *
   * @minItems 1
   * @maxItems 5
   */
  securityGroups: string[];
  proxy?: ZoneMirrorProxy;
}
/**
 * HTTP proxy of the functions: for AWS API calls only, never for DNS, never with credentials. Default: none.
 */
export interface ZoneMirrorProxy {
  /**
   * The proxy, http://host:port, without user and password.
   */
  url: string;
  /**
   * Hosts, and domains with a dot in front, that are spoken to directly. Default: none.
   *
   * @maxItems 100
   */
  noProxy: string[];
}
/**
 * The two functions of the mirror: the one that writes and the one that only looks. The last minute of timeout is kept for writing; of a short one the transfer gets a quarter.
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
 * Record sets by name and type.
 */
export interface ZoneMirrorExclusion {
  /**
   * Glob over the name relative to the zone: * stands for any characters, \* is a literal star, @ is the apex.
   */
  name: string;
  /**
   * Record types. Default: all.
   *
   * @minItems 1
   */
  types?: (
    | 'A'
    | 'AAAA'
    | 'CAA'
    | 'CNAME'
    | 'DS'
    | 'HTTPS'
    | 'MX'
    | 'NAPTR'
    | 'NS'
    | 'PTR'
    | 'SOA'
    | 'SPF'
    | 'SRV'
    | 'SSHFP'
    | 'SVCB'
    | 'TLSA'
    | 'TXT'
  )[];
}
/**
 * What stops a mirror pass before its first write.
 */
export interface ZoneMirrorGuards {
  deletes: ZoneMirrorDeletesGuard;
}
/**
 * Trips when more than count record sets go, or, in a zone of at least from sets, more than percent % of them. Default: 20 %, 500, from 10.
 */
export interface ZoneMirrorDeletesGuard {
  percent: GuardPercent;
  /**
   * Record sets that may go at once. Default: 500.
   */
  count: number;
  /**
   * Smallest number of record sets for which percent counts. Default: 10.
   */
  from: number;
}
