import type { CallContext, ConditionKeys } from '../service.ts';
import { findRole } from './model.ts';
import { roleArnOf } from './rights.ts';

/** Services without regions: their requests are made in us-east-1 ("aws:RequestedRegion"). */
const GLOBAL_SERVICES: readonly string[] = ['iam', 'route53'];

/** Where clients of the embedded account call from: no socket is opened. */
export const SOURCE_IP = '127.0.0.1';

/** Condition keys that every request has (IAM User Guide, "AWS global condition context keys"), and the session's. */
export function requestKeys(action: string, { caller, region, now, data }: CallContext): ConditionKeys {
  const { session } = caller;
  const service = action.slice(0, action.indexOf(':'));
  const role = session && findRole(data, session.account, session.role);
  const tags = Object.entries(role?.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
  return {
    ...session?.conditions,
    ...(Object.fromEntries(tags) as Record<string, string>),
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalArn': roleArnOf(caller, data) ?? caller.arn,
    'aws:PrincipalType': session ? 'AssumedRole' : 'User',
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': caller.userId,
    ...(!session && { 'aws:username': caller.arn.slice(caller.arn.lastIndexOf('/') + 1) }),
    'aws:RequestedRegion': GLOBAL_SERVICES.includes(service) ? 'us-east-1' : region,
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:SecureTransport': 'true',
    'aws:SourceIp': SOURCE_IP,
    'aws:ViaAWSService': 'false',
  };
}
