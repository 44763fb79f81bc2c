// Generated from schemas/survival-service.schema.json by `npm run generate`.

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
 * An audience.
 */
export type AudienceName = string;

/**
 * The function that computes, and who may call it, how often.
 */
export interface SurvivalServiceSpec {
  /**
   * Account in which the service lives. Default: Settings' defaultAccount.
   */
  account?: string;
  /**
   * Region in which the service lives. Default: Settings' defaultRegion.
   */
  region?: string;
  function: SurvivalServiceFunction;
  auth: SurvivalServiceAuth;
  throttle: SurvivalServiceThrottle;
  /**
   * A row with fewer events has the status few_events; its figures are kept. Default: 5.
   */
  minEvents: number;
  alarms: SurvivalServiceAlarms;
}
/**
 * The function that computes.
 */
export interface SurvivalServiceFunction {
  /**
   * Memory, MB: 512 to 10,240. Lambda gives processor time by memory, and at 1,769 MB one whole processor; the computation uses no more than one. Default: 1769.
   */
  memory: number;
  /**
   * Longest run of one request, 1s to 30s: API Gateway waits for no more than 30 seconds. Default: 30s.
   */
  timeout: string;
  logRetention: LogRetention;
  reservedConcurrency?: ReservedConcurrency;
}
/**
 * Who may call: exactly one of iam and jwt. It is never open to everybody. Default: iam.
 */
export interface SurvivalServiceAuth {
  /**
   * Principals of the service's account that IAM lets do execute-api:Invoke; requests are signed by SigV4. Default: true, unless jwt is given.
   */
  iam?: true;
  jwt?: SurvivalServiceJwt;
}
/**
 * Tokens (RFC 7519) of one issuer for one of these audiences, sent as Authorization: Bearer TOKEN.
 */
export interface SurvivalServiceJwt {
  /**
   * The issuer, as the claim iss of its tokens names it, octet for octet. API Gateway reads its keys from ISSUER/.well-known/openid-configuration.
   */
  issuer: string;
  /**
   * For whom the tokens are: one of these must be in the claim aud or, where a token has none, be the claim client_id.
   */
  audience: AudienceName | AudienceName[];
}
/**
 * How many requests API Gateway lets through; the others are answered by 429.
 */
export interface SurvivalServiceThrottle {
  /**
   * Requests a second in the long run, 1 to 10,000. Default: 100.
   */
  rate: number;
  /**
   * Requests at once, 1 to 5,000. Default: 200.
   */
  burst: number;
}
/**
 * Who hears of failed invocations, of answers 5xx and of throttled invocations. Default: the topic of Settings.
 */
export interface SurvivalServiceAlarms {
  /**
   * ARN of an SNS topic in the service's region. Default: spec.notify.sns of Settings.
   */
  sns?: string;
}
