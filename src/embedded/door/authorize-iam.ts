import { administratorCredentials, identify } from '../caller.ts';
import type { Caller, DummyCredentials } from '../caller.ts';
import { sessionCredentials } from '../iam/assume.ts';
import { reasonToRefuse } from '../iam/authorize.ts';
import type { Host } from '../host.ts';
import { isServiceError } from '../incoming-call.ts';
import type { ApiPlace } from '../apigatewayv2/model.ts';
import type { DoorRequest } from './request.ts';
import { isSigned, isWellSigned, readSignature } from './signature.ts';

/** What a function is told of who has signed (payload format 2.0, `requestContext.authorizer.iam`). */
export interface IamIdentity {
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  readonly cognitoIdentity: null;
  readonly principalOrgId: null;
  readonly userArn: string;
  readonly userId: string;
}

/**
 * Who has signed a request, where the signature is right and IAM lets him invoke the route. An HTTP API has no policy
 * of its own, so that nobody of another account gets in.
 *
 * @param arn of the route as it was asked for: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`
 * @returns undefined: Forbidden, whatever the reason
 */
export async function authorizeIam(
  request: DoorRequest,
  api: ApiPlace,
  arn: string,
  host: Pick<Host, 'read'>,
): Promise<IamIdentity | undefined> {
  const claimed = readSignature(request);
  if (claimed === undefined || claimed.service !== 'execute-api' || claimed.region !== api.region) return undefined;
  if (!host.read((_data, now) => isWellSigned(claimed, request.headers, now))) return undefined;
  const { accessKeyId, sessionToken } = claimed;
  const caller = callerOf(accessKeyId, host);
  const credentials = caller && credentialsOf(caller, accessKeyId, sessionToken);
  if (caller === undefined || credentials === undefined || caller.account !== api.account) return undefined;
  const apiHost = `${api.id}.execute-api.${api.region}.amazonaws.com`;
  if (!(await isSigned(request, claimed, credentials, apiHost))) return undefined;
  const question = { action: 'execute-api:Invoke', resources: [arn], conditions: {} };
  const why = host.read((data, now) => reasonToRefuse(question, { caller, region: api.region, now, data }));
  if (why !== undefined) return undefined;
  return {
    accessKey: accessKeyId,
    accountId: caller.account,
    callerId: caller.userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: caller.arn,
    userId: caller.userId,
  };
}

function callerOf(accessKeyId: string, host: Pick<Host, 'read'>): Caller | undefined {
  try {
    return host.read((data, now) => identify(accessKeyId, data, now));
  } catch (error) {
    if (isServiceError(error)) return undefined;
    throw error;
  }
}

function credentialsOf(
  caller: Caller,
  accessKeyId: string,
  sessionToken: string | undefined,
): DummyCredentials | undefined {
  if (caller.session !== undefined) return sessionCredentials(accessKeyId, sessionToken);
  return sessionToken === undefined ? administratorCredentials(caller.account) : undefined;
}
