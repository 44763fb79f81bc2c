import { createHash } from 'node:crypto';
import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetCallerIdentityRequest,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import { assumedRole, sessions, uniqueId } from './caller.ts';
import { serviceError } from './errors.ts';
import { read, write } from './service.ts';
import type { CallContext, Service } from './service.ts';
import { throttling } from './throttling.ts';

/** STS: AssumeRole, "DurationSeconds": 900 s to the role's maximum, default 3,600 s; 12 h at most. */
const DEFAULT_SESSION_SECONDS = 3600;
const MIN_SESSION_SECONDS = 900;
const MAX_SESSION_SECONDS = 43_200;

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

export const sts: Service = {
  eventSource: 'sts.amazonaws.com',
  actionPrefix: 'sts',
  deniedName: 'AccessDenied',
  secretFields: [],
  throttled: throttling,
  operations: {
    GetCallerIdentity: read(getCallerIdentity),
    AssumeRole: write(assumeRole),
  },
};

function getCallerIdentity(_input: GetCallerIdentityRequest, { caller }: CallContext): GetCallerIdentityResponse {
  return { UserId: caller.userId, Account: caller.account, Arn: caller.arn };
}

/** There are no IAM roles in this account yet: any role may be assumed, with full rights in its account. */
function assumeRole(input: AssumeRoleRequest, { data, now }: CallContext): AssumeRoleResponse {
  const [, account, role] = ROLE_ARN.exec(input.RoleArn ?? '') ?? [];
  if (account === undefined || role === undefined) throw invalid(`${input.RoleArn} is invalid`);
  const name = input.RoleSessionName ?? '';
  if (!SESSION_NAME.test(name)) throw invalid(constraint(name, 'roleSessionName', 'pattern [\\w+=,.@-]{2,64}'));
  const seconds = input.DurationSeconds ?? DEFAULT_SESSION_SECONDS;
  if (seconds < MIN_SESSION_SECONDS || seconds > MAX_SESSION_SECONDS) {
    throw invalid(
      constraint(String(seconds), 'durationSeconds', `range ${MIN_SESSION_SECONDS} to ${MAX_SESSION_SECONDS}`),
    );
  }
  // The SDK reads and signs with whole seconds.
  const expires = Math.floor(now / 1000 + seconds) * 1000;
  const session = { account, role, name, expires };
  const secret = createHash('sha256')
    .update(`${data.next('sts/sessions')} ${input.RoleArn} ${name}`)
    .digest('hex');
  const accessKeyId = uniqueId('EMB', secret);
  data.put(sessions, accessKeyId, session);
  const { arn, userId } = assumedRole(session);
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secret.slice(0, 40),
      SessionToken: secret,
      Expiration: new Date(expires),
    },
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
  };
}

function constraint(value: string, member: string, rule: string): string {
  return `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`;
}

function invalid(message: string): Error {
  return serviceError('ValidationError', message);
}
