import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetCallerIdentityRequest,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import { assumedRole } from './caller.ts';
import { serviceError } from './errors.ts';
import { issueSession, reasonNotToAssume } from './iam/assume.ts';
import { denied, reasonToRefuse } from './iam/authorize.ts';
import { findRole, roleArn } from './iam/model.ts';
import type { StoredRole } from './iam/model.ts';
import { read, write } from './service.ts';
import type { CallContext, Service } from './service.ts';
import { throttling } from './throttling.ts';

/** STS: AssumeRole, "DurationSeconds": 900 s to the role's maximum, default 3,600 s; 12 h at most. */
const DEFAULT_SESSION_SECONDS = 3600;
const MIN_SESSION_SECONDS = 900;
const MAX_SESSION_SECONDS = 43_200;
/** AssumeRole: "Role chaining limits your … role session to a maximum of one hour." */
const MAX_CHAINED_SECONDS = 3600;

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

export const sts: Service = {
  eventSource: 'sts.amazonaws.com',
  actionPrefix: 'sts',
  deniedName: 'AccessDenied',
  secretFields: [],
  throttled: throttling,
  operations: {
    // Decided together with the role's trust policy, below.
    AssumeRole: write(assumeRole, { open: true }),
    GetCallerIdentity: read(getCallerIdentity, { open: true }),
  },
};

function getCallerIdentity(_input: GetCallerIdentityRequest, { caller }: CallContext): GetCallerIdentityResponse {
  return { UserId: caller.userId, Account: caller.account, Arn: caller.arn };
}

/**
 * A role that exists is assumed by its trust policy. One that does not exist may be assumed by every caller whose own
 * policies allow it: roles that Settings name may be used before anybody made them (see iam/rights.ts).
 */
function assumeRole(input: AssumeRoleRequest, context: CallContext): AssumeRoleResponse {
  const { caller, data, now } = context;
  const unknown = ['Policy', 'PolicyArns', 'Tags', 'TransitiveTagKeys', 'SerialNumber', 'TokenCode', 'SourceIdentity'];
  const unsupported = Object.keys(input).find((field) => unknown.includes(field));
  if (unsupported !== undefined) throw serviceError('NotEmbedded', `The embedded account knows no ${unsupported}.`);
  const arn = input.RoleArn ?? '';
  const [, account, role] = ROLE_ARN.exec(arn) ?? [];
  if (account === undefined || role === undefined) throw invalid(`${input.RoleArn} is invalid`);
  const name = input.RoleSessionName ?? '';
  if (!SESSION_NAME.test(name)) throw invalid(constraint(name, 'roleSessionName', 'pattern [\\w+=,.@-]{2,64}'));
  const seconds = input.DurationSeconds ?? DEFAULT_SESSION_SECONDS;
  if (seconds < MIN_SESSION_SECONDS || seconds > MAX_SESSION_SECONDS) {
    throw invalid(
      constraint(String(seconds), 'durationSeconds', `range ${MIN_SESSION_SECONDS} to ${MAX_SESSION_SECONDS}`),
    );
  }
  const known = findRole(data, account, role);
  const why = reasonAgainst(input, known, context);
  if (why !== undefined) throw denied('AccessDenied', caller, 'sts:AssumeRole', why);
  if (caller.session !== undefined && seconds > MAX_CHAINED_SECONDS) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  }
  if (known !== undefined && seconds > known.maxSessionSeconds) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const { credentials, session } = issueSession(
    { account, role: known?.name ?? role, name, ...(known && { roleId: known.id }) },
    seconds,
    data,
    now,
  );
  const { arn: sessionArn, userId } = assumedRole(session);
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: new Date(session.expires),
    },
    AssumedRoleUser: { AssumedRoleId: userId, Arn: sessionArn },
  };
}

function reasonAgainst(
  { RoleArn: arn = '', RoleSessionName: name = '', ExternalId: externalId }: AssumeRoleRequest,
  role: StoredRole | undefined,
  context: CallContext,
): string | undefined {
  const conditions = { 'sts:RoleSessionName': name, ...(externalId !== undefined && { 'sts:ExternalId': externalId }) };
  if (role === undefined) {
    return reasonToRefuse({ action: 'sts:AssumeRole', resources: [arn], conditions }, context);
  }
  // Under another path there is no such role, and AWS does not tell that from one that trusts somebody else.
  if (roleArn(role) !== arn) return `on resource: ${arn}`;
  return reasonNotToAssume(role, conditions, context);
}

function constraint(value: string, member: string, rule: string): string {
  return `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`;
}

function invalid(message: string): Error {
  return serviceError('ValidationError', message);
}
