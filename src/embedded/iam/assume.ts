import { createHash } from 'node:crypto';
import { sessions, uniqueId } from '../caller.ts';
import type { DummyCredentials, Session } from '../caller.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { reasonToRefuse, wordRefusal } from './authorize.ts';
import { roleArn, roleOfArn } from './model.ts';
import type { StoredRole } from './model.ts';
import { evaluate } from './policy/evaluate.ts';
import { requestKeys } from './request-keys.ts';
import { resourceTagKeys } from '../tags.ts';
import { ALL_RIGHTS, requesterOf, rightsOf } from './rights.ts';

const ASSUME = 'sts:AssumeRole';
/** Sessions of services are renewed by them; here they last as long as any session may (12 hours). */
const SERVICE_SESSION_SECONDS = 43_200;

/** Why a caller may not assume a role that exists; undefined: the trust policy and the caller's own policies let it. */
export function reasonNotToAssume(
  role: StoredRole,
  conditions: ConditionKeys,
  context: CallContext,
): string | undefined {
  const { caller, data } = context;
  const request = {
    action: ASSUME,
    resource: roleArn(role),
    conditions: { ...requestKeys(ASSUME, context), ...resourceTagKeys(role.tags), ...conditions },
    requester: requesterOf(caller, data),
  };
  const rights = rightsOf(caller, data) ?? { identity: ALL_RIGHTS };
  const decision = evaluate(request, { ...rights, trust: role.trust, resourceAccount: role.account });
  return decision.effect === 'allowed' ? undefined : wordRefusal(decision, ASSUME, request.resource);
}

export interface Issued {
  readonly credentials: Required<DummyCredentials>;
  readonly session: Session;
}

/** Gives out credentials of a role until a whole second: the SDK reads and signs with those. */
export function issueSession(
  session: Omit<Session, 'expires'>,
  seconds: number,
  data: Transaction,
  now: number,
): Issued {
  const expires = Math.floor(now / 1000 + seconds) * 1000;
  const token = createHash('sha256')
    .update(`${data.next('sts/sessions')} ${session.account} ${session.role} ${session.name}`)
    .digest('hex');
  const issued = { ...session, expires };
  const credentials = credentialsOf(token);
  data.put(sessions, credentials.accessKeyId, issued);
  return { credentials, session: issued };
}

/** Key and secret follow from the token, so that no secret is kept. */
function credentialsOf(token: string): Required<DummyCredentials> {
  return { accessKeyId: uniqueId('EMB', token), secretAccessKey: token.slice(0, 40), sessionToken: token };
}

/** What a session signs with; undefined: the token was not given out with this key. */
export function sessionCredentials(accessKeyId: string, token: string | undefined): DummyCredentials | undefined {
  const credentials = credentialsOf(token ?? '');
  return token !== undefined && credentials.accessKeyId === accessKeyId ? credentials : undefined;
}

/** A service that wants to act as a role. */
export interface ServiceAssumption {
  readonly roleArn: string;
  /** `lambda.amazonaws.com`. */
  readonly service: string;
  /** `aws:SourceAccount` and `aws:SourceArn`: for whom the service asks. */
  readonly conditions: ConditionKeys;
}

/** Why a service may not assume a role; undefined: the role exists and its trust policy lets it. */
export function reasonNotToServe(
  { roleArn: arn, service, conditions }: ServiceAssumption,
  data: Transaction,
  now: number,
): string | undefined {
  const role = roleOfArn(arn, data);
  if (role === undefined) return `${arn} does not exist`;
  const keys = {
    ...resourceTagKeys(role.tags),
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': service,
    'aws:SecureTransport': 'true',
    ...conditions,
  };
  const request = { action: ASSUME, resource: arn, conditions: keys, requester: { service } };
  const decision = evaluate(request, { trust: role.trust });
  if (decision.effect === 'allowed') return undefined;
  return `${service} is not authorized to perform: ${ASSUME} ${wordRefusal(decision, ASSUME, arn)}`;
}

/**
 * A session of a role for a service, such as a function's execution environment: its calls are decided by the role's
 * policies. `sessionConditions` are keys of each of them (`lambda:SourceFunctionArn`).
 */
export function assumeForService(
  assumption: ServiceAssumption & { readonly sessionName: string; readonly sessionConditions?: ConditionKeys },
  data: Transaction,
  now: number,
): Issued | { readonly refused: string } {
  const refused = reasonNotToServe(assumption, data, now);
  const role = roleOfArn(assumption.roleArn, data);
  if (refused !== undefined || role === undefined)
    return { refused: refused ?? `${assumption.roleArn} does not exist` };
  const { sessionName: name, sessionConditions: conditions } = assumption;
  const session = { account: role.account, role: role.name, roleId: role.id, name, ...(conditions && { conditions }) };
  return issueSession(session, SERVICE_SESSION_SECONDS, data, now);
}

/** Why the caller may not hand a role to a service (iam:PassRole); undefined: allowed. */
export function reasonNotToPassRole(arn: string, service: string, context: CallContext): string | undefined {
  const action = 'iam:PassRole';
  if (arn.split(':')[4] !== context.caller.account)
    return `on resource: ${arn}: cross-account pass role is not allowed`;
  const conditions = { ...resourceTagKeys(roleOfArn(arn, context.data)?.tags), 'iam:PassedToService': service };
  return reasonToRefuse({ action, resources: [arn], conditions }, context);
}
